import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Asserts that a text is as in a committed file. `npm run golden` writes the files again. */
export function expectGolden(file: string, text: string): void {
  if (process.env.KVM_FLEET_RENEW_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, "utf8"));
}
