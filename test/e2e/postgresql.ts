import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** Where Debian has the programs of each version. */
const VERSIONS = "/usr/lib/postgresql";

/** The user and group "nobody" of Debian. The server refuses to run as root. */
const NOBODY = 65534;

/** A PostgreSQL server with an empty database. It listens on a socket in a temporary folder. */
export class PostgreSql {
  /** The password of the user. */
  readonly password = "secret";
  // Not in the folder that TMPDIR names, which can be closed to other users.
  private readonly folder = fs.mkdtempSync("/tmp/kvm-fleet-postgresql-");
  private readonly programs = newest();

  constructor() {
    const passwordFile = path.join(this.folder, "password");
    fs.writeFileSync(passwordFile, this.password);
    if (isRoot()) execFileSync("chown", ["--recursive", `${NOBODY}:${NOBODY}`, this.folder]);
    this.run("initdb", "--no-sync", "--username=fleet", "--auth=scram-sha-256", `--pwfile=${passwordFile}`);
    const settings = `-c listen_addresses='' -c unix_socket_directories='${this.folder}' -c fsync=off`;
    this.run("pg_ctl", "start", "--wait", `--options=${settings}`, `--log=${path.join(this.folder, "log")}`);
  }

  /** How to connect to the database, without the password. */
  get connStr(): string {
    return `postgres://fleet@/postgres?host=${this.folder}`;
  }

  stop(): void {
    this.run("pg_ctl", "stop", "--wait", "--mode=immediate");
    fs.rmSync(this.folder, { recursive: true });
  }

  private run(program: string, ...args: readonly string[]): void {
    const prefix = isRoot() ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : [];
    const data = `--pgdata=${path.join(this.folder, "data")}`;
    const [first = "", ...rest] = [...prefix, path.join(this.programs, program), data, ...args];
    // The server keeps its standard output open.
    execFileSync(first, rest, { cwd: this.folder, stdio: ["ignore", "ignore", "inherit"] });
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function newest(): string {
  const versions = fs.existsSync(VERSIONS) ? fs.readdirSync(VERSIONS).map(Number) : [];
  if (versions.length === 0) throw new Error("the Debian package 'postgresql' is missing; run 'lab/setup.sh --tests'");
  return path.join(VERSIONS, String(Math.max(...versions)), "bin");
}
