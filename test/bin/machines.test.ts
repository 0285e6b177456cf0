import { findMachines } from "../../bin/pipeline/machines";
import type { Stack } from "../../bin/pipeline/stacks";

const machine = (name: string, path: string) => ({
  name,
  host: "alpha",
  "//": { metadata: { path: `${path}/Default` } },
});

const stack = (name: string, paths: readonly string[]): Stack => ({
  name,
  folder: "",
  dependencies: [],
  configuration: {
    resource: {
      libvirt_domain: Object.fromEntries(paths.map((path, id) => [id, machine(`vm-${path.slice(-1)}`, path)])),
    },
  },
});

const stacks = [stack("shop", ["shop/front/1", "shop/front/2"]), stack("office", ["office/2"])];
const find = (...names: readonly string[]): string[] => findMachines(stacks, names).map(({ path }) => path);

describe("findMachines", () => {
  test("takes the name of a domain, and the path of a construct with and without its stack", () => {
    expect(find("vm-1", "front/2", "office/2")).toEqual(["shop/front/1", "shop/front/2", "office/2"]);
  });

  test("lists the machines that there are if one is unknown", () => {
    expect(() => find("vm-3")).toThrow("no machine is named 'vm-3'; the machines are vm-1, vm-2, vm-2");
    expect(() => findMachines([], ["a"])).toThrow("no machine is named 'a'; the machines are none");
  });

  test("does not choose between two machines of the same name", () => {
    expect(() => find("vm-2")).toThrow("'vm-2' could be shop/front/2 or office/2; name one of them");
  });
});
