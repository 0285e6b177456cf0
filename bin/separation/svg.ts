import type { RoutedFlow } from "../../separation";
import type { Link, Row } from "../picture/layout";
import { svg as draw, type Picture } from "../picture/svg";
import type { SeparationReport } from "./report";

/** How many paths between two zones are listed. The others are only counted. */
const MOST_PATHS = 4;

/** How a path compares with the base. Without a base, every path is "kept". */
type ChangeKind = "kept" | "opened" | "closed";

/**
 * The report as a picture. A box for each zone, the most trusted first, lists what is allowed within it. An arrow beside the
 * boxes shows what is allowed from one zone to another. Compared with a base, new paths are green and removed paths red.
 */
export function svg(report: SeparationReport): string {
  const rows = rowsOf(report);
  return draw({
    title: "What may talk to what",
    rows,
    links: linksOf(report, rows),
    kinds: {
      kept: { meaning: "as before", colour: "blue" },
      opened: { meaning: "opened", colour: "green" },
      closed: { meaning: "closed", colour: "red", dashed: true },
    },
    legend: report.difference !== undefined,
    summary: summaryOf(report),
  });
}

/** Lines that describe paths: the ends, the gateways or hosts between them, and the reason. */
function describePaths(paths: readonly RoutedFlow[]): string[] {
  const lines = paths.slice(0, MOST_PATHS).flatMap(({ from, to, flow, route, reason }) => {
    const hops = route
      .filter((hop) => /^(gateway|the routing) /.test(hop))
      .map((hop) => hop.replace(/, .*$/, "").replaceAll("'", ""));
    const by = hops.length === 0 ? "" : ` by ${hops.join(", ")}`;
    const ends = paths.length === 1 ? `${from} to ${to}` : `${from} to ${to}, ${flow}`;
    return [`${ends}${by}`, ...(reason === undefined ? [] : [`because: ${reason}`])];
  });
  const others = paths.length - MOST_PATHS;
  return others > 0 ? [...lines, `and ${others} more`] : lines;
}

function rowsOf({ model }: SeparationReport): Row<ChangeKind>[] {
  const zones = [...model.zones].sort((one, other) => other.trust - one.trust || (one.name < other.name ? -1 : 1));
  return [
    ...zones.map(({ path, name, trust }) => {
      const networks = model.networks.filter(({ zone }) => zone === path);
      const own = new Set(networks.map((network) => network.path));
      const machines = model.machines.filter(({ interfaces }) =>
        interfaces.some(({ network }) => own.has(network ?? "")),
      );
      const names = new Set(networks.map((network) => network.name));
      const detail = `trust ${trust}, ${count(names.size, "network")}, ${count(machines.length, "machine")}`;
      return { name, lines: [{ text: detail }], isOutside: false };
    }),
    { name: "outside", lines: [{ text: "outside the hosts' networks" }], isOutside: true },
  ];
}

function linksOf(
  { cells, difference }: SeparationReport,
  rows: readonly { readonly name: string }[],
): Link<ChangeKind>[] {
  const row = (name: string) => rows.findIndex((each) => each.name === name);
  const opened = new Set(difference?.opened.map(({ flow }) => flow));
  const closed = difference?.closed ?? [];
  return cells.flatMap(({ from, to, flows }) => {
    const kinds: readonly (readonly [ChangeKind, readonly RoutedFlow[]])[] = [
      ["kept", flows.filter((path) => !opened.has(path))],
      ["opened", flows.filter((path) => opened.has(path))],
      ["closed", closed.filter((change) => change.from === from && change.to === to).map(({ flow }) => flow)],
    ];
    return kinds
      .filter(([, paths]) => paths.length > 0)
      .map(([kind, paths]): Link<ChangeKind> => {
        const flow = [...new Set(paths.map((path) => path.flow))].join("; ");
        const ends = from === to ? "within" : `${from} > ${to}`;
        return { from: row(from), to: row(to), kind, lines: [`${ends}: ${flow}`, ...describePaths(paths)] };
      });
  });
}

/** The line at the bottom: the rest is denied, or the app violates its policy. */
function summaryOf({ violations: { length: count } }: SeparationReport): Picture<ChangeKind>["summary"] {
  return count === 0
    ? { text: "Everything else is denied, between zones and within them, for IPv4 and IPv6." }
    : { text: `${count} ${count === 1 ? "violation" : "violations"} of the policy, see the report.`, kind: "closed" };
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
