import type { Analysis, Difference, Explanation, FlowChange, Model, RoutedFlow } from "../../separation";
import { table } from "../table";

/** The separation of an app, as `--json` writes it and `--base` reads it. */
export interface SeparationReport extends Analysis {
  readonly model: Model;
  readonly difference?: Difference;
}

/** A cell of a matrix. */
export interface MatrixCell {
  readonly from: string;
  readonly to: string;
  readonly flows: readonly { readonly flow: string }[];
}

/** The matrix as a text table: a row for each zone that initiates, a column for each zone that is reached. */
export function matrixTable({ cells }: { readonly cells: readonly MatrixCell[] }): string {
  const names = [...new Set(cells.map(({ from }) => from))];
  const cell = (from: string, to: string) => flowsIn(cells, from, to).join("; ") || "-";
  return table(
    ["FROM \\ TO", ...names],
    names.map((from) => [from, ...names.map((to) => cell(from, to))]),
  );
}

/** A line for each allowed flow. */
export function flowLines({ cells }: SeparationReport): string[] {
  return cells.flatMap(({ from, to, flows }) => flows.map((flow) => `${from} > ${to}: ${flowText(flow)}`));
}

export function flowText({ from, to, flow, route, reason }: RoutedFlow): string {
  const by = route.length === 0 ? "no route" : route.join(", then ");
  return `${from} to ${to}, ${flow}; by ${by}${reason === undefined ? "" : `; because: ${reason}`}`;
}

/** Interfaces that no filter covers, because only the zone's own wiring separates them. */
export function unfilteredLines({ unfiltered }: SeparationReport): string[] {
  return unfiltered.map((line) => `not filtered: ${line}`);
}

/** A line for each difference, or one line that there is none. */
export function differenceLines(difference: Difference): string[] {
  const signs = { opened: "+", closed: "-", rerouted: "~" } as const;
  const lines = pathChanges(difference).map(({ kind, path }) => `${signs[kind]} ${kind}  ${path}`);
  return lines.length > 0 ? lines : [noPathChanges];
}

export const noPathChanges = "no path was opened or closed";

/** A path between two zones that is opened, closed or rerouted. */
export interface PathChange {
  readonly kind: keyof Difference;
  readonly path: string;
}

/** Lists the differences, those that open something first. */
export function pathChanges({ opened, closed, rerouted }: Difference): PathChange[] {
  const path = ({ from, to, flow }: FlowChange): string => `${from} > ${to}: ${flowText(flow)}`;
  return [
    ...opened.map((it) => ({ kind: "opened" as const, path: path(it) })),
    ...closed.map((it) => ({ kind: "closed" as const, path: path(it) })),
    ...rerouted.map((it) => ({
      kind: "rerouted" as const,
      path: `${path(it)}; before by ${(it.previousRoute ?? []).join(", then ")}`,
    })),
  ];
}

/** Why one end can reach the other, hop by hop, or why it cannot. */
export function explanationLines({ from, to, flows, denialReasons }: Explanation): string[] {
  if (flows.length === 0) {
    return [`${from} cannot initiate traffic to ${to}:`, ...denialReasons.map((line) => `  ${line}`)];
  }
  return flows.flatMap(({ rule, flow, reason, hops, possible }) => [
    `${from} is allowed to reach ${to}${possible ? "" : ", but there is no route"}: ${flow}, by rule '${rule}'${reason === undefined ? "" : ` (${reason})`}`,
    ...hops.map((hop, place) => `  ${place + 1}. ${hop}`),
  ]);
}

/** The report for a pull request: the differences, the matrix, and then each path. */
export function markdown(report: SeparationReport): string {
  const { violations, difference } = report;
  const paths = flowLines(report);
  return [
    "## Network separation",
    "",
    ...(violations.length > 0
      ? ["**Violations:**", "", ...violations.map(({ at, message }) => `- ${message} (at \`${at}\`)`), ""]
      : []),
    ...(difference === undefined ? [] : ["```diff", ...differenceLines(difference), "```", ""]),
    ...matrixMarkdown(report),
    "",
    `<details><summary>${paths.length} ${paths.length === 1 ? "path" : "paths"}</summary>`,
    "",
    ...[...paths, ...unfilteredLines(report)].map((line) => `- ${line}`),
    "",
    "</details>",
    "",
  ].join("\n");
}

/** The matrix as a Markdown table. */
export function matrixMarkdown({ cells }: { readonly cells: readonly MatrixCell[] }): string[] {
  const names = [...new Set(cells.map(({ from }) => from))];
  const row = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const cell = (from: string, to: string) => flowsIn(cells, from, to).join("<br>") || "denied";
  return [
    row(["from \\ to", ...names]),
    row(["---", ...names.map(() => "---")]),
    ...names.map((from) => row([`**${from}**`, ...names.map((to) => cell(from, to))])),
  ];
}

function flowsIn(cells: readonly MatrixCell[], from: string, to: string): string[] {
  const flows = cells.find((each) => each.from === from && each.to === to)?.flows ?? [];
  return [...new Set(flows.map(({ flow }) => flow))];
}
