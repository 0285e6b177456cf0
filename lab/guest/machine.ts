import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

/** The accelerator that QEMU runs a machine with. */
export type Accelerator = "kvm" | "qemu";

/** A machine's hardware. */
export interface MachineOptions {
  readonly accelerator: Accelerator;
  /** Further arguments for `qemu-system-x86_64`. */
  readonly args: readonly string[];
  /** @default 256 */
  readonly memoryMiB?: number;
}

interface Waiter {
  readonly pattern: RegExp;
  readonly resolve: (match: RegExpExecArray) => void;
  readonly reject: (error: Error) => void;
}

const SHOWN_LINES = 20;

/**
 * A machine that QEMU runs without libvirt, for the probe, which runs before a lab comes up, and for the guest's own tests.
 *
 * Callers can wait for lines on its serial port. The machine never runs after `kill`.
 */
export class Machine {
  /** Starts a machine. */
  static async start(options: MachineOptions): Promise<Machine> {
    const folder = await mkdtemp(path.join(tmpdir(), "kvm-fleet-machine-"));
    const socket = path.join(folder, "qmp");
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    const { accelerator, args, memoryMiB = 256 } = options;
    const child = spawn(
      "qemu-system-x86_64",
      [
        ...["-nodefaults", "-display", "none", "-serial", "stdio", "-qmp", `unix:${socket}`],
        ...["-accel", accelerator === "kvm" ? "kvm" : "tcg", "-m", String(memoryMiB), ...args],
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    return new Machine(child, server, folder);
  }

  /** Resolves when QEMU has ended. */
  readonly exited: Promise<void>;

  private readonly lines: string[] = [];
  private readonly waiters = new Set<Waiter>();
  private readonly control: Promise<net.Socket>;
  private running = true;

  private constructor(
    private readonly child: ChildProcess,
    server: net.Server,
    folder: string,
  ) {
    this.control = new Promise((resolve, reject) => {
      server.once("connection", resolve);
      child.once("exit", () => {
        reject(new Error("QEMU has ended"));
      });
    });
    // A caller that never uses the control socket does not need its error.
    this.control.then(negotiate).catch(() => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream)
        createInterface({ input: stream }).on("line", (line) => {
          this.heard(line);
        });
    }
    this.exited = new Promise((resolve) => {
      const end = () => {
        this.ended();
        server.close();
        rm(folder, { recursive: true, force: true }).then(resolve, resolve);
      };
      child.once("close", end);
      child.once("error", (error) => {
        this.heard(error.message);
        end();
      });
    });
  }

  /** Waits until a line of the serial port matches. Earlier lines count too. Fails when the machine ends. */
  waitForLine(pattern: RegExp, deadline: number): Promise<RegExpExecArray> {
    for (const line of this.lines) {
      const match = pattern.exec(line);
      if (match) return Promise.resolve(match);
    }
    if (!this.running) return Promise.reject(this.inVain(pattern, "before it ended"));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(this.inVain(pattern, `within ${deadline / 1000} s`));
      }, deadline);
      const waiter: Waiter = {
        pattern,
        resolve: (match) => {
          clearTimeout(timer);
          resolve(match);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.waiters.add(waiter);
    });
  }

  /** Presses the power button. */
  async powerDown(): Promise<void> {
    const socket = await this.control;
    socket.write('{"execute":"system_powerdown"}\n');
  }

  /** Ends the machine at once, and resolves when all its parts are gone. */
  async kill(): Promise<void> {
    if (this.running) this.child.kill("SIGKILL");
    await this.exited;
  }

  private heard(line: string): void {
    this.lines.push(line);
    for (const waiter of this.waiters) {
      const match = waiter.pattern.exec(line);
      if (!match) continue;
      this.waiters.delete(waiter);
      waiter.resolve(match);
    }
  }

  private ended(): void {
    this.running = false;
    for (const waiter of this.waiters) waiter.reject(this.inVain(waiter.pattern, "before it ended"));
    this.waiters.clear();
  }

  private inVain(pattern: RegExp, when: string): Error {
    const shown = this.lines.slice(-SHOWN_LINES).join("\n");
    return new Error(`the machine did not print ${String(pattern)} ${when}; its last lines:\n${shown}`);
  }
}

/** Negotiates capabilities, after which QMP accepts commands. */
function negotiate(socket: net.Socket): void {
  socket.on("error", () => undefined);
  // Callers do not wait for answers: they see the effect of a command on the serial port, or when the machine ends.
  socket.resume();
  socket.write('{"execute":"qmp_capabilities"}\n');
}
