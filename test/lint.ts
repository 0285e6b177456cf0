/**
 * Checks style, types, structure and the public API, of TypeScript and Go. `npm test` runs the same checks.
 *
 *     tsx test/lint.ts
 */
import { failuresOf } from "./runner/failures";
import { lintChecks } from "./runner/steps";

void failuresOf(lintChecks(), (line) => {
  console.log(line);
}).then((failed) => {
  process.exitCode = failed > 0 ? 1 : 0;
});
