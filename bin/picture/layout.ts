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

/** A row of a picture: a box with a name and lines of text. */
export interface Row<Kind extends string> {
  readonly name: string;
  readonly lines: readonly Line<Kind>[];
  /** Whether its border is dashed. */
  readonly isOutside: boolean;
}

/** A line of text, in the colour of its kind. */
export interface Line<Kind extends string> {
  readonly text: string;
  readonly kind?: Kind;
}

/** What is between two rows, by their numbers. A link within one row is written into its box. */
export interface Link<Kind extends string> {
  readonly from: number;
  readonly to: number;
  readonly kind: Kind;
  readonly lines: readonly string[];
}

/** The box of a row. */
export interface Place<Kind extends string> extends Row<Kind> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow between two rows, beside the boxes: out of one box, along a lane, and into the other box. */
export interface Arrow<Kind extends string> {
  readonly kind: Kind;
  readonly edge: number;
  readonly lane: number;
  readonly start: number;
  readonly end: number;
  readonly label: { readonly x: number; readonly y: number; readonly lines: readonly string[] };
}

export interface Layout<Kind extends string> {
  readonly places: readonly Place<Kind>[];
  readonly arrows: readonly Arrow<Kind>[];
  readonly width: number;
  readonly height: number;
}

/** @param footer the number of lines below the boxes */
export function layOut<Kind extends string>(
  named: readonly Row<Kind>[],
  links: readonly Link<Kind>[],
  footer: number,
): Layout<Kind> {
  const rows = named.map((row, place) => ({ ...row, lines: [...row.lines, ...linesWithin(links, place)] }));
  const between = links.filter(({ from, to }) => from !== to).sort(byLength);
  const lanes = lanesOf(between);
  const width = Math.max(
    SIZES.box,
    widthOf(rows.flatMap(({ lines }) => lines.map(({ text }) => text))) + SIZES.pad * 2,
  );
  const edge = SIZES.margin + width;
  const left = edge + SIZES.gap + Math.max(0, ...lanes.values()) * SIZES.lane + SIZES.gap;

  const places: Place<Kind>[] = [];
  const tops = new Map<Link<Kind>, number>();
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

  const arrows = between.map((link): Arrow<Kind> => ({
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
    height: y + SIZES.line * footer,
  };
}

/** The lines in a row's box about the links within it. */
function linesWithin<Kind extends string>(links: readonly Link<Kind>[], row: number): readonly Line<Kind>[] {
  return links
    .filter(({ from, to }) => from === row && to === row)
    .flatMap(({ kind, lines: [title = "", ...more] }) => [{ text: title, kind }, ...more.map((text) => ({ text }))]);
}

function widthOf(lines: readonly string[]): number {
  return Math.ceil(Math.max(0, ...lines.map(({ length }) => length)) * SIZES.letter);
}

/** Sorts the shortest first: these are next to the boxes, so that no arrow crosses another. */
function byLength(one: Link<string>, other: Link<string>): number {
  return Math.abs(one.from - one.to) - Math.abs(other.from - other.to);
}

/** Gives each arrow a lane outside the lanes of the shorter arrows that it passes. */
function lanesOf<Kind extends string>(links: readonly Link<Kind>[]): Map<Link<Kind>, number> {
  const lanes = new Map<Link<Kind>, number>();
  for (const link of links) {
    const [top, bottom] = ends(link);
    const passed = [...lanes].filter(([other]) => Math.max(top, ends(other)[0]) < Math.min(bottom, ends(other)[1]));
    lanes.set(link, Math.max(-1, ...passed.map(([, lane]) => lane)) + 1);
  }
  return lanes;
}

function ends({ from, to }: Link<string>): readonly [top: number, bottom: number] {
  return [Math.min(from, to), Math.max(from, to)];
}

/** The height at which an arrow meets a box. Arrows from above meet it above those from below, so that no lines cross. */
function portOf<Kind extends string>(
  link: Link<Kind>,
  row: number,
  links: readonly Link<Kind>[],
  places: readonly Place<Kind>[],
): number {
  const here = links.filter(({ from, to }) => from === row || to === row);
  const up = here.filter((each) => ends(each)[0] < row);
  const down = here.filter((each) => ends(each)[0] === row).reverse();
  const { y = 0, height = 0 } = places[row] ?? {};
  const step = height / (here.length + 1);
  return Math.round(y + step * ([...up, ...down].indexOf(link) + 1));
}
