import { type Arrow, layOut, type Link, type Place, type Row, SIZES } from "./layout";

/** A picture of boxes and arrows. */
export interface Picture<Kind extends string> {
  readonly title: string;
  readonly rows: readonly Row<Kind>[];
  readonly links: readonly Link<Kind>[];
  /** The kinds of lines and arrows, in the order of the legend. */
  readonly kinds: Readonly<Record<Kind, KindStyle>>;
  readonly legend: boolean;
  /** The line at the bottom, in the colour of a kind or in that of text. */
  readonly summary: { readonly text: string; readonly kind?: Kind };
}

/** What a kind means, and how it looks. */
export interface KindStyle {
  readonly meaning: string;
  readonly colour: Colour;
  readonly dashed?: boolean;
}

export type Colour = "blue" | "green" | "red" | "amber";

interface Palette extends Readonly<Record<Colour, string>> {
  readonly ground: string;
  readonly ink: string;
  readonly soft: string;
  readonly box: string;
  readonly line: string;
}

/** The colours on a light page. */
export const LIGHT: Palette = {
  ground: "#fff",
  ink: "#1f2937",
  soft: "#566070",
  box: "#f3f5f8",
  line: "#8a94a3",
  blue: "#1f4e9c",
  green: "#15803d",
  red: "#b91c1c",
  amber: "#92580c",
};

const DARK: Palette = {
  ground: "#161b22",
  ink: "#e6edf3",
  soft: "#9aa5b1",
  box: "#232b36",
  line: "#6b7685",
  blue: "#79b0ff",
  green: "#4ade80",
  red: "#ff8a80",
  amber: "#f2b96b",
};

/** Renders a picture: a box for each row, with arrows beside the boxes. It is the same for the same content. */
export function svg<Kind extends string>(picture: Picture<Kind>): string {
  const { title, rows, links, legend, summary } = picture;
  const kinds = Object.entries<KindStyle>(picture.kinds);
  const { places, arrows, height, ...layout } = layOut(rows, links, legend ? 3 : 1);
  const width = Math.max(layout.width, legend ? SIZES.margin + kinds.length * SIZES.legend : 0);
  const last = height - SIZES.line;
  const bottom = summary.kind === undefined ? "bold" : `bold ${summary.kind}-fill`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="${SIZES.font}">`,
    `<title>${escape(title)}</title>`,
    `<style>${styleOf(kinds)}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>`,
    ...places.map(box),
    ...arrows.map(arrow),
    ...(legend ? legendOf(kinds, last - SIZES.line * 2) : []),
    text(SIZES.margin, last, summary.text, bottom),
    `</svg>`,
    "",
  ].join("\n");
}

/** The picture has its own background, so that it works on light and dark pages, and follows the reader's preference. */
function styleOf(kinds: readonly (readonly [string, KindStyle])[]): string {
  const dashed = kinds.filter(([, style]) => style.dashed).map(([kind]) => `.${kind}{stroke-dasharray:6 4}`);
  return (
    `path{fill:none;stroke-width:1.6}.bold{font-weight:bold}.outside{stroke-dasharray:5 4}${dashed.join("")}` +
    `.leader{stroke-width:1;stroke-dasharray:1 3}${colours(LIGHT, kinds)}@media(prefers-color-scheme:dark){${colours(DARK, kinds)}}`
  );
}

function colours(palette: Palette, kinds: readonly (readonly [string, KindStyle])[]): string {
  const { ground, ink, soft, box: inside, line } = palette;
  return (
    `.ground{fill:${ground}}text{fill:${ink}}.soft{fill:${soft}}.box{fill:${inside};stroke:${line}}` +
    kinds
      .map(([kind, { colour }]) => `.${kind}{stroke:${palette[colour]}}.${kind}-fill{fill:${palette[colour]}}`)
      .join("")
  );
}

function box({ name, x, y, width, height, lines, isOutside }: Place<string>): string {
  const left = x + SIZES.pad;
  const rows = lines.map((line, row) =>
    text(
      left,
      y + SIZES.line * (row + 2) + SIZES.rise,
      line.text,
      line.kind === undefined ? "soft" : `${line.kind}-fill`,
    ),
  );
  return (
    `<rect class="box${isOutside ? " outside" : ""}" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>` +
    text(left, y + SIZES.line + SIZES.rise, name, "bold") +
    rows.join("")
  );
}

function arrow({ kind, edge, lane, start, end, label }: Arrow<string>): string {
  const tip = `M${edge} ${end}l9 -4.5v9z`;
  const [title = "", ...lines] = label.lines;
  return (
    `<path class="${kind}" d="M${edge} ${start}H${lane}V${end}H${edge + SIZES.tip}"/>` +
    `<path class="${kind}-fill" d="${tip}"/>` +
    `<path class="${kind} leader" d="M${lane} ${label.y}H${label.x - SIZES.pad / 2}"/>` +
    text(label.x, label.y + SIZES.rise, title, `bold ${kind}-fill`) +
    lines.map((line, row) => text(label.x, label.y + SIZES.line * (row + 1) + SIZES.rise, line, "soft")).join("")
  );
}

/** The meaning of the colours. */
function legendOf(kinds: readonly (readonly [string, KindStyle])[], y: number): string[] {
  return kinds.map(([kind, { meaning }], place) => {
    const x = SIZES.margin + place * SIZES.legend;
    return (
      `<path class="${kind}" d="M${x} ${y}h${SIZES.pad * 2}"/>` +
      text(x + SIZES.pad * 2 + SIZES.rise, y + SIZES.rise, meaning, `${kind}-fill`)
    );
  });
}

function text(x: number, y: number, content: string, style: string): string {
  return `<text x="${x}" y="${y}" class="${style}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
