import { join } from "node:path";
import { App } from "cdktf";
import { load } from "../lab";
import { LabPaths } from "../lab/paths";
import { Quickstart } from "./quickstart";

/** The app that cdktf.json names: every stack of this checkout. */
const labName = process.env.KVM_FLEET_LAB_NAME ?? "lab";
const { image, ...lab } = load(labName);
if (image === undefined) {
  throw new Error(`lab '${labName}' is up without a guest image: run 'kvm-fleet lab up --name ${labName}' again`);
}

// Without stack traces: they would take half the time, and say where in this folder each resource was made.
const app = new App({ stackTraces: false });
new Quickstart(app, "quickstart", {
  lab: { ...lab, image },
  // The state goes with the lab, as what it describes does.
  stateFile: join(new LabPaths(labName).data, "quickstart.tfstate"),
});
app.synth();
