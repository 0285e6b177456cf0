import { hostLoads, isOtherLoad } from "../../../bin/review/host-load";
import type { PlanJson, ResourceChange } from "../../../bin/review/plan-json";
import { hasChanges, inBytes, reviewOf } from "../../../bin/review/review";
import { change, domain, sampleFacts, samplePlan, sampleStack, update } from "./plan";

const review = (...resource_changes: readonly ResourceChange[]) =>
  reviewOf({ name: "s", configuration: {} }, { resource_changes });

describe("reviewOf", () => {
  const sample = reviewOf(sampleStack, samplePlan);

  test("counts what changes", () => {
    expect(sample.counts).toEqual({ add: 1, change: 4, destroy: 1, replace: 1, move: 1, restart: 1 });
  });

  test("names objects by the construct that declares them, and those that nothing declares by their address", () => {
    expect(sample.moved).toEqual([
      { object: "front/web-1", source: "stacks/front.ts:10", from: "alpha", to: "beta", live: true },
    ]);
    expect(sample.interrupted.map(({ object }) => object)).toEqual(["front/web-2", "libvirt_domain.old"]);
  });

  test("says what is lost", () => {
    expect(sample.destroyed).toEqual([
      {
        object: "data",
        source: "stacks/shop.ts:7",
        type: "libvirt_volume",
        host: "alpha",
        replaced: true,
        data: "its content (10 GiB)",
      },
      { object: "libvirt_domain.old", type: "libvirt_domain", host: "alpha", replaced: false },
    ]);
  });

  test("lists what waits, and what is otherwise than the state said", () => {
    expect(sample.waiting).toEqual([
      { object: "front/web-3", source: "stacks/front.ts:12", host: "alpha", causes: ["machine"] },
    ]);
    expect(sample.drifted).toEqual([{ object: "front/web-4", source: "stacks/front.ts:13" }]);
  });

  test("counts neither data sources nor what stays", () => {
    const nothing: PlanJson = {
      resource_changes: [
        change("libvirt_pool.p", ["no-op"], {}, {}),
        { ...change("libvirt_node.n", ["read"], null, {}), mode: "data" },
      ],
    };

    expect(hasChanges(reviewOf({ name: "s", configuration: {} }, nothing))).toBe(false);
    expect(hasChanges(sample)).toBe(true);
  });

  test("names a guest whose effect is not known yet, and none that is off", () => {
    expect(review(update("a", {}, {}, { effect: true })).interrupted).toMatchObject([{ action: "unknown" }]);
    expect(review(update("a", { state: "stopped" }, {}, { effect: true })).interrupted).toEqual([]);
    expect(review(change("libvirt_domain.a", ["delete"], domain("a", { state: "stopped" }), null)).interrupted).toEqual(
      [],
    );
  });

  test("names a machine that is replaced on another host as replaced, not as moved", () => {
    const replaced = review(
      change("libvirt_domain.a", ["delete", "create"], domain("a"), domain("a", { host: "beta" })),
    );

    expect(replaced).toMatchObject({
      moved: [],
      interrupted: [{ action: "replace" }],
      counts: { replace: 1, move: 0 },
    });
  });

  test("names the memory of a saved machine, and a pool that is deleted with its content", () => {
    const { destroyed } = review(
      change("libvirt_domain.a", ["delete"], domain("a", { state: "saved" }), null),
      change("libvirt_pool.p", ["delete"], { delete_data: true }, null),
      change("libvirt_pool.q", ["delete"], {}, null),
    );

    expect(destroyed.map(({ data }) => data)).toEqual(["its saved memory", "everything in it", undefined]);
  });
});

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [10 * 2 ** 30, "10 GiB"],
  [5000 * 2 ** 40, "5000 TiB"],
])("%d bytes are %s", (bytes, text) => {
  expect(inBytes(bytes)).toBe(text);
});

describe("hostLoads", () => {
  test("counts the machines that run, of all stacks", () => {
    const stays = change("libvirt_domain.b", ["no-op"], domain("b"), domain("b"));
    const added = change("libvirt_domain.c", ["create"], null, domain("c", { memory: 512 * 1024 }));
    const off = change("libvirt_domain.d", ["create"], null, domain("d", { state: "stopped" }));

    expect(hostLoads([{ resource_changes: [stays] }, { resource_changes: [added, off] }])).toEqual([
      {
        host: "alpha",
        before: { machines: 1, memory: 2 ** 30, vcpus: 2 },
        after: { machines: 2, memory: 1.5 * 2 ** 30, vcpus: 4 },
      },
    ]);
  });

  test("counts memory modules, and of elastic memory what the guest is to have", () => {
    const memory_devices = { module: { size: 1024 ** 2 }, elastic: { size: 8 * 1024 ** 2, requested: 2 * 1024 ** 2 } };
    const grows = update("a", {}, { memory_devices });

    expect(hostLoads([{ resource_changes: [grows] }])).toMatchObject([
      { before: { memory: 2 ** 30 }, after: { memory: 4 * 2 ** 30 } },
    ]);
  });

  test("says what each host has, also a host without machines", () => {
    expect(hostLoads([samplePlan], sampleFacts).map(({ host, capacity }) => [host, capacity])).toEqual(
      ["alpha", "beta", "gamma"].map((name) => [name, { memory: 16 * 2 ** 30, cpus: 16 }]),
    );
  });

  test("tells hosts on which the same runs", () => {
    const live = update("a", {}, { effect: { action: "live", causes: [] } });

    expect(hostLoads([{ resource_changes: [live] }]).filter(isOtherLoad)).toEqual([]);
    expect(
      hostLoads([samplePlan], sampleFacts)
        .filter(isOtherLoad)
        .map(({ host }) => host),
    ).toEqual(["alpha", "beta"]);
  });
});
