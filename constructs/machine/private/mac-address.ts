import { createHash } from "node:crypto";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { reserve } from "../../core/uniqueness";
import { addError } from "../../core/errors";

/**
 * How derived addresses begin: as those of QEMU, unicast and locally administered.
 *
 * The third octet is part of the hash. With 00 there, 24 bits would be left, and two of 4,000 machines would have the
 * same address in four fleets of ten; with 32 bits in two of a thousand.
 */
const prefix = [0x52, 0x54];

/** A MAC address that stays the same for as long as the name does. */
export function deriveMac(name: string): string {
  const hash = createHash("sha256").update(name).digest();
  return [...prefix, ...hash.subarray(0, 4)].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** Checks a MAC address that was given, and that it is the only one in the app; returns it as libvirt writes it. */
export function checkMac(at: IConstruct, mac: string): string {
  if (Token.isUnresolved(mac)) {
    return mac;
  }
  const normal = mac.toLowerCase();
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(normal)) {
    addError(at, `'mac' must be six octets in hexadecimal, got '${mac}'; write it like '52:54:00:12:34:56'`);
    return normal;
  }
  const isMulticast = Number.parseInt(normal.slice(0, 2), 16) % 2 === 1;
  if (isMulticast || normal === "00:00:00:00:00:00") {
    addError(at, `'mac' must be of one interface, got '${mac}'; begin it with '52:54'`);
    return normal;
  }
  const holder = reserve(at, "MAC address", normal);
  if (holder !== undefined) {
    addError(at, `'mac' must be of one interface, got '${normal}' as for ${holder.node.path}; set another 'mac'`);
  }
  return normal;
}
