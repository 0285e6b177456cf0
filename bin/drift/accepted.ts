import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Failure } from "../failure";
import type { Drift, Finding } from "./findings";

/** A finding that somebody has reviewed. It has what identifies the finding, and what helps to review it. */
export interface Accepted {
  readonly kind: Finding["kind"];
  readonly stack?: string;
  readonly object?: string;
  readonly address?: string;
  readonly type: string;
  readonly host: string;
  readonly name?: string;
  readonly attribute?: string;
  /** The accepted value. Not of a sensitive attribute, of which each value is accepted. */
  readonly is?: unknown;
}

/** Which stacks and hosts a comparison is about: what is accepted of the others is kept as it is. */
export interface Scope {
  /** The stacks that were compared. */
  readonly stacks: readonly string[];
  /** The other stacks of the app. */
  readonly others: readonly string[];
}

/** Reads a file of accepted findings. */
export function readAccepted(file: string): readonly Accepted[] {
  if (!existsSync(file)) {
    throw new Failure(`there is no file ${file}; write it with 'kvm-fleet drift --accept ${file}'`);
  }
  const { accepted } = parse(file);
  if (!Array.isArray(accepted) || !accepted.every(isAccepted)) {
    throw new Failure(
      `${file} must have a list 'accepted' of findings with 'kind', 'type' and 'host'; write it again with 'kvm-fleet drift --accept ${file}'`,
    );
  }
  return accepted;
}

function parse(file: string): { readonly accepted?: unknown } {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { readonly accepted?: unknown };
  } catch (error) {
    throw new Failure(`${file} is not JSON: ${(error as Error).message}`);
  }
}

function isAccepted(value: unknown): value is Accepted {
  const { kind, type, host } = (value ?? {}) as Partial<Accepted>;
  return (
    kind !== undefined && ["changed", "gone", "undeclared"].includes(kind) && type !== undefined && host !== undefined
  );
}

/** Leaves out what is accepted. @returns also the entries that nothing was found for, although it was looked for */
export function withoutAccepted(
  drift: Drift,
  accepted: readonly Accepted[],
  scope: Scope,
): { readonly drift: Drift; readonly stale: readonly Accepted[] } {
  const keys = new Set(accepted.map(keyOf));
  const found = new Set(drift.findings.map((finding) => keyOf(acceptedOf(finding))));
  return {
    drift: { ...drift, findings: drift.findings.filter((finding) => !keys.has(keyOf(acceptedOf(finding)))) },
    stale: accepted.filter((entry) => !found.has(keyOf(entry)) && isJudged(entry, drift, scope)),
  };
}

/** Writes what was found. Entries of an earlier file about what was not compared this time stay. */
export function writeAccepted(file: string, drift: Drift, scope: Scope): number {
  const before = existsSync(file) ? readAccepted(file) : [];
  const now = drift.findings.map(acceptedOf);
  const keys = new Set(now.map(keyOf));
  const kept = before.filter((entry) => !keys.has(keyOf(entry)) && !isJudged(entry, drift, scope));
  const accepted = [...now, ...kept];
  writeFileSync(file, `${JSON.stringify({ accepted }, undefined, 2)}\n`);
  return accepted.length;
}

function acceptedOf(finding: Finding): Accepted {
  if (finding.kind === "undeclared") {
    const { kind, type, host, name } = finding;
    return { kind, type, host, name };
  }
  const { kind, stack, object, address, type, host } = finding;
  const place = { kind, stack, object, address, type, host };
  if (finding.kind === "gone") return place;
  const { attribute, is, sensitive } = finding;
  return sensitive ? { ...place, attribute } : { ...place, attribute, is };
}

function keyOf({ kind, stack, address, type, host, name, attribute, is }: Accepted): string {
  return JSON.stringify(kind === "undeclared" ? [kind, type, host, name] : [kind, stack, address, attribute, is]);
}

/** Reports whether a comparison can tell that an entry is about nothing any more. */
function isJudged({ kind, stack, address, host }: Accepted, { failed }: Drift, { stacks, others }: Scope): boolean {
  const isSilent = failed.some((it) =>
    "address" in it ? it.stack === stack && it.address === address : it.host === host,
  );
  if (isSilent) return false;
  return kind === "undeclared" || stack === undefined || stacks.includes(stack) || !others.includes(stack);
}
