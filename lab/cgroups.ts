import fs from "node:fs";
import path from "node:path";
import { pollUntil } from "./poll";

/** A mounted cgroup hierarchy of this machine. cgroup v2 has one, v1 has several. */
export interface Hierarchy {
  readonly mountPoint: string;
  readonly version: 1 | 2;
  /** The options that make mount(8) mount the same hierarchy again. */
  readonly mountOptions: string;
}

/** Mount options that do not identify the hierarchy, or that only its first mount accepts. */
const INCIDENTAL = /^(rw|ro|nosuid|nodev|noexec|relatime|noatime|seclabel|xattr|clone_children|release_agent=.*)$/;
const TOP = "kvm-fleet";

/** Under cgroup v2, a group with processes cannot enable controllers for its children, so libvirtd has its own leaf. */
const LIBVIRTD_LEAF = "libvirtd";

/** The time limit for the kernel to release a group whose processes have ended. */
const REMOVAL_DEADLINE = 10_000;

export function cgroupHierarchies(mounts = fs.readFileSync("/proc/mounts", "utf8")): Hierarchy[] {
  return mounts.split("\n").flatMap((line): Hierarchy[] => {
    const [, mountPoint = "", type, options = ""] = line.split(" ");
    if (!mountPoint.startsWith("/sys/fs/cgroup")) return [];
    if (type === "cgroup2") return [{ mountPoint, version: 2, mountOptions: "rw" }];
    if (type !== "cgroup") return [];
    const mountOptions = options.split(",").filter((option) => !INCIDENTAL.test(option));
    return [{ mountPoint, version: 1, mountOptions: mountOptions.join(",") }];
  });
}

/** The cgroup subtree of one host, in every hierarchy that is mounted. */
export class HostCgroups {
  constructor(
    private readonly lab: string,
    private readonly host: string,
    readonly hierarchies = cgroupHierarchies(),
  ) {}

  /** The groups that become the roots of the host's cgroup namespace. */
  get roots(): string[] {
    return this.hierarchies.map(({ mountPoint }) => path.join(mountPoint, TOP, this.lab, this.host));
  }

  /** The groups of the host's libvirtd. */
  get leaves(): string[] {
    return this.roots.map((root) => path.join(root, LIBVIRTD_LEAF));
  }

  /** Creates the host's root groups. The process that unshares the cgroup namespace must be in them. */
  create(): void {
    for (const { mountPoint, version } of this.hierarchies) {
      let group = mountPoint;
      for (const part of [TOP, this.lab, this.host]) {
        if (version === 2) enableControllersForChildren(group);
        group = path.join(group, part);
        if (!fs.existsSync(group)) fs.mkdirSync(group, { recursive: true });
        if (part === TOP && version === 1) inheritCpuset(mountPoint, group);
      }
    }
  }

  /** Creates libvirtd's groups, and enables every controller for the groups that libvirtd creates for guests. */
  createLeaves(): void {
    for (const leaf of this.leaves) fs.mkdirSync(leaf, { recursive: true });
    this.hierarchies.forEach(({ version }, index) => {
      const root = this.roots[index];
      if (version === 2 && root !== undefined) enableControllersForChildren(root);
    });
  }

  /** Returns every process of the host, in any network namespace. */
  processes(): number[] {
    return this.roots.flatMap((root) => descendants(root)).flatMap((group) => processesOf(group));
  }

  /** Removes the host's groups, and the groups above them if they are empty. */
  async remove(): Promise<void> {
    for (const root of this.roots) {
      for (const group of descendants(root).reverse()) {
        await pollUntil(`the kernel to release ${group}`, REMOVAL_DEADLINE, () => removeGroup(group));
      }
      for (const parent of [path.dirname(root), path.dirname(path.dirname(root))]) removeGroup(parent);
    }
  }
}

/** Returns the hosts of a lab that have a cgroup. */
export function hostsWithCgroups(lab: string): string[] {
  const hosts = cgroupHierarchies().flatMap(({ mountPoint }) => childGroups(path.join(mountPoint, TOP, lab)));
  return [...new Set(hosts)];
}

function enableControllersForChildren(group: string): void {
  const available = fs.readFileSync(path.join(group, "cgroup.controllers"), "utf8").split(/\s+/).filter(Boolean);
  if (available.length === 0) return;
  fs.writeFileSync(path.join(group, "cgroup.subtree_control"), available.map((name) => `+${name}`).join(" "));
}

/**
 * Copies a v1 cpuset to a group.
 *
 * A cpuset starts empty, and no process can enter an empty cpuset. With clone_children, child groups copy the cpuset of
 * their parent.
 */
function inheritCpuset(from: string, group: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    if (!fs.existsSync(path.join(group, file))) return;
    fs.writeFileSync(path.join(group, file), fs.readFileSync(path.join(from, file)));
  }
  fs.writeFileSync(path.join(group, "cgroup.clone_children"), "1");
}

function childGroups(group: string): string[] {
  try {
    const entries = fs.readdirSync(group, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Returns a group and all groups below it, parents first. Returns none if the group does not exist. */
function descendants(group: string): string[] {
  if (!fs.existsSync(group)) return [];
  return [group, ...childGroups(group).flatMap((child) => descendants(path.join(group, child)))];
}

function processesOf(group: string): number[] {
  try {
    return fs.readFileSync(path.join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function removeGroup(group: string): boolean {
  try {
    fs.rmdirSync(group);
  } catch {
    // The group is still busy, or it is already removed.
  }
  return !fs.existsSync(group);
}
