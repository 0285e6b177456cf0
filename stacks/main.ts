import { join } from "node:path";
import { App } from "cdktf";
import { load } from "../lab";
import { LabPaths } from "../lab/paths";
import { Quickstart } from "./quickstart";

/** The app that cdktf.json names: every stack of this checkout. */
const labName = process.env.KVM_FLEET_LAB_NAME ?? "lab";
const { image, ...lab } = load(labName);
if (image === undefined) {
  throw new Error(`lab '${labName}' has no guest image; run 'kvm-fleet lab up --name ${labName}' again`);
}

// Stack traces would take half of the time, and write the path of this checkout into the stacks.
const app = new App({ stackTraces: false });
new Quickstart(app, "quickstart", {
  lab: { ...lab, image },
  // The state is in the folder of the lab, so that both are removed together.
  stateFile: join(new LabPaths(labName).data, "quickstart.tfstate"),
});
app.synth();
