import { isIPv4 } from "node:net";
import { Failure } from "../failure";
import { type InventoryHost, isUnreachable } from "./inventory";
import type { DeclaredMachine } from "./machines";

export interface Login {
  /** The user in the guest. Without it, ssh's configuration decides. */
  readonly login?: string | undefined;
  /** What to run in the guest. Without it, a shell. */
  readonly command: readonly string[];
}

/**
 * Returns the arguments of ssh for a login to the guest of a machine.
 *
 * A guest's network is often one that only its host reaches, so ssh goes through the host if that is reached by ssh.
 * Addresses change hands between guests: ssh keeps the guest's host key by the path of the construct.
 *
 * @param hosts the machine's host, as it reports its domains
 */
export function sshArguments(
  { path, domain, resource }: DeclaredMachine,
  hosts: readonly InventoryHost[],
  { login, command }: Login,
): readonly string[] {
  const host = hosts.find(({ name }) => name === resource.host);
  if (host === undefined || isUnreachable(host)) {
    throw new Failure(`host ${resource.host} can't be reached: ${host?.error ?? "no stack declares it"}`);
  }
  const machine = host.domains.find(({ name }) => name === domain);
  if (machine === undefined) {
    throw new Failure(
      `${host.name} has no domain '${domain}'; deploy it first, or look for it with 'kvm-fleet status'`,
    );
  }
  if (machine.state !== "running") {
    throw new Failure(`${path} is ${machine.state} on ${host.name}; start it with 'kvm-fleet start ${path}'`);
  }
  const [address] = machine.addresses.filter(isRoutable).sort(byFamily);
  if (address === undefined) {
    throw new Failure(
      `neither the network of ${path} nor its guest agent knows an address of it; wait until it has booted, or look at it with 'kvm-fleet console ${path}'`,
    );
  }
  return [
    ...jump(host.uri),
    ...["-o", `HostKeyAlias=${path}`],
    ...(login === undefined ? [] : ["-l", login]),
    address,
    ...command,
  ];
}

/** The options that lead through a host which is reached by ssh. */
function jump(text: string): readonly string[] {
  const uri = new URL(text);
  if (uri.protocol !== "qemu+ssh:") return [];
  const user = uri.username === "" ? "" : `${decodeURIComponent(uri.username)}@`;
  const [keyFile, knownHosts] = ["keyfile", "known_hosts"].map((name) => uri.searchParams.get(name));
  if (keyFile === null && knownHosts === null) {
    return ["-J", `${user}${uri.host}`];
  }
  // '-J' passes no options on to the host.
  const options = [
    ...(keyFile ? ["-i", keyFile] : []),
    ...(knownHosts ? ["-o", `UserKnownHostsFile=${knownHosts}`] : []),
    ...(uri.port === "" ? [] : ["-p", uri.port]),
  ];
  const hostname = uri.hostname.replace(/^\[|\]$/g, "");
  return ["-o", `ProxyCommand=ssh ${options.map(quoted).join(" ")} -W '[%h]:%p' ${quoted(`${user}${hostname}`)}`];
}

/** A word of a command that a shell runs, in which ssh replaces '%'. */
function quoted(word: string): string {
  const escaped = word.replaceAll("%", "%%");
  return /^[\w@.:/=,+-]+$/.test(escaped) ? escaped : `'${escaped.replaceAll("'", `'\\''`)}'`;
}

function isRoutable(address: string): boolean {
  return !/^(127\.|169\.254\.|fe80:|::1$)/i.test(address);
}

function byFamily(one: string, other: string): number {
  return Number(isIPv4(other)) - Number(isIPv4(one));
}
