import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TerraformStack, Testing } from "cdktf";
import { Placed } from "../../stacks/placed";
import { Quickstart } from "../../stacks/quickstart";
import { Separated } from "../../stacks/separated";
import { expectGolden } from "../golden";

// What the example stacks synthesize to, in full. A change of a construct that reaches Terraform shows here.
let outdir: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), "golden-"));
});

afterAll(() => {
  delete process.env.KVM_FLEET_PLACEMENT_FILE;
  rmSync(outdir, { recursive: true });
});

function quickstart(): TerraformStack {
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
  return new Quickstart(Testing.app({ outdir: join(outdir, "cdktf.out"), stackTraces: false }), "quickstart", {
    lab: { name: "lab", accelerator: "qemu", image, hosts: [host("alpha"), host("beta")] },
    stateFile: join(outdir, "quickstart.tfstate"),
  });
}

function separated(): TerraformStack {
  const hosts = ["alpha", "beta"].map((name, index) => ({
    name,
    uri: `qemu+tcp://${name}/system`,
    addresses: [`192.0.2.${index + 1}`],
  }));
  return new Separated(Testing.app({ stackTraces: false }), "separated", { hosts, plantBridge: "br-plant" });
}

function placed(): TerraformStack {
  process.env.KVM_FLEET_PLACEMENT_FILE = join(outdir, "placement.json");
  const hosts = [
    { name: "alpha", rack: "r1" },
    { name: "beta", rack: "r1" },
    { name: "gamma", rack: "r2" },
  ].map((host) => ({ ...host, uri: `qemu+tcp://${host.name}/system` }));
  return new Placed(Testing.app({ stackTraces: false }), "placed", {
    hosts,
    image: { path: "/guest.qcow2", sha256: "0".repeat(64) },
  });
}

describe("cdk.tf.json", () => {
  test.each([
    ["quickstart", quickstart],
    ["separated", separated],
    ["placed", placed],
  ])("of the stack '%s' is as in its golden file", (name, makeStack) => {
    expectGolden(join(__dirname, "golden", `${name}.tf.json`), `${Testing.synth(makeStack(), true)}\n`);
  });
});
