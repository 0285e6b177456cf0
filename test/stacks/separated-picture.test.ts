import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { svg } from "../../bin/separation/svg";
import { modelOf } from "../../constructs/separation/model-of";
import { analyze } from "../../separation";
import { Separated } from "../../stacks/separated";

const picture = join(__dirname, "..", "..", "stacks", "separated.svg");

/** What `kvm-fleet separation --svg` writes for the example. */
function drawn(): string {
  const hosts = ["alpha", "beta"].map((name, index) => ({
    ...{ name, uri: `qemu+tcp://${name}/system` },
    addresses: [`192.0.2.${index + 1}`],
  }));
  const model = modelOf(new Separated(Testing.app(), "separated", { hosts, plantBridge: "br-plant" }));
  const analysis = analyze(model);
  expect(analysis.violations).toEqual([]);
  return svg({ ...analysis, model });
}

describe("the picture of the example in the README", () => {
  it("is what the code draws", () => {
    const now = drawn();
    if (process.env.KVM_FLEET_RENEW_GOLDEN === "1") writeFileSync(picture, now);
    if (readFileSync(picture, "utf8") !== now) {
      throw new Error("stacks/separated.svg is not what the code draws; renew it: npm run golden");
    }
  });
});
