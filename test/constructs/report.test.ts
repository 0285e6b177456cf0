import { App, Testing } from "cdktf";
import { Cidr, IsolatedNetwork, Size, VirtualMachine } from "../../constructs";
import { newStack, Site } from "./synthesis";

/** What a user reads when the app is synthesized. */
function report(app: App): string {
  try {
    app.synth();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("synthesis", () => {
  it("reports all that is wrong at once, each with its construct", () => {
    const app = Testing.app();
    const stack = newStack("lab", app);
    const { host, image, lan } = new Site(stack);
    new IsolatedNetwork(host, "dmz", { host, cidr: Cidr.parse("10.1.0.128/25") });
    new VirtualMachine(host, "web-1", { host, image, memory: Size.mebibytes(16), vcpus: 0 });
    new VirtualMachine(stack, "web-2", {
      host,
      memory: Size.gibibytes(1),
      networks: [{ network: lan, address: "10.9.0.1" }],
    });
    expect(report(app)).toBe(`Validation failed with the following errors:
  [lab] 'memory' must be at least 64 MiB, got 16 MiB; raise it or use a smaller image (at lab/alpha/web-1)
  [lab] 'vcpus' must be a whole number of at least 1, got 0; raise or round it (at lab/alpha/web-1)
  [lab] 'address' must be in network 'lan' (10.1.0.0/24), got 10.9.0.1; choose an address from 10.1.0.1 to 10.1.0.254 (at lab/web-2)
  [lab] 'cidr' must not overlap that of another network on host 'alpha', got 10.1.0.128/25, which overlaps 10.1.0.0/24 of lab/alpha/lan; change one of them (at lab/alpha/dmz)

If you wish to ignore these validations, pass 'skipValidation: true' to your App configuration.
`);
  });

  it("reports every stack's errors with the first", () => {
    const app = Testing.app();
    for (const id of ["one", "two"]) {
      const stack = newStack(id, app);
      new VirtualMachine(stack, "web", { host: new Site(stack, id).host, memory: Size.mebibytes(1) });
    }
    expect(report(app).split("\n").slice(1, 3)).toEqual([
      "  [one] 'memory' must be at least 64 MiB, got 1 MiB; raise it or use a smaller image (at one/web)",
      "  [one] 'memory' must be at least 64 MiB, got 1 MiB; raise it or use a smaller image (at two/web)",
    ]);
  });

  it("goes through when nothing is wrong", () => {
    const app = Testing.app();
    new Site(newStack("lab", app));
    expect(report(app)).toBe("");
  });
});

describe("a construct's id", () => {
  it("must make a Terraform address of its own", () => {
    const app = Testing.app();
    const stack = newStack("lab", app);
    const { host } = new Site(stack);
    for (const id of ["web.1", "web1", "2nd"]) {
      new VirtualMachine(stack, id, { host, memory: Size.gibibytes(1) });
    }
    expect(stack.node.validate()).toEqual([
      "construct id 'web1' makes the Terraform address 'libvirt_domain.web1', which is already used by lab/web.1; choose ids that differ in letters or digits (at lab/web1)",
      "construct id '2nd' makes the Terraform address 'libvirt_domain.2nd', which must begin with a letter or '_'; begin the id with one (at lab/2nd)",
    ]);
  });
});
