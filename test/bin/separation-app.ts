import { App } from "cdktf";
import { IsolatedNetwork } from "../../constructs";
import { Separated } from "../../stacks/separated";

/** An app for the tests of `kvm-fleet separation`. With SEPARATION_MISTAKE set, it violates its policy. */
const app = new App({ stackTraces: false });
const stack = new Separated(app, "separated", {
  hosts: ["alpha", "beta"].map((name, index) => ({
    name,
    uri: `qemu+tcp://${name}/system`,
    addresses: [`192.0.2.${index + 1}`],
  })),
  plantBridge: "br-plant",
});
if (process.env.SEPARATION_MISTAKE !== undefined) {
  const host = stack.node.findChild("alpha") as ConstructorParameters<typeof IsolatedNetwork>[2]["host"];
  new IsolatedNetwork(stack, "forgotten", { host });
}
app.synth();
