import { createHash } from "node:crypto";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { reserve } from "../../core/uniqueness";

/**
 * The first octets of derived addresses, as in QEMU's: unicast and locally administered.
 *
 * The third octet belongs to the hash. If it were 00, the hash would have 24 bits, and in four of ten fleets of 4,000
 * machines two machines would have the same address. With 32 bits this happens in two of a thousand fleets.
 */
const prefix = [0x52, 0x54];

/** Derives a MAC address from a name: the same name always has the same address. */
export function deriveMac(name: string): string {
  const hash = createHash("sha256").update(name).digest();
  return [...prefix, ...hash.subarray(0, 4)].map((octet) => octet.toString(16).padStart(2, "0")).join(":");
}

/** Checks that a MAC address is valid, and unique in the app. Returns it in the form that libvirt writes. */
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
  if (normal === "00:00:00:00:00:00") {
    addError(at, `'mac' must not be all zeros, got '${mac}'; begin it with '52:54'`);
    return normal;
  }
  if (isMulticast) {
    addError(at, `'mac' must be a unicast address, got '${mac}'; begin it with '52:54'`);
    return normal;
  }
  const holder = reserve(at, "MAC address", normal);
  if (holder !== undefined) {
    addError(at, `'mac' must be unique, '${normal}' is already used by ${holder.node.path}; set another 'mac'`);
  }
  return normal;
}
