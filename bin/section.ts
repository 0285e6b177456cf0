/** A part of a report: a title and a line for each object. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Leaves out the sections that would be empty. */
export function withLines(sections: readonly Section[]): readonly Section[] {
  return sections.filter(({ lines }) => lines.length > 0);
}

/** Renders sections for a terminal. */
export function sectionTexts(sections: readonly Section[]): readonly string[] {
  return sections.map(({ title, lines }) => [`${title}:`, ...lines.map((line) => `  ${line}`)].join("\n"));
}
