import fs from "node:fs";

/** Milliseconds between two samples: short enough to catch short processes, long enough not to slow anything down. */
const INTERVAL = 20;

/** Clock ticks per second in /proc. The value is the same on every Linux that Node runs on. */
const TICKS = 100;

/** The resources that a process has used. */
export interface Usage {
  /** Seconds of processor time in user and system mode. */
  cpu: number;
  /** Peak resident memory in bytes. */
  peak: number;
}

/**
 * Samples the usage of a process and its children until `end` is called.
 *
 * The kernel records the peak, which only grows. A sample includes all growth before it, but not the growth after it.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export class ProcessUsage {
  private readonly seen = new Map<number, Usage & { readonly name: string }>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => {
      this.sample();
    }, INTERVAL);
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** Returns the usage of the processes with that name: their total processor time, and the largest peak. */
  of(name: RegExp): Usage {
    const matching = [...this.seen.values()].filter((process) => name.test(process.name));
    return {
      cpu: matching.reduce((sum, { cpu }) => sum + cpu, 0),
      peak: Math.max(0, ...matching.map(({ peak }) => peak)),
    };
  }

  private sample(): void {
    for (const pid of [this.pid, ...childrenOf(this.pid)]) {
      try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const peak = /^VmHWM:\s+([0-9]+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        // A zombie has no memory.
        if (peak === undefined) continue;
        this.seen.set(pid, {
          name: fs.readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0")[0] ?? "",
          cpu: (Number(fields[11]) + Number(fields[12])) / TICKS,
          peak: Number(peak) * 1024,
        });
      } catch {
        // The process ended between two samples.
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
