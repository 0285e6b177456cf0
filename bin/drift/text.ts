import { type Section, sectionTexts, withLines } from "../section";
import { table } from "../table";
import type { Accepted } from "./accepted";
import type { ChangedFinding, Drift, Failed, Finding } from "./findings";

/** What `drift` tells: what was found, and what is accepted. */
export interface Told {
  readonly drift: Drift;
  /** How many findings are left out because they are accepted. */
  readonly accepted: number;
  readonly stale: readonly Accepted[];
}

export const HEADING = ["stack", "object", "host", "attribute", "state", "host has"] as const;

/** How much of a value is shown. */
const WIDTH = 60;

/** How much is shown before the difference of two long values. */
const CONTEXT = 20;

/** Renders drift for a terminal. */
export function text(told: Told): string {
  const changed = rows(told.drift);
  const parts = [
    ...(changed.length === 0
      ? []
      : [
          table(
            HEADING.map((it) => it.toUpperCase()),
            changed,
          ),
        ]),
    ...sectionTexts(sections(told)),
    outcome(told),
  ];
  return parts.join("\n\n");
}

/** Returns a row for each changed attribute. */
export function rows({ findings }: Drift): readonly (readonly string[])[] {
  return findings
    .filter(isChanged)
    .map(({ stack, object, host, attribute, was, is, sensitive }) => [
      stack,
      object,
      host,
      attribute,
      ...(sensitive ? ["(sensitive)", "(sensitive)"] : shown(was, is)),
    ]);
}

/** Returns everything else. Parts that would be empty are left out. */
export function sections({ drift: { findings, failed }, stale }: Told): readonly Section[] {
  return withLines([
    {
      title: "Gone from the hosts",
      lines: findings.flatMap((it) =>
        it.kind === "gone" ? [`${it.stack}: ${it.object} (${it.type} on ${it.host})`] : [],
      ),
    },
    {
      title: "On the hosts, and not declared there",
      lines: findings.flatMap((it) =>
        it.kind === "undeclared" ? [`${kindOf(it.type)} ${it.name} on ${it.host}, ${it.state}`] : [],
      ),
    },
    { title: "Not compared", lines: failed.map(failure) },
    { title: "Accepted, but not found any more", lines: stale.map(entry) },
  ]);
}

/** Says in one sentence what was found. */
export function outcome({ drift: { compared, inactive, findings, failed }, accepted }: Told): string {
  const objects = new Set(findings.filter(isChanged).map(({ stack, address }) => `${stack} ${address}`)).size;
  const count = (kind: Finding["kind"]): number => findings.filter((it) => it.kind === kind).length;
  const found = [
    ...(objects > 0 ? [`${counted(objects, "object is", "objects are")} otherwise than the state says`] : []),
    ...(count("gone") > 0 ? [`${counted(count("gone"), "is", "are")} gone`] : []),
    ...(count("undeclared") > 0 ? [`${counted(count("undeclared"), "is", "are")} not declared`] : []),
  ];
  const head = found.length > 0 ? found.join(", ") : "No drift";
  const rest = [
    `${counted(compared, "object", "objects")} compared`,
    ...(inactive > 0 ? [`${counted(inactive, "object", "objects")} in stopped pools left out`] : []),
    ...(accepted > 0 ? [`${counted(accepted, "finding", "findings")} accepted`] : []),
    ...(failed.length > 0 ? ["not everything could be compared"] : []),
  ];
  return `${head}: ${rest.join(", ")}.`;
}

function isChanged(finding: Finding): finding is ChangedFinding {
  return finding.kind === "changed";
}

function failure(it: Failed): string {
  if ("address" in it) return `${it.stack}: ${it.object} (${it.type} on ${it.host}): ${it.error}`;
  const objects = it.objects > 0 ? `, with ${counted(it.objects, "object", "objects")}` : "";
  return `host ${it.host}${objects}: ${it.error}`;
}

function entry({ kind, stack, object, address, type, host, name, attribute }: Accepted): string {
  if (kind === "undeclared") return `${kindOf(type)} ${name ?? ""} on ${host}`;
  const what = kind === "gone" ? "gone" : (attribute ?? "");
  return `${stack ?? ""}: ${object ?? address ?? ""} (${type} on ${host}): ${what}`;
}

function kindOf(type: string): string {
  return type.replace(/^libvirt_/, "");
}

/** Renders two values of an attribute in a limited length. Of long values that begin alike, it shows the part that differs. */
function shown(was: unknown, is: unknown): readonly [string, string] {
  const [one, other] = [rendered(was), rendered(is)];
  let alike = 0;
  while (alike < one.length && one[alike] === other[alike]) alike++;
  const from = one.length > WIDTH && other.length > WIDTH ? Math.max(0, alike - CONTEXT) : 0;
  return [cut(one, from), cut(other, from)];
}

function rendered(value: unknown): string {
  if (value === null) return "unset";
  return (typeof value === "string" ? value : JSON.stringify(value)).replace(/\s+/g, " ");
}

function cut(whole: string, from: number): string {
  const end = from + WIDTH;
  return `${from > 0 ? "..." : ""}${whole.slice(from, end)}${whole.length > end ? "..." : ""}`;
}

function counted(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
