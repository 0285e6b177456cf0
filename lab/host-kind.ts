import fs from "node:fs";
import path from "node:path";
import { hostIndex } from "./names";
import { CHECKOUT, type LabPaths } from "./paths";

/**
 * The kind of a host: the distribution and the release whose libvirt and QEMU it runs, `debian12` for example.
 *
 * A host of this machine's own kind runs the programs of this machine. A host of another kind has a root file system of
 * its own. A host of the kind `deep` is a virtual machine.
 */
export type HostKind = string;

/** A host that a lab must have. */
export interface HostRequest {
  readonly name: string;
  /** @default - an existing host keeps its kind, and a new host has this machine's kind */
  readonly kind?: HostKind;
}

/** The file with a host's kind, in the directory of its files. */
const KIND_FILE = "kind";

/** The directory with one list of packages for each kind that can be built. */
const LISTS = path.join(CHECKOUT, "lab", "roots");

/** Returns this machine's own kind. */
export function ownKind(osRelease = fs.readFileSync("/etc/os-release", "utf8")): HostKind {
  const value = (key: string) => new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(osRelease)?.[1] ?? "";
  return `${value("ID")}${value("VERSION_ID")}`;
}

/** Returns the kinds that a host can have on this machine, its own kind first. */
export function hostKinds(own = ownKind()): HostKind[] {
  const lists = fs.readdirSync(LISTS).filter((name) => name.endsWith(".txt"));
  return [...new Set([own, ...lists.map((name) => path.basename(name, ".txt")).sort()])];
}

/** Returns the file with the packages of a kind that is not this machine's own. */
export function packageList(kind: HostKind): string {
  return path.join(LISTS, `${kind}.txt`);
}

/** Reads the value of an option: names of hosts, each with its kind or without, as in `alpha,beta=debian13`. */
export function parseHostRequests(text: string, kinds = hostKinds()): HostRequest[] {
  const requests = text.split(",").map((part): HostRequest => {
    const [name = "", ...rest] = part.split("=");
    if (hostIndex(name) === undefined) {
      throw new Error(`a lab's hosts are alpha, beta, gamma, ..., got '${name}'; use these names`);
    }
    if (rest.length === 0) return { name };
    const kind = rest.join("=");
    if (!kinds.includes(kind)) throw new Error(`the kind of a host must be one of ${kinds.join(", ")}, got '${kind}'`);
    return { name, kind };
  });
  const twice = requests.find(({ name }, index) => requests.findIndex((it) => it.name === name) !== index);
  if (twice) throw new Error(`each host must be named once, got '${twice.name}' twice; remove one`);
  return requests;
}

/** Returns the kind of a host that exists. */
export function kindOf(paths: LabPaths, host: string): HostKind | undefined {
  const file = path.join(paths.hostData(host), KIND_FILE);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim() : undefined;
}

/** Stores the kinds of new hosts. Fails before it stores any if a host exists with another kind. */
export function settleKinds(paths: LabPaths, requests: readonly HostRequest[]): void {
  for (const { name, kind } of requests) {
    const before = kindOf(paths, name);
    if (before === undefined || kind === undefined || before === kind) continue;
    throw new Error(
      `host '${name}' of lab '${paths.lab}' is ${before}, got ${kind}; take the lab down first to change the kind of a host`,
    );
  }
  for (const { name, kind = ownKind() } of requests) {
    if (kindOf(paths, name) !== undefined) continue;
    fs.mkdirSync(paths.hostData(name), { recursive: true });
    fs.writeFileSync(path.join(paths.hostData(name), KIND_FILE), `${kind}\n`);
  }
}
