import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { readResults, writeResults } from "../../bench/record";
import type { Result } from "../../bench/result";

let folder: string;
let file: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
  file = path.join(folder, "bench.json");
});

afterEach(() => {
  fs.rmSync(folder, { recursive: true });
});

describe("bench.json", () => {
  test("stores results", () => {
    const machine = { cores: 2, memory: 4096, kernel: "6.1.0", node: "v20.0.0" };
    const results: Result[] = [
      { name: "plan", at: "2026-01-01T00:00:00.000Z", machine, findings: [], error: "no lab" },
    ];
    writeResults(file, results);

    expect(readResults(file)).toEqual(results);
    expect(fs.readdirSync(folder)).toEqual(["bench.json"]);
  });

  test("has no results before the first run", () => {
    expect(readResults(file)).toEqual([]);
  });

  test("ignores results without a time and a machine", () => {
    fs.writeFileSync(file, JSON.stringify({ at: "2026-01-01", results: [{ name: "plan", findings: [] }] }));

    expect(readResults(file)).toEqual([]);
  });
});
