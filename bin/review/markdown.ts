import { escape, fitted, LIMIT, section, table } from "../markdown";
import type { FleetReview } from "./fleet-review";
import { hasChanges } from "./review";
import { HEADING, rows, sections } from "./summary";

/** The first line of the comment. A pipeline finds by it the comment that it updates. */
export const MARK = "<!-- kvm-fleet plan -->";

/** What a stack's plan says in full, as `terraform show` prints it: secrets are left out there. */
export interface Diff {
  readonly stack: string;
  readonly text: string;
}

/**
 * Renders reviews as the comment of a pull request.
 *
 * The comment is the same for the same plan. It is shorter than what GitHub and GitLab allow; what is cut is said.
 */
export function markdown(review: FleetReview, diffs: readonly Diff[], limit = LIMIT): string {
  const head = [
    MARK,
    "### kvm-fleet plan",
    outcome(review),
    table(
      HEADING,
      HEADING.map((_, column) => (column === 0 ? "---" : "---:")),
      rows(review.stacks),
    ),
    ...sections(review).map(section),
  ].join("\n\n");
  let left = limit - head.length - 2;
  const parts: string[] = [];
  diffs.forEach(({ stack, text }, index) => {
    // The stacks that follow get an equal part of what is left.
    const part = details(stack, text, Math.floor(left / (diffs.length - index)) - 2);
    left -= part.length + 2;
    if (part !== "") parts.push(part);
  });
  return `${[fitted(head, limit), ...parts].join("\n\n")}\n`;
}

/** Says in one sentence whether anything changes. */
function outcome({ stacks }: FleetReview): string {
  return stacks.some(hasChanges) ? "The plan changes the fleet." : "The fleet is as declared: no changes.";
}

/** Renders a diff that can be opened, in at most so many characters. Empty if there is no room. */
function details(stack: string, text: string, room: number): string {
  const lines = text.trimEnd().split("\n");
  const before = `<details><summary>Full plan of ${escape(stack)}</summary>\n\n\`\`\`\`\`diff\n`;
  const after = "\n`````\n\n</details>";
  const cut = (left: number): string => `\n... ${String(left)} more lines; run 'kvm-fleet plan ${stack}' to see them`;
  const whole = before + lines.join("\n") + after;
  if (whole.length <= room) return whole;
  const kept: string[] = [];
  let length = before.length + after.length + cut(lines.length).length;
  for (const line of lines) {
    length += line.length + 1;
    if (length > room) break;
    kept.push(line);
  }
  return kept.length === 0 ? "" : before + kept.join("\n") + cut(lines.length - kept.length) + after;
}
