import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UsageFailure } from "../failure";
import { identifier } from "./facts";

/** A host of the first stack. */
export interface InitialHost {
  readonly name: string;
  readonly uri: string;
}

/** The host of a stack whose user has not named one. */
const example: InitialHost = { name: "alpha", uri: "qemu+ssh://root@alpha.example.org/system" };

/** The sockets of libvirtd and of the modular daemon for QEMU. */
const sockets = ["/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock"];

/**
 * The hosts of the first stack: those that the user names, or else the one that virsh connects to, or else a libvirt on this
 * machine.
 */
export function initialHosts(named: readonly string[]): {
  readonly hosts: readonly InitialHost[];
  readonly isExample: boolean;
} {
  const uris = named.length > 0 ? named : [ofVirsh() ?? ofThisMachine()].filter((uri) => uri !== undefined);
  const hosts = unique(uris.map(hostOf));
  return hosts.length > 0 ? { hosts, isExample: false } : { hosts: [example], isExample: true };
}

function hostOf(uri: string): InitialHost {
  const authority = /^qemu(?:\+\w+)?:\/\/([^/]*)\/\w+/.exec(uri)?.[1];
  if (authority === undefined) {
    throw new UsageFailure(`the URI of a host must be one of libvirt's, such as '${example.uri}', got '${uri}'`);
  }
  const hostName = authority.replace(/^.*@/, "").replace(/:\d+$/, "");
  const isAddress = /^[\d.]+$|:/.test(hostName);
  return {
    name: identifier(isAddress ? hostName.replace(/^\W*/, "host-") : (hostName.split(".")[0] ?? "")) ?? "local",
    uri,
  };
}

/** Numbers hosts that would have the same name. */
function unique(hosts: readonly InitialHost[]): readonly InitialHost[] {
  return hosts.map((host, index) =>
    hosts.findIndex(({ name }) => name === host.name) < index ? { ...host, name: `${host.name}-${index + 1}` } : host,
  );
}

/** @see https://libvirt.org/uri.html#default-uri-choice */
function ofVirsh(): string | undefined {
  if (process.env.LIBVIRT_DEFAULT_URI !== undefined) return process.env.LIBVIRT_DEFAULT_URI;
  const file = join(homedir(), ".config", "libvirt", "libvirt.conf");
  if (!existsSync(file)) return undefined;
  return /^\s*uri_default\s*=\s*"([^"]+)"/m.exec(readFileSync(file, "utf8"))?.[1];
}

function ofThisMachine(): string | undefined {
  return sockets.some((socket) => existsSync(socket)) ? "qemu:///system" : undefined;
}
