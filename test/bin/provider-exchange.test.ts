import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConsoleRequest } from "../../bin/commands/console";
import type { LogsRequest } from "../../bin/commands/logs";
import { type ActRequest, parseActReport } from "../../bin/pipeline/act";
import { parseAdoptable } from "../../bin/pipeline/adoptable";
import { type DriftRequest, parseDriftReport } from "../../bin/pipeline/drift";
import { parseFactsReport } from "../../bin/pipeline/host-facts";
import { parseInventory } from "../../bin/pipeline/inventory";
import { parseDemandReport } from "../../bin/pipeline/placement";
import { parseProbeReport } from "../../bin/pipeline/probe";
import type { HostAddresses } from "../../bin/pipeline/provider-command";
import type { ProbeRequest } from "../../separation";

/** A file that the provider's tests read too. */
function shared(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, "../../provider/internal", name), "utf8")) as unknown;
}

const hosts: HostAddresses = { alpha: { uri: "qemu+ssh://alpha/system" } };

describe("the exchange with the provider", () => {
  test("sends a probe request with the provider's fields", () => {
    const request: ProbeRequest & { readonly hosts: HostAddresses } = {
      hosts,
      machines: [
        {
          name: "shop/web",
          domain: "web",
          hosts: ["alpha"],
          interfaces: [{ name: "front", mac: "52:54:00:00:00:01", addresses: ["10.0.0.1"], addresses6: ["fd00::1"] }],
          tcp: [443],
          udp: [53],
        },
      ],
      flows: [
        {
          id: 1,
          from: "shop/web",
          interface: "front",
          source: "10.0.0.1",
          to: "shop/db",
          target: "10.0.0.2",
          protocol: "tcp",
          port: 5432,
          hold: true,
          expected: true,
        },
      ],
      frames: [
        {
          id: 2,
          from: "shop/web",
          interface: "front",
          to: "shop/db",
          kind: "mac-spoof",
          source: "10.0.0.1",
          sourceMAC: "52:54:00:00:00:99",
          target: "10.0.0.2",
          targetMAC: "52:54:00:00:00:02",
          via: ["10.0.0.254"],
          port: 443,
          sourcePort: 1024,
          vlan: 12,
        },
      ],
      for: 1.5,
    };
    expect(shared("probing/testdata/request.json")).toEqual(request);
  });

  test("sends an inventory request with the provider's fields", () => {
    expect(shared("inventory/testdata/request.json")).toEqual({ hosts });
    expect(shared("adoption/testdata/request.json")).toEqual({ hosts });
  });

  test("sends a drift request with the provider's fields", () => {
    const request: DriftRequest = { hosts, stacks: [{ name: "shop", state: "{}", compare: true }] };

    expect(shared("drift/testdata/request.json")).toEqual(request);
  });

  test("sends what to do with machines with the provider's fields", () => {
    const shutdown = { timeout: 90, mode: "agent", onTimeout: "fail" };
    const snapshot = { name: "before", memory: true, quiesce: false };
    const machines = [{ name: "shop/front/web-1", domain: "web-1", host: "alpha", shutdown, snapshot }];
    const request: ActRequest = { hosts, act: "stop", machines };

    expect(shared("acts/testdata/request.json")).toEqual(request);
  });

  test("sends which console to open with the provider's fields", () => {
    const request: ConsoleRequest = { hosts, host: "alpha", name: "shop/web", domain: "web", force: true };

    expect(shared("console/testdata/request.json")).toEqual(request);
  });

  test("sends which log to show with the provider's fields", () => {
    const request: LogsRequest = { hosts, host: "alpha", name: "shop/web", domain: "web", lines: 100, follow: true };

    expect(shared("qemulog/testdata/request.json")).toEqual(request);
  });

  test("sends requests for facts and for demands with the provider's fields", () => {
    expect(shared("capacity/testdata/facts-request.json")).toEqual({ hosts });
    expect(shared("capacity/testdata/demand-request.json")).toEqual({ domains: ['{"vcpu":1}'] });
  });

  test("reads the provider's reports", () => {
    expect(parseActReport(shared("acts/testdata/report.json")).machines[0]?.state).toBe("stopped");
    expect(parseAdoptable(shared("adoption/testdata/report.json")).hosts[0]?.pools[0]?.volumes).toBe(10);
    expect(parseFactsReport(shared("capacity/testdata/facts-report.json")).hosts[0]?.facts.cpus).toBe(16);
    expect(parseDemandReport(shared("capacity/testdata/demand-report.json")).domains[0]?.vcpus).toBe(1);
    expect(parseDriftReport(shared("drift/testdata/report.json")).changed[0]?.attributes[0]).toMatchObject({ is: 4 });
    expect(parseProbeReport(shared("probing/testdata/report.json")).seconds).toBe(4.5);
    expect(parseInventory(shared("inventory/testdata/report.json")).hosts.map(({ name }) => name)).toEqual(["alpha"]);
  });

  test.each<[string, unknown, string]>([
    ["a missing field", { hosts: [{}] }, "the report.hosts[0] lacks the field 'name'"],
    ["an unknown field", { hosts: [], more: 1 }, "the report has the unknown field 'more'"],
    ["another type", { hosts: "alpha" }, 'the report.hosts must be a list, got "alpha"'],
    ["no object", null, "the report must be an object, got null"],
  ])("refuses %s", (_, report, problem) => {
    expect(() => parseInventory(report)).toThrow(
      `${problem}; install the provider of this version, in a checkout with 'lab/setup.sh'`,
    );
  });
});
