import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Accepted, readAccepted, type Scope, withoutAccepted, writeAccepted } from "../../../bin/drift/accepted";
import { driftOf } from "../../../bin/drift/findings";
import { expectGolden } from "../../golden";
import { nothing, sample, sampleReport, sampleStack } from "./report";

const scope: Scope = { stacks: ["shop"], others: ["office"] };
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "accepted-"));
  file = join(folder, "accepted.json");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("accepted findings", () => {
  test("are written to a file that can be reviewed", () => {
    expect(writeAccepted(file, sample, scope)).toBe(6);
    expectGolden(join(__dirname, "golden", "accepted.json"), readFileSync(file, "utf8"));
  });

  test("are not reported any more", () => {
    writeAccepted(file, sample, scope);

    const { drift, stale } = withoutAccepted(sample, readAccepted(file), scope);
    expect(drift.findings).toEqual([]);
    expect(drift.failed).toEqual(sample.failed);
    expect(stale).toEqual([]);
  });

  test("are reported again with another value, and are then stale", () => {
    writeAccepted(file, sample, scope);
    const text = readFileSync(file, "utf8").replace('"is": 4', '"is": 3');
    writeFileSync(file, text);

    const { drift, stale } = withoutAccepted(sample, readAccepted(file), scope);
    expect(drift.findings).toMatchObject([{ attribute: "vcpu", is: 4 }]);
    expect(stale).toMatchObject([{ attribute: "vcpu", is: 3 }]);
  });

  test("cover each value of a sensitive attribute, which the file does not have", () => {
    writeAccepted(file, sample, scope);

    const entries = readAccepted(file).filter(({ attribute }) => attribute === "user_data");
    expect(entries).toHaveLength(1);
    expect(entries[0]).not.toHaveProperty("is");
  });

  const entry: Accepted = {
    kind: "gone",
    stack: "shop",
    address: "libvirt_pool.p",
    type: "libvirt_pool",
    host: "alpha",
  };
  test.each<[string, Accepted, boolean]>([
    ["an object of a stack that was compared", entry, true],
    ["an object of a stack that was not compared", { ...entry, stack: "office" }, false],
    ["an object of a stack that the app does not have any more", { ...entry, stack: "old" }, true],
    ["an object on a host that did not answer", { ...entry, host: "beta" }, false],
    ["an object that could not be read", { ...entry, address: "libvirt_domain.odd" }, false],
    ["an object that is not declared", { kind: "undeclared", type: "libvirt_pool", host: "alpha", name: "p" }, true],
    ["an object on a silent host", { kind: "undeclared", type: "libvirt_pool", host: "beta", name: "p" }, false],
  ])("are stale only where they were looked for: %s", (_, accepted, isStale) => {
    expect(withoutAccepted(sample, [accepted], scope).stale).toEqual(isStale ? [accepted] : []);
    writeFileSync(file, JSON.stringify({ accepted: [accepted] }));
    writeAccepted(file, driftOf([sampleStack], { ...sampleReport, changed: [], gone: [], undeclared: [] }), scope);
    expect(readAccepted(file)).toEqual(isStale ? [] : [accepted]);
  });

  test("are none where nothing was found", () => {
    expect(writeAccepted(file, nothing, scope)).toBe(0);
    expect(readAccepted(file)).toEqual([]);
  });

  test.each([
    ["not JSON", "{", /accepted\.json is not JSON: /],
    [
      "without the list",
      "{}",
      /must have a list 'accepted' of findings with 'kind', 'type' and 'host'; write it again/,
    ],
    ["with another kind of finding", '{"accepted": [{"kind": "new", "type": "t", "host": "h"}]}', /must have a list/],
    ["with an empty entry", '{"accepted": [null]}', /must have a list/],
  ])("must not be in a file that is %s", (_, content, message) => {
    writeFileSync(file, content);
    expect(() => readAccepted(file)).toThrow(message);
  });

  test("must be in a file that exists", () => {
    expect(() => readAccepted(file)).toThrow(
      `there is no file ${file}; write it with 'kvm-fleet drift --accept ${file}'`,
    );
  });
});
