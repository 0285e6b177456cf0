import { Testing } from "cdktf";
import { parse } from "yaml";
import { modelOf } from "../../constructs/separation/model-of";
import { analyze } from "../../separation";
import { Separated } from "../../stacks/separated";
import { errorsOf, synthesize } from "../constructs/synthesis";

const uris = ["alpha", "beta"].map((name, index) => ({
  name,
  uri: `qemu+tcp://${name}/system`,
  addresses: [`192.0.2.${index + 1}`],
}));

function separated(hosts = uris): Separated {
  return new Separated(Testing.app(), "separated", { hosts, plantBridge: "br-plant" });
}

describe("Separated", () => {
  it("keeps to its own policy", () => {
    expect(errorsOf(separated())).toEqual([]);
  });

  it("has these paths between its zones, and no other", () => {
    const { cells } = analyze(modelOf(separated()));
    const paths = cells.flatMap(({ from, to, flows }) =>
      flows.map(
        (flow) => `${from} > ${to}: ${flow.from} > ${flow.to}, ${flow.flow}, by ${flow.route.slice(1, -1).join(", ")}`,
      ),
    );
    expect(paths).toEqual([
      "critical > critical: historian > controller, tcp 502, by ",
      "dmz > internal: web > database, tcp 5432, by gateway 'front-gate', which forwards 'web-to-database-tcp-5432'",
      "external > dmz: external > web, tcp 80,443, by gateway 'outer-gate', which forwards 'external-to-web-tcp-80-443'",
      "external > outside: mirror > outside, tcp 443, by the routing (nat) of host 'alpha'",
      "internal > critical: workstation > historian, tcp 443, by gateway 'plant-gate', which forwards 'workstation-to-historian-tcp-443'",
      "internal > internal: workstation > database, tcp 5432, by ",
    ]);
    expect(cells).toHaveLength(24);
  });

  it("gives every interface a filter on its host", () => {
    const domains = Object.values(synthesize(separated()).resource?.libvirt_domain ?? {});
    const filters = domains.flatMap(({ name, interfaces }) =>
      Object.entries(interfaces as Record<string, { filter: string; isolated?: boolean }>).map(
        ([nic, { filter, isolated }]) =>
          `${String(name)} ${nic} ${/\.([\w-]+)_[0-9A-F]+\.name/.exec(filter)?.[1] ?? filter}${isolated === true ? ", isolated" : ""}`,
      ),
    );
    expect(filters.sort()).toEqual([
      "db office alpha_separation-internal-database-ipv6",
      "engineer office alpha_separation-internal-workstation-ipv6",
      "front-gate front alpha_separation-gateway-front-gate-front",
      "front-gate office alpha_separation-gateway-front-gate-office",
      "historian plant alpha_separation-critical-historian-static",
      "mirror outside alpha_separation-external-mirror, isolated",
      "mirror street alpha_separation-external-mirror, isolated",
      "outer-gate front alpha_separation-gateway-outer-gate-front",
      "outer-gate street alpha_separation-gateway-outer-gate-street",
      "plant-gate office alpha_separation-gateway-plant-gate-office",
      "plant-gate plant alpha_separation-gateway-plant-gate-plant",
      "plc-1 plant alpha_separation-critical-controller-static",
      "plc-2 plant beta_separation-critical-controller-static",
      "web front alpha_separation-dmz-web-ipv6, isolated",
    ]);
  });

  it("keeps the reasons for its exceptions in the filters", () => {
    const filters = Object.values(synthesize(separated()).resource?.libvirt_nwfilter ?? {});
    const names = filters.flatMap(({ rules }) => Object.keys(rules as object));
    for (const reason of ["approved by plant security", "approved by IT security", "the web shop is public"]) {
      expect(names.filter((name) => name.endsWith(reason)).length).toBeGreaterThan(0);
    }
  });

  it("gives its machines, where they have something to boot from, addresses and ways", () => {
    const image = { path: "/images/guest.qcow2", sha256: "0".repeat(64) };
    const stack = new Separated(Testing.app(), "separated", { hosts: uris, plantBridge: "br-plant", image });
    expect(errorsOf(stack)).toEqual([]);
    const disks = Object.values(synthesize(stack).resource?.libvirt_seed ?? {});
    const networks = new Map(
      disks.map(({ name, cloud_init }) => {
        const { network_config: text } = cloud_init as Record<string, unknown>;
        return [String(name), parse(String(text)) as object];
      }),
    );
    expect([...networks.values()]).toContainEqual({
      version: 2,
      ethernets: {
        front: {
          match: { macaddress: "52:54:00:1e:00:0b" },
          dhcp4: false,
          addresses: ["10.30.0.11/24", "fd00:30::11/64"],
          routes: [
            { to: "10.20.0.0/24", via: "10.30.0.3" },
            { to: "fd00:20::/64", via: "fd00:30::3" },
            { to: "10.50.0.0/24", via: "10.30.0.2" },
          ],
        },
      },
    });
    const forwarding = disks.filter((seed) => JSON.stringify(seed.cloud_init).includes("net.ipv4.ip_forward = 1"));
    expect(forwarding).toHaveLength(3);
  });

  it("fails with too few hosts", () => {
    expect(() => separated(uris.slice(1))).toThrow("'hosts' must name two hosts, got 1; add another one");
  });
});
