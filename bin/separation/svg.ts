import type { RoutedFlow } from "../../separation";
import { type Arrow, type ChangeKind, layOut, type Place, SIZES } from "./layout";
import type { SeparationReport } from "./report";

/** How many paths between two zones are listed. The others are only counted. */
const MOST_PATHS = 4;

interface Palette extends Readonly<Record<ChangeKind, string>> {
  readonly ground: string;
  readonly ink: string;
  readonly soft: string;
  readonly box: string;
  readonly line: string;
}

const LIGHT: Palette = {
  ground: "#fff",
  ink: "#1f2937",
  soft: "#566070",
  box: "#f3f5f8",
  line: "#8a94a3",
  kept: "#1f4e9c",
  opened: "#15803d",
  closed: "#b91c1c",
};

const DARK: Palette = {
  ground: "#161b22",
  ink: "#e6edf3",
  soft: "#9aa5b1",
  box: "#232b36",
  line: "#6b7685",
  kept: "#79b0ff",
  opened: "#4ade80",
  closed: "#ff8a80",
};

function colours(palette: Palette): string {
  const { ground, ink, soft, box: inside, line } = palette;
  return (
    `.ground{fill:${ground}}text{fill:${ink}}.soft{fill:${soft}}.box{fill:${inside};stroke:${line}}` +
    CHANGE_KINDS.map((kind) => `.${kind}{stroke:${palette[kind]}}.${kind}-fill{fill:${palette[kind]}}`).join("")
  );
}

const CHANGE_KINDS = ["kept", "opened", "closed"] as const satisfies readonly ChangeKind[];

/** The picture has its own background, so that it works on light and dark pages, and follows the reader's preference. */
const STYLE =
  "path{fill:none;stroke-width:1.6}.bold{font-weight:bold}.outside{stroke-dasharray:5 4}.closed{stroke-dasharray:6 4}" +
  `.leader{stroke-width:1;stroke-dasharray:1 3}${colours(LIGHT)}@media(prefers-color-scheme:dark){${colours(DARK)}}`;

const LEGEND: Readonly<Record<ChangeKind, string>> = {
  kept: "as before",
  opened: "opened",
  closed: "closed",
};

/**
 * The report as a picture. A box for each zone, the most trusted first, lists what is allowed within it. An arrow beside the
 * boxes shows what is allowed from one zone to another. Compared with a base, new paths are green and removed paths red.
 */
export function svg(report: SeparationReport): string {
  const { places, arrows, width, height } = layOut(report, describePaths);
  const last = height - SIZES.line;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
      `font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="${SIZES.font}">`,
    `<title>What may talk to what</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>`,
    ...places.map(box),
    ...arrows.map(arrow),
    ...(report.difference === undefined ? [] : legend(last - SIZES.line * 2)),
    summary(report, last),
    `</svg>`,
    "",
  ].join("\n");
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

function box({ name, x, y, width, height, lines, isOutside }: Place): string {
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

function arrow({ kind, edge, lane, start, end, label }: Arrow): string {
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
function legend(y: number): string[] {
  return CHANGE_KINDS.map((kind, place) => {
    const x = SIZES.margin + place * SIZES.legend;
    return (
      `<path class="${kind}" d="M${x} ${y}h${SIZES.pad * 2}"/>` +
      text(x + SIZES.pad * 2 + SIZES.rise, y + SIZES.rise, LEGEND[kind], `${kind}-fill`)
    );
  });
}

/** The line at the bottom: the rest is denied, or the app violates its policy. */
function summary({ violations: { length: count } }: SeparationReport, y: number): string {
  return count === 0
    ? text(SIZES.margin, y, "Everything else is denied, between zones and within them, for IPv4 and IPv6.", "bold")
    : text(
        SIZES.margin,
        y,
        `${count} ${count === 1 ? "violation" : "violations"} of the policy, see the report.`,
        "bold closed-fill",
      );
}

function text(x: number, y: number, content: string, style: string): string {
  return `<text x="${x}" y="${y}" class="${style}">${escape(content)}</text>`;
}

function escape(content: string): string {
  return content.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
