import net from "node:net";
import { createInterface } from "node:readline";

interface Message {
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: unknown;
}

interface Waiter {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to the control socket of a QEMU process. */
export class Qmp {
  /** Connects to a socket that QEMU listens on. */
  static async connect(socket: string): Promise<Qmp> {
    const stream = net.connect(socket);
    await new Promise<void>((resolve, reject) => {
      stream.once("connect", resolve);
      stream.once("error", reject);
    });
    const qmp = new Qmp(stream);
    await qmp.execute("qmp_capabilities");
    return qmp;
  }

  private readonly answers: Waiter[] = [];
  private readonly listeners = new Set<(message: Message) => void>();

  private constructor(private readonly stream: net.Socket) {
    createInterface({ input: stream }).on("line", (line) => {
      this.heard(JSON.parse(line) as Message);
    });
    stream.on("error", () => undefined);
    stream.on("close", () => {
      for (const { reject } of this.answers.splice(0)) reject(new Error("QEMU closed its control socket"));
    });
  }

  /** Executes a command. QEMU answers commands in their order. */
  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.stream.destroyed) {
        reject(new Error("QEMU closed its control socket"));
        return;
      }
      this.answers.push({
        resolve,
        reject: (error) => {
          reject(new Error(`QEMU refused '${command}': ${error.message}`));
        },
      });
      this.stream.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  }

  /** Executes a command that starts or receives a migration, and waits for the end of the migration. */
  async migrate(command: "migrate" | "migrate-incoming", uri: string): Promise<void> {
    await this.execute("migrate-set-capabilities", {
      capabilities: [
        { capability: "x-ignore-shared", state: true },
        { capability: "events", state: true },
      ],
    });
    const ended = new Promise<void>((resolve, reject) => {
      const listener = ({ event, data }: Message) => {
        const { status } = (data ?? {}) as { status?: string };
        if (event !== "MIGRATION" || (status !== "completed" && status !== "failed")) return;
        this.listeners.delete(listener);
        if (status === "completed") resolve();
        else reject(new Error(`QEMU failed to migrate with ${uri}`));
      };
      this.listeners.add(listener);
      this.stream.once("close", () => {
        reject(new Error("QEMU ended during a migration"));
      });
    });
    await Promise.all([this.execute(command, { uri }), ended]);
  }

  close(): void {
    this.stream.destroy();
  }

  private heard(message: Message): void {
    if (message.event !== undefined) {
      for (const listener of this.listeners) listener(message);
    } else if (message.error) {
      this.answers.shift()?.reject(new Error(message.error.desc));
    } else if ("return" in message) {
      this.answers.shift()?.resolve(message.return);
    }
  }
}
