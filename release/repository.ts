import { execFileSync } from "node:child_process";
import { Failure } from "../bin/failure";
import { version as current } from "../package.json";
import { checkout } from "./checkout";
import type { Commit } from "./notes";

/** @throws Failure if the checkout is not exactly a commit of that version */
export function checkCheckout(version: string): void {
  if (version !== current) {
    throw new Failure(
      `the version must be ${current}, as in package.json, got '${version}'; CONTRIBUTING.md says where to change it`,
    );
  }
  const changes = git("status", "--porcelain");
  if (changes !== "") {
    throw new Failure(`the checkout must be as it was committed; commit or remove these:\n${changes}`);
  }
}

/** When the commit was made, in seconds since 1970. */
export function commitTime(): string {
  return git("log", "-1", "--format=%ct");
}

/** The commits since the release before this version, the newest first; all commits for the first release. */
export function commitsOf(version: string): readonly Commit[] {
  const before = previousTag(version);
  const range = before === undefined ? "HEAD" : `${before}..HEAD`;
  return git("log", "--format=%H%x1f%s%x1f%b%x1e", range)
    .split("\x1e")
    .map((text) => text.trim().split("\x1f"))
    .filter(([hash]) => hash !== "")
    .map(([hash = "", subject = "", body = ""]) => ({ hash, subject, body }));
}

function previousTag(version: string): string | undefined {
  const options = ["--abbrev=0", "--match=v[0-9]*", `--exclude=v${version}`];
  try {
    return git("describe", "--tags", ...options);
  } catch {
    return undefined; // no release yet
  }
}

function git(...args: readonly string[]): string {
  return execFileSync("git", args, { cwd: checkout, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}
