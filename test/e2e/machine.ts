import { execFileSync } from "node:child_process";
import fs from "node:fs";

/** What of a lab is on this machine, as far as the kernel and the file system can tell. */
export interface Traces {
  readonly namespaces: readonly string[];
  readonly mounts: readonly string[];
  readonly cgroups: readonly string[];
  readonly processes: readonly number[];
  /** Of this machine itself: a lab has its own. */
  readonly links: readonly string[];
  readonly directories: readonly string[];
}

/** Looks for a lab on this machine, without asking the lab. */
export function tracesOf(lab: string, checkout: string): Traces {
  const cgroups = cgroupsOf(lab);
  return {
    namespaces: list("/run/netns").filter((name) => name.startsWith(`kf-${lab}-`)),
    mounts: lines("/proc/mounts").filter((line) => line.includes(`/${lab}`) || line.includes(`kf-${lab}-`)),
    cgroups,
    processes: [...new Set([...cgroups.flatMap(processesOf), ...fabricProcesses(lab)])],
    links: list("/sys/class/net"),
    directories: [`${checkout}/.lab/${lab}`, `/run/kvm-fleet/${lab}`].filter((it) => fs.existsSync(it)),
  };
}

/** What serves the hosts of a lab from outside of them. */
export function fabricProcesses(lab: string): number[] {
  const name = `kf-${lab}-fabric`;
  if (!list("/run/netns").includes(name)) return [];
  return execFileSync("ip", ["netns", "pids", name], { encoding: "utf8" }).split("\n").filter(Boolean).map(Number);
}

/** The processes of those that have not ended. */
export function stillAlive(processes: readonly number[]): number[] {
  return processes.filter((pid) => {
    try {
      // One that its parent has not yet asked about is dead all the same.
      return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
      return false;
    }
  });
}

function cgroupsOf(lab: string): string[] {
  const found = execFileSync("find", ["/sys/fs/cgroup", "-type", "d", "-path", `*/kvm-fleet/${lab}*`], {
    encoding: "utf8",
  });
  return found.split("\n").filter(Boolean);
}

function processesOf(group: string): number[] {
  try {
    return lines(`${group}/cgroup.procs`).map(Number);
  } catch (error) {
    // A group of threads lists no processes: the group above has them.
    if ((error as NodeJS.ErrnoException).code === "ENOTSUP") return [];
    throw error;
  }
}

function list(directory: string): string[] {
  return fs.existsSync(directory) ? fs.readdirSync(directory) : [];
}

function lines(file: string): string[] {
  return fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
}
