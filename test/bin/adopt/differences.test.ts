import { merged, overridesOf } from "../../../bin/adopt/differences";

const stated = new Set(["cpu", "disks", "title", "tags", "serial"]);

describe("what a plan would change", () => {
  test.each<[string, object, object, unknown]>([
    ["is nothing where nothing differs", { title: "a" }, { title: "a" }, undefined],
    ["is the value of the host", { title: "a" }, { title: "b" }, { title: "a" }],
    ["is null where the host has none", { serial: null }, { serial: { log_file: "/a" } }, { serial: null }],
    [
      "is a group without what is not set",
      { cpu: { mode: "custom", model: null } },
      { cpu: null },
      { cpu: { mode: "custom" } },
    ],
    [
      "is only the part of a group that differs",
      { disks: { vda: { file: "/a", boot: null } } },
      { disks: { vda: { file: "/a", boot: 1 } } },
      { disks: { vda: { boot: null } } },
    ],
    ["leaves out what a configuration cannot state", { effect: "none" }, { effect: "restart" }, undefined],
    ["keeps Terraform from reading a template", { title: "${a}" }, { title: null }, { title: "$${a}" }],
  ])("%s", (_, before, after, expected) => {
    expect(overridesOf({ before: { ...before }, after: { ...after }, unknown: {} }, stated)).toEqual(expected);
  });

  test("leaves out what only the apply will know", () => {
    expect(overridesOf({ before: { title: "a" }, after: {}, unknown: { title: true } }, stated)).toBeUndefined();
  });

  test("adds to what is stated already", () => {
    expect(merged({ cpu: { mode: "custom" }, title: "a" }, { cpu: { model: "x" } })).toEqual({
      cpu: { mode: "custom", model: "x" },
      title: "a",
    });
  });
});
