import { closeSync, openSync, readSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "./stacks";

/** Matches a line of Terraform's log that the provider wrote. Lines of its protocol library have no second `[INFO]`. */
const providerLine = /^\S+ \[INFO\] +provider\.\S+: \[INFO\] (.*)$/;

const chunk = 64 * 1024;

/**
 * Reports what the provider logs while terraform runs, such as the progress of a migration. terraform does not show these
 * lines itself.
 */
export class ProviderLog {
  /** @param report called with each line */
  public static follow(stack: Stack, report: (line: string) => void): ProviderLog {
    return new ProviderLog(join(stack.folder, `provider-${process.pid}.log`), report);
  }

  /** The variables for terraform. Empty where the user has set TF_LOG variables. */
  public readonly environment: NodeJS.ProcessEnv;

  private readonly file: number;
  private readonly stopWatching: () => void;
  private unfinished = "";

  private constructor(
    private readonly path: string,
    private readonly report: (line: string) => void,
  ) {
    const isUserLog = Object.keys(process.env).some((name) => name.startsWith("TF_LOG"));
    this.environment = isUserLog
      ? {}
      : // The protocol library would write several lines for every call.
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

  /** Reports the remaining lines, and removes the log file. */
  public end(): void {
    this.stopWatching();
    this.read();
    closeSync(this.file);
    rmSync(this.path);
  }

  private read(): void {
    const buffer = Buffer.alloc(chunk);
    for (let length = readSync(this.file, buffer); length > 0; length = readSync(this.file, buffer)) {
      // Decoded byte by byte, since a chunk may end within a character.
      this.unfinished += buffer.toString("latin1", 0, length);
    }
    const lines = this.unfinished.split("\n");
    this.unfinished = lines.pop() ?? "";
    for (const line of lines) {
      const [, text] = providerLine.exec(Buffer.from(line, "latin1").toString()) ?? [];
      if (text !== undefined) {
        this.report(text);
      }
    }
  }
}
