import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Ran } from "./newcomer";

const CHECKOUT = path.dirname(path.dirname(__dirname));

/** The same author and time for each commit, so that all copies have the same commits. */
const AUTHOR = {
  GIT_AUTHOR_NAME: "A Person",
  GIT_AUTHOR_EMAIL: "person@example.org",
  GIT_AUTHOR_DATE: "2026-01-02T03:04:05Z",
  GIT_COMMITTER_NAME: "A Person",
  GIT_COMMITTER_EMAIL: "person@example.org",
  GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z",
};

/** A clean checkout, in a folder of its own, of what the files of this checkout are now. */
export class CommittedCheckout {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "committed-")));

  constructor() {
    for (const file of gitIn(CHECKOUT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")) {
      const from = path.join(CHECKOUT, file);
      if (file !== "" && fs.existsSync(from)) fs.cpSync(from, path.join(this.folder, file));
    }
    this.linkPackages();
    this.git("init", "--quiet");
    this.git("add", "--all");
    this.commit("feat: begin");
  }

  /** Commits everything, even if nothing has changed. */
  commit(message: string): void {
    this.git("commit", "--quiet", "--allow-empty", "--all", "--no-gpg-sign", "--message", message);
  }

  git(...args: readonly string[]): string {
    return gitIn(this.folder, ...args);
  }

  npm(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Ran {
    const { status, stdout, stderr, error } = spawnSync("npm", args, {
      cwd: this.folder,
      encoding: "utf8",
      maxBuffer: Infinity,
      env: { ...process.env, ...environment },
    });
    if (error !== undefined) throw error;
    return { code: status, stdout, stderr };
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true });
  }

  /** Links the npm packages of this checkout, except for the one that is a folder of the checkout. */
  private linkPackages(): void {
    const [from, to] = [CHECKOUT, this.folder].map((folder) => path.join(folder, "node_modules")) as [string, string];
    const bindings = path.join(to, "@cdktf", "provider-libvirt");
    fs.mkdirSync(path.dirname(bindings), { recursive: true });
    for (const name of fs.readdirSync(from)) {
      if (name !== "@cdktf") fs.symlinkSync(path.join(from, name), path.join(to, name));
    }
    fs.symlinkSync(path.join(this.folder, "gen"), bindings);
  }
}

function gitIn(folder: string, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8", env: { ...process.env, ...AUTHOR } });
}
