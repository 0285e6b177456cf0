import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";

/** Checks the tags of a machine. */
export function checkTags(at: IConstruct, tags: readonly string[]): void {
  for (const [place, tag] of tags.entries()) {
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(tag)) {
      addError(at, `'tags' must be 1 to 40 letters, digits, '-' and '_', got '${tag}'; remove other characters`);
    } else if (tags.indexOf(tag) < place) {
      addError(at, `'tags' must be unique, '${tag}' is already used; remove one of them`);
    }
  }
}
