import type { Section } from "./section";

/** The length that GitHub allows for a comment. */
export const LIMIT = 65_536;

/** The number of lines that a section shows at most. */
const LINES = 50;

/** Renders a table. @param alignment the second line of the table: `---` is left, `---:` is right */
export function table(
  heading: readonly string[],
  alignment: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [row(heading), `| ${alignment.join(" | ")} |`, ...rows.map(row)].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escape).join(" | ")} |`;
}

/** Renders a section. What is beyond the number of lines that a section shows is counted. */
export function section({ title, lines }: Section): string {
  const shown = lines.slice(0, LINES).map((line) => `- ${escape(line)}`);
  return [`#### ${title}`, "", ...shown, ...more(lines)].join("\n");
}

/** Renders a section that is a table. */
export function tableSection(
  title: string,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  if (rows.length === 0) return [];
  const alignment = heading.map(() => "---");
  return [`#### ${title}`, table(heading, alignment, rows.slice(0, LINES)), ...more(rows)];
}

function more(all: readonly unknown[]): readonly string[] {
  const left = all.length - LINES;
  return left > 0 ? [`- and ${String(left)} more`] : [];
}

/** Cuts a text that is longer than allowed, with its last line break. */
export function fitted(text: string, limit = LIMIT): string {
  return text.slice(0, limit - 1);
}

/** Escapes what Markdown would not show as it is. */
export function escape(text: string): string {
  return text.replace(/[\\`*_[\]<>|~#]/g, "\\$&").replace(/\s+/g, " ");
}
