import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseInventory } from "../../bin/pipeline/inventory";
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
          legs: [{ name: "front", mac: "52:54:00:00:00:01", addresses: ["10.0.0.1"], addresses6: ["fd00::1"] }],
          tcp: [443],
          udp: [53],
        },
      ],
      talks: [
        {
          id: 1,
          from: "shop/web",
          leg: "front",
          source: "10.0.0.1",
          to: "shop/db",
          target: "10.0.0.2",
          protocol: "tcp",
          port: 5432,
          hold: true,
        },
      ],
      raw: [
        {
          id: 2,
          from: "shop/web",
          leg: "front",
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
  });

  test("reads the provider's reports", () => {
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
      `${problem}; install the provider of this version with 'lab/setup.sh'`,
    );
  });
});
