import type { RoutedFlow } from "../../separation";
import type { SeparationReport } from "./report";

/** Sizes in pixels. */
export const SIZES = {
  font: 14,
  line: 19,
  /** From the middle of a line of text down to its baseline. */
  rise: 5,
  margin: 20,
  pad: 14,
  box: 320,
  gap: 26,
  lane: 16,
  port: 16,
  tip: 8,
  legend: 130,
  /** The approximate width of a letter. Bold letters are wider. */
  letter: 7.4,
} as const;

/** How a path compares with the base. Without a base, every path is "kept". */
export type ChangeKind = "kept" | "opened" | "closed";

/** The box of a zone, or the box for everything outside. */
export interface Place {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The lines below its name. */
  readonly lines: readonly { readonly text: string; readonly kind?: ChangeKind }[];
  readonly isOutside: boolean;
}

/** An arrow between two zones, beside the boxes: out of one box, along a lane, and into the other box. */
export interface Arrow {
  readonly kind: ChangeKind;
  readonly edge: number;
  readonly lane: number;
  readonly start: number;
  readonly end: number;
  readonly label: { readonly x: number; readonly y: number; readonly lines: readonly string[] };
}

export interface Layout {
  readonly places: readonly Place[];
  readonly arrows: readonly Arrow[];
  readonly width: number;
  readonly height: number;
}

/** Flows of one kind between two rows, or within one row. */
interface Link {
  readonly from: number;
  readonly to: number;
  readonly kind: ChangeKind;
  readonly lines: readonly string[];
}

/** @param describe turns paths into lines of text */
export function layOut(report: SeparationReport, describe: (paths: readonly RoutedFlow[]) => string[]): Layout {
  const names = rowsOf(report);
  const links = linksOf(report, names, describe);
  const rows = names.map((row, place) => ({ ...row, lines: [{ text: row.detail }, ...linesWithin(links, place)] }));
  const between = links.filter(({ from, to }) => from !== to).sort(byLength);
  const lanes = lanesOf(between);
  const width = Math.max(
    SIZES.box,
    widthOf(rows.flatMap(({ lines }) => lines.map(({ text }) => text))) + SIZES.pad * 2,
  );
  const edge = SIZES.margin + width;
  const left = edge + SIZES.gap + Math.max(0, ...lanes.values()) * SIZES.lane + SIZES.gap;

  const places: Place[] = [];
  const tops = new Map<Link, number>();
  let y: number = SIZES.margin;
  rows.forEach(({ name, lines, isOutside }, row) => {
    const ports = between.filter(({ from, to }) => from === row || to === row).length;
    const height = Math.max(SIZES.line * (lines.length + 2), SIZES.port * (ports + 1));
    places.push({ name, x: SIZES.margin, y, width, height, lines, isOutside });
    y += height + SIZES.gap;
    // The labels of arrows that start here stand below the box, so that they overlap nothing.
    const leaving = between.filter((link) => ends(link)[0] === row);
    for (const link of leaving) {
      tops.set(link, y);
      y += SIZES.line * link.lines.length + SIZES.gap / 2;
    }
    y += leaving.length > 0 ? SIZES.gap / 2 : 0;
  });

  const arrows = between.map((link): Arrow => ({
    kind: link.kind,
    edge,
    lane: edge + SIZES.gap + (lanes.get(link) ?? 0) * SIZES.lane,
    start: portOf(link, link.from, between, places),
    end: portOf(link, link.to, between, places),
    label: { x: left, y: tops.get(link) ?? 0, lines: link.lines },
  }));
  return {
    places,
    arrows,
    width: left + widthOf(between.flatMap(({ lines }) => lines)) + SIZES.margin,
    height: y + SIZES.line * (report.difference === undefined ? 1 : 3),
  };
}

/** The lines in a zone's box about what is allowed within the zone. */
function linesWithin(links: readonly Link[], row: number): Place["lines"] {
  return links
    .filter(({ from, to }) => from === row && to === row)
    .flatMap(({ kind, lines: [title = "", ...more] }) => [{ text: title, kind }, ...more.map((text) => ({ text }))]);
}

function widthOf(lines: readonly string[]): number {
  return Math.ceil(Math.max(0, ...lines.map(({ length }) => length)) * SIZES.letter);
}

function rowsOf({ model }: SeparationReport): { name: string; detail: string; isOutside: boolean }[] {
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
      return { name, detail, isOutside: false };
    }),
    { name: "outside", detail: "outside the hosts' networks", isOutside: true },
  ];
}

function linksOf(
  { cells, difference }: SeparationReport,
  rows: readonly { readonly name: string }[],
  describe: (paths: readonly RoutedFlow[]) => string[],
): Link[] {
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
      .map(([kind, paths]): Link => {
        const flow = [...new Set(paths.map((path) => path.flow))].join("; ");
        const ends = from === to ? "within" : `${from} > ${to}`;
        return { from: row(from), to: row(to), kind, lines: [`${ends}: ${flow}`, ...describe(paths)] };
      });
  });
}

/** Sorts the shortest first: these are next to the boxes, so that no arrow crosses another. */
function byLength(one: Link, other: Link): number {
  return Math.abs(one.from - one.to) - Math.abs(other.from - other.to);
}

/** Gives each arrow a lane outside the lanes of the shorter arrows that it passes. */
function lanesOf(links: readonly Link[]): Map<Link, number> {
  const lanes = new Map<Link, number>();
  for (const link of links) {
    const [top, bottom] = ends(link);
    const passed = [...lanes].filter(([other]) => Math.max(top, ends(other)[0]) < Math.min(bottom, ends(other)[1]));
    lanes.set(link, Math.max(-1, ...passed.map(([, lane]) => lane)) + 1);
  }
  return lanes;
}

function ends({ from, to }: Link): readonly [top: number, bottom: number] {
  return [Math.min(from, to), Math.max(from, to)];
}

/** The height at which an arrow meets a box. Arrows from above meet it above those from below, so that no lines cross. */
function portOf(link: Link, row: number, links: readonly Link[], places: readonly Place[]): number {
  const here = links.filter(({ from, to }) => from === row || to === row);
  const up = here.filter((each) => ends(each)[0] < row);
  const down = here.filter((each) => ends(each)[0] === row).reverse();
  const { y = 0, height = 0 } = places[row] ?? {};
  const step = height / (here.length + 1);
  return Math.round(y + step * ([...up, ...down].indexOf(link) + 1));
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
