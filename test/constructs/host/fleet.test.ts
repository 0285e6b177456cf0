import { type TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Cpu, Fleet, Host, type HostProps, Size, VirtualMachine } from "../../../constructs";
import { errorsOf, newStack, synthesize } from "../synthesis";

function newHost(stack: TerraformStack, id: string, props: Partial<HostProps> = {}): Host {
  return new Host(stack, id, { uri: `qemu+tcp://${id}/system`, ...props });
}

/** Creates a machine with the required properties and a CPU only. */
function newMachine(host: Host, id: string, cpu?: Cpu): VirtualMachine {
  return new VirtualMachine(host, id, { host, memory: Size.mebibytes(64), cpu });
}

/** Returns the CPU of each machine by the machine's name. */
function cpusOf(stack: TerraformStack): Record<string, unknown> {
  const machines = Object.values(synthesize(stack).resource?.libvirt_domain ?? {});
  return Object.fromEntries(machines.map(({ name, cpu }) => [name as string, cpu] as const));
}

const baseline = { mode: "custom", model: "${data.libvirt_cpu_baseline.fleet.model}" };

describe("Fleet", () => {
  it("reads the CPU model that its members share in every plan", () => {
    const stack = newStack();
    const hosts = [
      newHost(stack, "alpha", { accelerator: "qemu" }),
      newHost(stack, "Rack-2.b", { accelerator: "qemu" }),
    ];
    const fleet = new Fleet(stack, "fleet", { hosts });
    expect(fleet.cpu.mode).toBe("custom");
    expect(fleet.cpu).toBe(fleet.cpu);
    expect(synthesize(stack).data).toEqual({
      libvirt_cpu_baseline: { fleet: { hosts: { alpha: {}, "Rack-2.b": {} }, type: "qemu" } },
    });
    expect(errorsOf(stack)).toEqual([]);
  });

  it("reads no CPU model when 'cpu' is set, or when no machine uses the shared CPU", () => {
    const stack = newStack();
    const stated = newHost(stack, "alpha");
    new Fleet(stack, "one", { hosts: [stated], cpu: Cpu.NEHALEM });
    new Fleet(stack, "two", { hosts: [newHost(stack, "beta")] });
    newMachine(stated, "web");
    expect(synthesize(stack).data).toBeUndefined();
    expect(cpusOf(stack)).toEqual({ web: { mode: "custom", model: "Nehalem" } });
  });

  it("accepts a CPU model that Terraform resolves", () => {
    const stack = newStack();
    const host = newHost(stack, "alpha");
    const model = new TerraformVariable(stack, "model", { type: "string" }).stringValue;
    new Fleet(stack, "fleet", { hosts: [host], cpu: Cpu.model(model) });
    newMachine(host, "web");
    expect(cpusOf(stack)).toEqual({ web: { mode: "custom", model: "${var.model}" } });
  });

  it("sets the 'fleet' attribute of its hosts", () => {
    const stack = newStack();
    const host = newHost(stack, "alpha");
    expect(host.fleet).toBeUndefined();
    const fleet = new Fleet(stack, "fleet", { hosts: [host] });
    expect(host.fleet).toBe(fleet);
    expect(fleet.hosts).toEqual([host]);
  });

  it.each(["kvm", "qemu"] as const)(
    "sets its CPU on machines without a CPU of their own, created before or after it, on %s",
    (accelerator) => {
      const stack = newStack();
      const [alpha, beta] = [newHost(stack, "alpha", { accelerator }), newHost(stack, "beta", { accelerator })];
      newMachine(alpha, "before");
      newMachine(beta, "own", Cpu.HOST_PASSTHROUGH);
      new Fleet(stack, "fleet", { hosts: [alpha, beta] });
      newMachine(beta, "after");
      expect(cpusOf(stack)).toEqual({ before: baseline, own: { mode: "host-passthrough" }, after: baseline });
    },
  );

  it("does not change the CPU of machines on other hosts", () => {
    const stack = newStack();
    new Fleet(stack, "fleet", { hosts: [newHost(stack, "alpha")] });
    newMachine(newHost(stack, "beta"), "native");
    newMachine(newHost(stack, "gamma", { accelerator: "qemu" }), "emulated");
    expect(cpusOf(stack)).toEqual({ native: { mode: "host-model" } });
  });

  it("rejects an empty list of hosts", () => {
    const stack = newStack();
    newHost(stack, "alpha");
    new Fleet(stack, "fleet", { hosts: [] });
    expect(errorsOf(stack)).toEqual([
      "'hosts' must have at least one host, got none; add the hosts that machines migrate between (at lab/fleet)",
    ]);
  });

  it("rejects a host that is listed twice or belongs to another fleet", () => {
    const stack = newStack();
    const [alpha, beta] = [newHost(stack, "alpha"), newHost(stack, "beta")];
    const first = new Fleet(stack, "one", { hosts: [alpha, alpha] });
    new Fleet(stack, "two", { hosts: [beta, alpha] });
    expect(errorsOf(stack)).toEqual([
      "'hosts' must be unique, 'alpha' is listed twice; remove one of them (at lab/one)",
      "'hosts' must belong to one fleet only, 'alpha' already belongs to lab/one; remove it from one of them (at lab/two)",
    ]);
    expect(alpha.fleet).toBe(first);
  });

  it("rejects a host of another stack", () => {
    const app = Testing.app();
    const stack = newStack("lab", app);
    const other = newStack("other", app);
    new Fleet(stack, "fleet", { hosts: [newHost(stack, "alpha"), newHost(other, "gamma")] });
    expect(errorsOf(stack)).toEqual([
      "'hosts' must be Hosts of stack 'lab', got 'gamma' of 'other'; add a Host with the same 'uri' to this stack (at lab/fleet)",
    ]);
  });

  it("rejects hosts with different accelerators", () => {
    const stack = newStack();
    new Fleet(stack, "fleet", { hosts: [newHost(stack, "alpha"), newHost(stack, "beta", { accelerator: "qemu" })] });
    expect(errorsOf(stack)).toEqual([
      "'hosts' must have the same accelerator, got 'kvm' on 'alpha' and 'qemu' on 'beta'; create a Fleet for each accelerator (at lab/fleet)",
    ]);
  });

  it("rejects an id whose Terraform address is invalid or already used", () => {
    const stack = newStack();
    for (const id of ["2nd", "fl.eet", "fleet"]) {
      newMachine(newHost(stack, `host-of-${id}`), "web");
      new Fleet(stack, id, { hosts: [newHost(stack, `other-of-${id}`)] }).cpu.model?.trim();
    }
    expect(errorsOf(stack)).toEqual([
      "construct id '2nd' makes the Terraform address 'libvirt_cpu_baseline.2nd', which must begin with a letter or '_'; begin the id with one (at lab/2nd)",
      "construct id 'fleet' makes the Terraform address 'libvirt_cpu_baseline.fleet', which is already used by lab/fl.eet; choose ids that differ in letters or digits (at lab/fleet)",
    ]);
  });
});
