import { join } from "node:path";
import { driftOf } from "../../../bin/drift/findings";
import { MARK, markdown } from "../../../bin/drift/markdown";
import { text, type Told } from "../../../bin/drift/text";
import { expectGolden } from "../../golden";
import { nothing, sample, sampleReport, sampleStack } from "./report";

const told: Told = { drift: sample, accepted: 0, stale: [] };
const golden = (name: string): string => join(__dirname, "golden", name);

describe("the text", () => {
  test("has a table of what changed, and a part for each other kind of finding", () => {
    expectGolden(golden("drift.txt"), `${text(told)}\n`);
  });

  test("says that there is no drift", () => {
    expect(text({ ...told, drift: nothing })).toBe("No drift: 7 objects compared.");
  });

  test("shows the part of long values that differs", () => {
    const long = Array.from({ length: 20 }, (_, index) => `disk vd${String.fromCharCode(98 + index)}`).join("; ");
    const attributes = [{ path: "undeclared", was: long, is: `${long}; disk sda`, sensitive: false }];
    const changed = sampleReport.changed.map((it) => ({ ...it, attributes }));
    const drift = driftOf([sampleStack], { ...sampleReport, changed });

    expect(text({ ...told, drift })).toMatch(/ \.\.\.\S.*disk vdu {2}\.\.\.\S.*disk vdu; disk sda$/m);
  });

  test("names what is accepted and not found any more, and counts what is accepted", () => {
    const stale = [
      { kind: "undeclared", type: "libvirt_pool", host: "alpha", name: "old" },
      {
        kind: "changed",
        stack: "shop",
        object: "front/web-2",
        type: "libvirt_domain",
        host: "alpha",
        attribute: "vcpu",
      },
      { kind: "gone", stack: "shop", object: "front/web-3", type: "libvirt_domain", host: "alpha" },
    ] as const;

    expect(text({ drift: nothing, accepted: 1, stale }).split("\n")).toEqual([
      "Accepted, but not found any more:",
      "  pool old on alpha",
      "  shop: front/web-2 (libvirt_domain on alpha): vcpu",
      "  shop: front/web-3 (libvirt_domain on alpha): gone",
      "",
      "No drift: 7 objects compared, 1 finding accepted.",
    ]);
  });

  test("has the address of an object in a module, although the stack has a resource of the same name", () => {
    const [changed] = sampleReport.changed;
    if (changed === undefined) throw new Error("the sample has no changed object");
    const object = { ...changed.object, address: "module.m.libvirt_domain.web-1" };
    const drift = driftOf([sampleStack], { ...sampleReport, changed: [{ ...changed, object }] });

    expect(text({ ...told, drift })).toContain("shop   module.m.libvirt_domain.web-1  alpha");
  });
});

describe("the Markdown", () => {
  test("is as in the golden file", () => {
    expectGolden(golden("drift.md"), markdown(told));
  });

  test("can be found by its first line", () => {
    expect(markdown({ ...told, drift: nothing }).split("\n")[0]).toBe(MARK);
  });

  test.each([65_536, 3_000, 500])("is not longer than %d characters", (limit) => {
    const name = "n".repeat(200);
    const undeclared = Array.from({ length: 500 }, () => ({
      type: "libvirt_domain",
      host: "alpha",
      name,
      uuid: "",
      state: "running",
    }));
    const changed = Array.from({ length: 500 }, () => sampleReport.changed).flat();
    const many = markdown({ ...told, drift: driftOf([sampleStack], { ...sampleReport, changed, undeclared }) }, limit);

    expect(many.length).toBeLessThanOrEqual(limit);
    if (limit > 60_000) {
      expect(many).toContain("- and 450 more");
      expect(many).toContain("- and 1450 more");
    }
  });
});
