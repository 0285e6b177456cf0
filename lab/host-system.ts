import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { run } from "./command";
import { digest } from "./guest/cache";
import { type HostKind, ownKind, packageList } from "./host-kind";
import { withLock } from "./lock";

/** The programs that a host runs. */
export interface HostSystem {
  readonly kind: HostKind;
  /** The directory that is the root of the file system of its programs. Empty if the host uses this machine's programs. */
  readonly root: string;
}

/** Debian's code names, which identify the packages of a release. */
const CODE_NAMES: Readonly<Record<HostKind, string>> = { debian12: "bookworm", debian13: "trixie" };

const BUILD_SCRIPT = path.join(__dirname, "roots", "build.sh");

/**
 * Returns the directory for what the hosts of labs are built from.
 *
 * It is not in the checkout, so that all checkouts of a machine share it: a root file system takes minutes to build.
 */
export function hostCache(): string {
  const cache = process.env.XDG_CACHE_HOME;
  const home = cache !== undefined && path.isAbsolute(cache) ? cache : path.join(os.homedir(), ".cache");
  return path.join(home, "kvm-fleet");
}

/** Returns the directory for root file systems. */
export function rootsFolder(): string {
  return path.join(hostCache(), "roots");
}

/** Returns the programs of a kind. Builds their root file system if there is none for the list of packages. */
export async function hostSystem(kind: HostKind, report: (line: string) => void): Promise<HostSystem> {
  if (kind === ownKind()) return { kind, root: "" };
  const packages = packageList(kind);
  const key = digest([fs.readFileSync(packages), fs.readFileSync(BUILD_SCRIPT)]).slice(0, 12);
  const root = path.join(rootsFolder(), `${kind}-${key}`);
  const waiting = () => {
    report(`waiting for another command to build the root file system of ${kind}`);
  };
  await withLock(`root/${kind}-${key}`, waiting, async () => {
    if (!fs.existsSync(root)) await build(CODE_NAMES[kind] ?? kind, packages, root, report);
  });
  return { kind, root };
}

async function build(suite: string, packages: string, root: string, report: (line: string) => void): Promise<void> {
  report(`building the root file system of ${path.basename(root)} from packages (once, 2 to 4 minutes)`);
  const began = Date.now();
  const draft = `${root}.new`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(root), { recursive: true });
  await run(BUILD_SCRIPT, [suite, packages, draft]);
  fs.renameSync(draft, root);
  report(`built ${root} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
}
