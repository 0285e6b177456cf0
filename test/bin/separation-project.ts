import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const tsx = join(__dirname, "..", "..", "bin", "tsx.js");
const app = join(__dirname, "separation-app.ts");

/**
 * Projects whose app is separation-app.ts.
 *
 * A synthesis takes more than a second of processor time, and nearly every call of the program starts with one. The app is
 * therefore synthesized once, and the command in cdktf.json copies its output. With SEPARATION_MISTAKE, it runs the app.
 */
export class SeparationProjects {
  private readonly output = mkdtempSync(join(tmpdir(), "separation-app-"));
  private readonly stacks = join(this.output, "stacks");
  private readonly separation = join(this.output, "separation.json");

  public constructor() {
    execFileSync(process.execPath, ["--require", tsx, app], {
      env: { ...process.env, CDKTF_OUTDIR: this.stacks, KVM_FLEET_SEPARATION_FILE: this.separation },
    });
  }

  /** Makes a folder a project. */
  public write(folder: string): void {
    const copy = `cp -R "${this.stacks}/." "$CDKTF_OUTDIR" && cp "${this.separation}" "$KVM_FLEET_SEPARATION_FILE"`;
    const run = `"${process.execPath}" --require "${tsx}" "${app}"`;
    const command = `if [ -z "$SEPARATION_MISTAKE" ]; then ${copy}; else ${run}; fi`;
    writeFileSync(join(folder, "cdktf.json"), JSON.stringify({ app: command }));
  }

  /** Removes the output of the app. */
  public remove(): void {
    rmSync(this.output, { recursive: true });
  }
}
