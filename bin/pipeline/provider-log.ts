import { closeSync, openSync, readSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "./stacks";

/** A line of Terraform's log that the provider itself wrote; what its protocol library says has no such mark. */
const said = /^\S+ \[INFO\] +provider\.\S+: \[INFO\] (.*)$/;

const chunk = 64 * 1024;

/**
 * What the provider tells of its work while terraform runs, such as how far a migration is, and terraform itself does not
 * show.
 */
export class ProviderLog {
  /** @param report is told every line */
  public static follow(stack: Stack, report: (line: string) => void): ProviderLog {
    return new ProviderLog(join(stack.folder, `provider-${process.pid}.log`), report);
  }

  /** What terraform is to be told for it; nothing where the user has asked for a log of their own. */
  public readonly environment: NodeJS.ProcessEnv;

  private readonly file: number;
  private readonly stopWatching: () => void;
  private unfinished = "";

  private constructor(
    private readonly path: string,
    private readonly report: (line: string) => void,
  ) {
    const asked = Object.keys(process.env).some((name) => name.startsWith("TF_LOG"));
    this.environment = asked
      ? {}
      : // Without the protocol library's own lines, of which there are some for every call.
        { TF_LOG_PROVIDER: "INFO", TF_LOG_PATH: path, TF_LOG_SDK: "OFF", TF_LOG_SDK_PROTO: "OFF" };
    writeFileSync(path, "");
    this.file = openSync(path, "r");
    const watcher = watch(path, () => {
      this.read();
    });
    this.stopWatching = () => {
      watcher.close();
    };
  }

  /** Tells the rest, and leaves nothing behind. */
  public end(): void {
    this.stopWatching();
    this.read();
    closeSync(this.file);
    rmSync(this.path);
  }

  private read(): void {
    const buffer = Buffer.alloc(chunk);
    for (let length = readSync(this.file, buffer); length > 0; length = readSync(this.file, buffer)) {
      // Byte by byte: a character may be cut at the end.
      this.unfinished += buffer.toString("latin1", 0, length);
    }
    const lines = this.unfinished.split("\n");
    this.unfinished = lines.pop() ?? "";
    for (const line of lines) {
      const [, text] = said.exec(Buffer.from(line, "latin1").toString()) ?? [];
      if (text !== undefined) {
        this.report(text);
      }
    }
  }
}
