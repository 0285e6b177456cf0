import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TerraformStack, Testing } from "cdktf";
import { Quickstart } from "../../stacks/quickstart";
import { Separated } from "../../stacks/separated";

/**
 * What the example stacks synthesize to, in full. A change of a construct that reaches Terraform shows here.
 *
 * `npm run golden` writes the files again.
 */
const folder = join(__dirname, "golden");
const isRenewed = process.env.KVM_FLEET_RENEW_GOLDEN === "1";

let outdir: string;

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), "golden-"));
  mkdirSync(folder, { recursive: true });
});

afterAll(() => {
  rmSync(outdir, { recursive: true });
});

function quickstart(): TerraformStack {
  const host = (name: string) => ({
    name,
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

describe("cdk.tf.json", () => {
  test.each([
    ["quickstart", quickstart],
    ["separated", separated],
  ])("of the stack '%s' is as in its golden file", (name, makeStack) => {
    const file = join(folder, `${name}.tf.json`);
    const synthesized = `${Testing.synth(makeStack(), true)}\n`;
    if (isRenewed) {
      writeFileSync(file, synthesized);
    }

    expect(synthesized).toBe(readFileSync(file, "utf8"));
  });
});
