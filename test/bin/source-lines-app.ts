import { App, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { noteSourceLines } from "../../bin/pipeline/source-lines";
import {
  Cidr,
  Host,
  type IHost,
  IsolatedNetwork,
  NetworkZone,
  SeparationPolicy,
  Size,
  VirtualMachine,
} from "../../constructs";

/** An app for the tests of source lines: with a construct of its own, and with filters, which synthesis adds. */
class Web extends Construct {
  constructor(scope: Construct, id: string, host: IHost, network: IsolatedNetwork) {
    super(scope, id);
    new VirtualMachine(this, "web", {
      host,
      memory: Size.mebibytes(256),
      networks: [{ network, address: "10.1.0.9" }],
    });
  }
}

noteSourceLines(__filename);
const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, "shop");
const host = new Host(stack, "alpha", { uri: "qemu+tcp://alpha/system" });
const zone = new NetworkZone(stack, "dmz", { trust: 10 });
new SeparationPolicy(stack, "policy", {});
const network = new IsolatedNetwork(stack, "lan", { host, zone, cidr: Cidr.parse("10.1.0.0/24") });
new Web(stack, "front", host, network);
app.synth();
