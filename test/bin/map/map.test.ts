import { join } from "node:path";
import { type FleetMap, mapOf } from "../../../bin/map/fleet-map";
import { mermaid } from "../../../bin/map/mermaid";
import { html, svg } from "../../../bin/map/svg";
import type { Resource, Stack } from "../../../bin/pipeline/stacks";
import type { PlanJson, Values } from "../../../bin/review/plan-json";
import type { Model } from "../../../separation";
import { expectGolden } from "../../golden";
import { change, domain } from "../review/plan";

const uri = (name: string): string => `qemu+ssh://${name}/system`;
const resource = <Attributes extends object>(path: string, attributes: Attributes): Attributes & Resource => ({
  ...attributes,
  "//": { metadata: { path: `${path}/Default` } },
});
const on = (...networks: readonly string[]): Values => ({
  interfaces: Object.fromEntries(networks.map((network) => [network, { network }])),
});

const stack: Stack = {
  name: "shop",
  folder: "",
  dependencies: [],
  configuration: {
    provider: { libvirt: [{ hosts: { alpha: { uri: uri("alpha") }, beta: { uri: uri("beta") } } }] },
    resource: {
      libvirt_pool: { vms: resource("shop/vms", { host: "alpha", name: "vms" }) },
      libvirt_network: {
        lan_1: resource("shop/lan", { host: "alpha", name: "lan" }),
        lan_2: resource("shop/beta/lan", { host: "beta", name: "lan" }),
        dmz: resource("shop/dmz", { host: "beta", name: "dmz" }),
      },
      libvirt_domain: {
        web: resource("shop/front/web", {
          host: "alpha",
          memory: 2 * 1024 ** 2,
          interfaces: { lan: { network: "${libvirt_network.lan_1.name}" } },
        }),
      },
    },
  },
};

const model = {
  zones: [{ path: "shop/inner", name: "inner" }],
  networks: [
    { host: uri("alpha"), name: "lan", zone: "shop/inner" },
    { host: uri("beta"), name: "dmz" },
  ],
} as unknown as Model;

const lan = (host: string): Values => ({ host, name: "lan" });
const plan: PlanJson = {
  resource_changes: [
    change("libvirt_pool.vms", ["no-op"], { host: "alpha", name: "vms" }, { host: "alpha", name: "vms" }),
    change("libvirt_pool.old", ["delete"], { host: "beta", name: "old" }, null),
    change("libvirt_network.lan_1", ["no-op"], lan("alpha"), lan("alpha")),
    change("libvirt_network.lan_2", ["update"], lan("beta"), lan("beta")),
    change("libvirt_network.dmz", ["create"], null, { host: "beta", name: "dmz" }),
    change(
      "libvirt_domain.web",
      ["update"],
      domain("web", on("lan")),
      domain("web", { ...on("lan", "dmz"), host: "beta", effect: { action: "migrate-live", causes: ["host"] } }),
    ),
    change("libvirt_domain.db", ["delete", "create"], domain("db"), domain("db", { state: "stopped" })),
    change("libvirt_domain.new", ["create"], null, domain("new", on("lan"))),
    change('libvirt_domain.odd["<b>"]', ["no-op"], domain("odd"), domain("odd")),
    { ...change("data.libvirt_domain.other", ["read"], null, domain("other")), mode: "data" },
  ],
};
const changed = mapOf([{ stack, plan }], model);

/** What the map has on a host, in words. */
function objectsOn(map: FleetMap, host: string): readonly string[] {
  const found = map.hosts.find(({ name }) => name === host);
  return [...(found?.pools ?? []), ...(found?.networks ?? []), ...(found?.machines ?? [])].map(
    ({ name, kind, detail }) => `${name} ${kind}${detail === "" ? "" : `: ${detail}`}`,
  );
}

describe("mapOf", () => {
  test("shows what stacks declare, with the zones of networks", () => {
    const map = mapOf([{ stack }], model);

    expect(objectsOn(map, "alpha")).toEqual(["vms kept", "lan kept: zone inner", "front/web kept: 2 GiB"]);
    expect(objectsOn(map, "beta")).toEqual(["beta/lan kept", "dmz kept"]);
    expect(map.hosts[0]?.machines[0]?.networks).toEqual(["lan"]);
    expect(map).toMatchObject({ moves: [], isChange: false });
  });

  test("shows what a change adds, removes, moves and replaces", () => {
    expect(objectsOn(changed, "alpha")).toEqual([
      "vms kept",
      "lan kept: zone inner",
      "front/web moved: to beta, 1 GiB",
      "libvirt_domain.db replaced: stopped, 1 GiB",
      "libvirt_domain.new added: 1 GiB",
      'libvirt_domain.odd["<b>"] kept: 1 GiB',
    ]);
    expect(objectsOn(changed, "beta")).toEqual([
      "libvirt_pool.old removed",
      "beta/lan changed",
      "dmz added",
      "front/web moved: from alpha, 1 GiB",
    ]);
    expect(changed.moves).toEqual([{ machine: "front/web", from: "alpha", to: "beta", live: true }]);
  });

  test("connects a machine that moves with the networks of both hosts", () => {
    expect(changed.hosts.map(({ machines }) => machines.find(({ name }) => name === "front/web")?.networks)).toEqual([
      ["lan"],
      ["beta/lan", "dmz"],
    ]);
  });

  test("names the stack where there are several", () => {
    const map = mapOf([{ stack }, { stack: { ...stack, name: "office", configuration: {} } }]);

    expect(objectsOn(map, "alpha")).toContain("shop/front/web kept: 2 GiB");
  });
});

describe("the map", () => {
  test.each([
    ["fleet.svg", svg],
    ["fleet.mmd", mermaid],
    ["fleet.html", html],
  ])("is drawn as %s", (name, render) => {
    expectGolden(join(__dirname, "golden", name), render(changed));
  });

  test("counts a machine that moves once, and nothing that is removed", () => {
    expect(svg(changed)).toContain("2 hosts, 1 pool, 3 networks, 4 machines<");
  });

  test("is as wide as the explanation of its colours", () => {
    const [, width = ""] =
      /width="(\d+)"/.exec(svg(mapOf([{ stack: { ...stack, configuration: {} }, plan: {} }]))) ?? [];

    expect(Number(width)).toBeGreaterThanOrEqual(5 * 130);
  });

  test("explains its colours only where it shows a change", () => {
    expect(svg(changed)).toContain(">moved</text>");
    expect(svg(mapOf([{ stack }], model))).not.toContain(">moved</text>");
  });
});
