import type { Change, PlanJson, ResourceChange, Values } from "../../../bin/review/plan-json";

/** A machine of the sample. */
export const domain = (name: string, values: Values = {}): Values => ({
  name,
  host: "alpha",
  state: "running",
  memory: 1024 ** 2,
  vcpu: 2,
  ...values,
});

export const change = (
  address: string,
  actions: Change["actions"],
  before: Values | null,
  after: Values | null,
  unknown: Change["after_unknown"] = {},
): ResourceChange => {
  const [type = "", name = ""] = address.split(".");
  return { address, mode: "managed", type, name, change: { actions, before, after, after_unknown: unknown } };
};

export const update = (
  name: string,
  before: Values,
  after: Values,
  unknown?: Change["after_unknown"],
): ResourceChange =>
  change(`libvirt_domain.${name}`, ["update"], domain(name, before), domain(name, { ...before, ...after }), unknown);

/** A pull request that moves a machine, restarts one, replaces a disk and adds a network. */
export const samplePlan: PlanJson = {
  resource_changes: [
    change("libvirt_network.dmz", ["create"], null, { name: "dmz", host: "alpha" }),
    update("web-1", {}, { host: "beta", effect: { action: "migrate-live", causes: ["host"] } }),
    update("web-2", {}, { effect: { action: "restart", causes: ["cpu.mode", "memory"] }, memory: 2 * 1024 ** 2 }),
    update("web-3", {}, { effect: { action: "next-start", causes: ["machine"] } }),
    update("web-4", {}, { effect: { action: "live", causes: ["title"] } }),
    change(
      "libvirt_volume.data",
      ["delete", "create"],
      { name: "data", host: "alpha", capacity: 10 * 2 ** 30 },
      { name: "data", host: "alpha" },
    ),
    change("libvirt_domain.old", ["delete"], domain("old"), null),
    change("libvirt_pool.pool", ["no-op"], { name: "pool" }, { name: "pool" }),
    { ...change("data.libvirt_node.it", ["read"], null, {}), mode: "data" },
  ],
  resource_drift: [update("web-4", {}, {})],
};

/** The stack of the sample, as cdktf describes it. */
export const sampleStack = {
  name: "shop",
  configuration: {
    resource: {
      libvirt_domain: Object.fromEntries(
        ["web-1", "web-2", "web-3", "web-4"].map((name, index) => [
          name,
          {
            host: "alpha",
            "//": { metadata: { path: `shop/front/${name}/Default`, stackTrace: [`stacks/front.ts:${index + 10}`] } },
          },
        ]),
      ),
      libvirt_volume: { data: { "//": { metadata: { path: "shop/data/Default", stackTrace: ["stacks/shop.ts:7"] } } } },
    },
  },
};

/** What the hosts of the sample have. */
export const sampleFacts = new Map(
  ["alpha", "beta", "gamma"].map((name) => [
    name,
    { arch: "x86_64", cpus: 16, memory: 16 * 1024 ** 2, guests: [], cells: [] },
  ]),
);
