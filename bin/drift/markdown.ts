import { fitted, LIMIT, section, tableSection } from "../markdown";
import { HEADING, outcome, rows, sections, type Told } from "./text";

/** The first line of the comment. A pipeline finds by it the issue or the comment that it updates. */
export const MARK = "<!-- kvm-fleet drift -->";

/** Renders drift as an issue or a comment. It is the same for the same drift, and not longer than what GitHub allows. */
export function markdown(told: Told, limit = LIMIT): string {
  const parts = [
    MARK,
    "### kvm-fleet drift",
    outcome(told),
    ...tableSection("Otherwise than the state says", HEADING, rows(told.drift)),
    ...sections(told).map(section),
  ];
  return `${fitted(parts.join("\n\n"), limit)}\n`;
}
