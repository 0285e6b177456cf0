import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Testing } from "cdktf";
import { Quickstart } from "../../stacks/quickstart";
import { addressesOf, attributesOf, synthesize } from "../constructs/synthesis";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quickstart-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function quickstart(...names: readonly string[]): Quickstart {
  const app = Testing.app({ outdir: join(folder, "cdktf.out") });
  const host = (name: string) => ({
    name,
    kind: "debian12",
    uri: `qemu+unix:///system?socket=/run/kvm-fleet/lab/${name}/libvirt-sock`,
    tcpUri: `qemu+tcp://${name}/system`,
    address: "",
    netns: "",
    pid: 1,
  });
  const image = { path: "/guest.qcow2", sha256: "0".repeat(64), format: "qcow2", virtualSize: 1 } as const;
  return new Quickstart(app, "quickstart", {
    lab: { name: "lab", accelerator: "qemu", image, hosts: names.map(host) },
    stateFile: join(folder, ".lab", "lab", "quickstart.tfstate"),
  });
}

describe("Quickstart", () => {
  it("puts a pool, a network, an image and a machine on each host", () => {
    expect(addressesOf(quickstart("alpha", "beta"))).toEqual([
      "libvirt_domain.web-1",
      "libvirt_domain.web-2",
      "libvirt_network.alpha_lan_B08007EB",
      "libvirt_network.beta_lan_5191D710",
      "libvirt_pool.alpha_pool_4F1016E8",
      "libvirt_pool.beta_pool_62C5560F",
      "libvirt_seed.web-1_cloud-init_30B54304",
      "libvirt_seed.web-2_cloud-init_68447814",
      "libvirt_volume.alpha_guest_4C7DBD61",
      "libvirt_volume.beta_guest_D4E8B4E8",
      "libvirt_volume.web-1_root_7AB64D21",
      "libvirt_volume.web-2_root_1E7CC3F8",
    ]);
  });

  it("reaches the lab's hosts by their sockets, and keeps its state by a relative path", () => {
    expect(synthesize(quickstart("alpha", "beta"))).toMatchObject({
      provider: {
        libvirt: [
          {
            hosts: {
              alpha: {
                uri: "qemu+unix:///system?socket=/run/kvm-fleet/lab/alpha/libvirt-sock",
                migration_uri: "qemu+tcp://alpha/system",
              },
              beta: {
                uri: "qemu+unix:///system?socket=/run/kvm-fleet/lab/beta/libvirt-sock",
                migration_uri: "qemu+tcp://beta/system",
              },
            },
          },
        ],
      },
      terraform: { backend: { local: { path: "../../../.lab/lab/quickstart.tfstate" } } },
    });
  });

  it("boots each machine from a clone, with data, and goes on with its log where it moves back", () => {
    const stack = quickstart("alpha", "beta");
    expect(attributesOf(stack, "libvirt_domain.web-2")).toMatchObject({
      host: "beta",
      name: "web-2",
      type: "qemu",
      disks: { vda: {}, vdz: {} },
      interfaces: { lan: {} },
      serial: { log_file: "/var/log/libvirt/qemu/web-2-serial.log", log_append: true },
    });
  });

  it("keeps every machine's address on every host, and gives no address on two", () => {
    const stack = quickstart("alpha", "beta");
    const [alpha, beta] = ["alpha_lan_B08007EB", "beta_lan_5191D710"].map(
      (id) => attributesOf(stack, `libvirt_network.${id}`)?.ipv4 as { dhcp: { hosts: object; start: string } },
    );
    expect(Object.values(alpha?.dhcp.hosts ?? {})).toEqual(
      expect.arrayContaining([
        { ip: "10.10.0.11", name: "web-1" },
        { ip: "10.10.0.12", name: "web-2" },
      ]),
    );
    expect(beta?.dhcp.hosts).toEqual(alpha?.dhcp.hosts);
    expect([alpha?.dhcp.start, beta?.dhcp.start]).toEqual(["10.10.1.1", "10.10.2.1"]);
  });

  it("fails for a machine on an unknown host", () => {
    expect(() => quickstart("alpha")).toThrow(
      "the host of 'web-2' must be one of alpha, got 'beta'; choose a host of lab 'lab'",
    );
  });
});
