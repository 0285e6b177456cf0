import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Ran } from "./newcomer";
import { runAsync } from "./run-async";
import { onPath, terraformPrograms } from "./terraform-programs";

/** The user and group "nobody" of Debian. */
const NOBODY = 65534;

/** The programs that a command gets besides those of the system and those that plan and apply. Go is not among them. */
const PROGRAMS = ["git", "node", "npm", "npx"];

export interface RunOptions {
  /** Whether to run as this process's user, who is root on a lab. Otherwise the command runs as an ordinary user. */
  readonly asRoot?: boolean;
  /** Whether the command has no network. It requires root. */
  readonly offline?: boolean;
  /** The folder to run in, within that of the project. */
  readonly within?: string;
  /** Environment variables besides those that every user has. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** An ordinary user with a new home directory and an empty folder for a project. */
export class UserProject {
  readonly folder: string;
  // Not in the folder that TMPDIR names, which can be closed to other users.
  private readonly root = fs.mkdtempSync("/tmp/kvm-fleet-user-");
  private readonly home = path.join(this.root, "home");

  /**
   * @param name the name of the folder
   * @param registry the URL of the npm registry
   */
  constructor(name: string, registry: string) {
    this.folder = path.join(this.root, name);
    const programs = path.join(this.root, "bin");
    for (const folder of [this.home, this.folder, programs]) fs.mkdirSync(folder);
    fs.writeFileSync(
      path.join(this.home, ".npmrc"),
      `registry=${registry}\nupdate-notifier=false\naudit=false\nfund=false\n`,
    );
    for (const program of [...PROGRAMS.map(onPath), ...Object.values(terraformPrograms)]) {
      if (program !== undefined) fs.symlinkSync(fs.realpathSync(program), path.join(programs, path.basename(program)));
    }
    this.handOver();
  }

  /** Runs a command in the project's folder. */
  async run(command: string, ...args: readonly string[]): Promise<Ran> {
    return this.runWith({}, command, ...args);
  }

  async runWith(
    { asRoot = false, offline = false, within = ".", environment = {} }: RunOptions,
    command: string,
    ...args: readonly string[]
  ): Promise<Ran> {
    const other = process.getuid?.() === 0 && !asRoot;
    const prefix = [
      ...(offline ? ["unshare", "--net"] : []),
      ...(other ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : []),
    ];
    const [program = "", ...rest] = [...prefix, command, ...args];
    const ran = await runAsync(program, rest, {
      cwd: path.join(this.folder, within),
      env: {
        PATH: `${this.root}/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
        HOME: this.home,
        TMPDIR: this.home,
        // The certificates that this machine trusts besides those of Node.js.
        NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
        ...environment,
      },
    });
    if (asRoot) this.handOver();
    return ran;
  }

  read(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, file), text);
    this.handOver();
  }

  /** Replaces a text that the file must contain. */
  edit(file: string, was: string, is: string): void {
    const text = this.read(file);
    if (!text.includes(was)) throw new Error(`${file} must contain this: ${was}`);
    this.write(file, text.replace(was, is));
  }

  /** The names in the home directory that are not caches of npm and TypeScript. */
  get filesInHome(): readonly string[] {
    return fs
      .readdirSync(this.home)
      .filter((name) => !/^(\.npm|\.npmrc|\.cache|tsx-.*|node-compile-cache)$/.test(name));
  }

  leave(): void {
    fs.rmSync(this.root, { recursive: true });
  }

  /** Makes the files those of the ordinary user. */
  private handOver(): void {
    if (process.getuid?.() === 0) execFileSync("chown", ["--recursive", `${NOBODY}:${NOBODY}`, this.root]);
  }
}
