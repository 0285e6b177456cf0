import fs from "node:fs";

/** Often enough to miss little of a short process, and too seldom to slow anything down. */
const INTERVAL = 20;

/** Clock ticks a second in /proc, the same on every Linux that Node runs on. */
const TICKS = 100;

/** What a process has taken. */
export interface Usage {
  /** Seconds of processor time, user's and system's. */
  cpu: number;
  /** The most memory that was resident at a time, in bytes. */
  peak: number;
}

/**
 * Looks at a process and its children until it ends.
 *
 * The peak is the kernel's own, which only grows: looking now and then finds it, short of what a process takes in its
 * very last moment.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export class Watch {
  private readonly seen = new Map<number, Usage & { readonly name: string }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => {
      this.look();
    }, INTERVAL);
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** What the processes of that name took: the processor time of all of them, the peak of the largest. */
  of(name: RegExp): Usage {
    const matching = [...this.seen.values()].filter((process) => name.test(process.name));
    return {
      cpu: matching.reduce((sum, { cpu }) => sum + cpu, 0),
      peak: Math.max(0, ...matching.map(({ peak }) => peak)),
    };
  }

  private look(): void {
    for (const pid of [this.pid, ...childrenOf(this.pid)]) {
      try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const peak = /^VmHWM:\s+([0-9]+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        // A process that has ended and not been waited for has no memory any more.
        if (peak === undefined) continue;
        this.seen.set(pid, {
          name: fs.readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0")[0] ?? "",
          cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
          peak: Number(peak) * 1024,
        });
      } catch {
        // It ended between two looks.
      }
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    return fs.readdirSync(`/proc/${pid}/task`).flatMap((task) => childrenOfTask(pid, task));
  } catch {
    return [];
  }
}

function childrenOfTask(pid: number, task: string): number[] {
  try {
    return fs.readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
