import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const SOURCE = path.join(__dirname, "..", "s3");

/** An S3 server on a port of this machine. It honours conditional writes. */
export class S3Server {
  /** @param bucket the name of its only bucket, which is empty */
  static async start(bucket: string): Promise<S3Server> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "s3-"));
    const program = path.join(folder, "s3");
    execFileSync("go", ["build", "-o", program, "."], { cwd: SOURCE });
    const child = spawn(program, [bucket], { stdio: ["pipe", "pipe", "inherit"] });
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (line: Buffer) => {
        resolve(line.toString().trim());
      });
      child.once("close", () => {
        reject(new Error("the S3 server ended before it listened"));
      });
    });
    return new S3Server(child, folder, url);
  }

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  stop(): void {
    this.child.stdin?.end();
    fs.rmSync(this.folder, { recursive: true });
  }
}
