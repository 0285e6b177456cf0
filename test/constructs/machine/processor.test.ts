import { TerraformVariable, Token } from "cdktf";
import { Cpu, Fleet, Host, Size, VirtualMachine, type VirtualMachineProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

/** The CPU of one VM on a host with KVM. */
function cpuOf(props: Partial<VirtualMachineProps>): unknown {
  const stack = newStack();
  new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, ...props });
  expect(errorsOf(stack)).toEqual([]);
  return attributesOf(stack, "libvirt_domain.web-1")?.cpu;
}

/** The errors of one VM. */
function errorsWith(props: Partial<VirtualMachineProps>): string[] {
  const stack = newStack();
  new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, ...props });
  return errorsOf(stack);
}

describe("Cpu", () => {
  it("has details beside its model", () => {
    const cpu = Cpu.model("Nehalem").with({
      features: { vmx: "disable", aes: "require" },
      check: "full",
      vendorId: "GenuineIntel",
      cache: "emulate",
      physicalAddressBits: 42,
    });
    expect(cpuOf({ cpu })).toEqual({
      mode: "custom",
      model: "Nehalem",
      features: { vmx: { policy: "disable" }, aes: { policy: "require" } },
      check: "full",
      vendor_id: "GenuineIntel",
      cache: { mode: "emulate", level: 3 },
      maxphysaddr: { mode: "emulate", bits: 42 },
    });
  });

  it("can be the host's in every detail", () => {
    const cpu = Cpu.HOST_PASSTHROUGH.with({ migratable: false, cache: "passthrough", physicalAddressBits: "host" });
    expect(cpuOf({ cpu })).toEqual({
      mode: "host-passthrough",
      migratable: false,
      cache: { mode: "passthrough" },
      maxphysaddr: { mode: "passthrough" },
    });
  });

  it("adds details to those it has, and leaves the original as it was", () => {
    const without = Cpu.NEHALEM.with({ features: { vmx: "disable" }, check: "none" });
    expect(cpuOf({ cpu: without.with({ features: { pcid: "optional" } }) })).toMatchObject({
      check: "none",
      features: { vmx: { policy: "disable" }, pcid: { policy: "optional" } },
    });
    expect(cpuOf({ cpu: Cpu.NEHALEM })).toEqual({ mode: "custom", model: "Nehalem" });
  });

  it.each<[Cpu, string]>([
    [
      Cpu.NEHALEM.with({ migratable: true }),
      "'cpu' cannot have 'migratable' with mode 'custom'; remove it, or use Cpu.HOST_PASSTHROUGH",
    ],
    [
      Cpu.HOST_MODEL.with({ cache: "passthrough" }),
      "'cpu' cannot have 'cache' of 'passthrough' with mode 'host-model'; use 'emulate', or Cpu.HOST_PASSTHROUGH",
    ],
    [
      Cpu.MAXIMUM.with({ vendorId: "GenuineIntel" }),
      "'cpu' cannot have 'vendorId' with mode 'maximum'; remove it, or use Cpu.model",
    ],
    [
      Cpu.NEHALEM.with({ vendorId: "Intel" }),
      "'vendorId' of 'cpu' must have 12 characters, got 'Intel'; write it like 'GenuineIntel'",
    ],
    [
      Cpu.NEHALEM.with({ physicalAddressBits: 65 }),
      "'cpu.physicalAddressBits' must be a whole number from 1 to 64, got 65; choose a number in this range",
    ],
  ])("is refused if its details do not fit: %#", (cpu, message) => {
    expect(errorsWith({ cpu })).toEqual([`${message} (at lab/web-1)`]);
  });
});

describe("The topology of a VirtualMachine", () => {
  it("divides the virtual CPUs that remain into cores", () => {
    expect(cpuOf({ vcpus: 8, cpuTopology: { threads: 2 } })).toEqual({
      mode: "host-model",
      topology: { threads: 2, cores: 4 },
    });
    expect(cpuOf({ vcpus: 1, maxVcpus: 12, cpuTopology: { sockets: 2, dies: 3 } })).toMatchObject({
      topology: { sockets: 2, dies: 3, cores: 2 },
    });
  });

  it("is there beside QEMU's default CPU, and beside that of a fleet", () => {
    const stack = newStack();
    const emulating = new Host(stack, "alpha", { uri: "qemu:///system", accelerator: "qemu" });
    new VirtualMachine(stack, "web-1", { host: emulating, memory, vcpus: 2, cpuTopology: { sockets: 2 } });
    const host = new Host(stack, "beta", { uri: "qemu:///session" });
    new Fleet(stack, "fleet", { hosts: [host], cpu: Cpu.NEHALEM });
    new VirtualMachine(stack, "web-2", { host, memory, vcpus: 2, cpuTopology: { cores: 2 } });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.cpu).toEqual({ topology: { sockets: 2, cores: 1 } });
    expect(attributesOf(stack, "libvirt_domain.web-2")?.cpu).toEqual({
      mode: "custom",
      model: "Nehalem",
      topology: { cores: 2 },
    });
  });

  it("is not checked if it is not known yet", () => {
    const stack = newStack();
    const vcpus = Token.asNumber(new TerraformVariable(stack, "vcpus", { type: "number" }).value);
    new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, vcpus, cpuTopology: { cores: 3 } });
    expect(errorsOf(stack)).toEqual([]);
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { vcpus: 4, cpuTopology: { cores: 4, threads: 2 } },
      "'cpuTopology' must have room for 4 virtual CPUs, 'vcpus', got cores 4, threads 2; change both together",
    ],
    [
      { vcpus: 2, maxVcpus: 6, cpuTopology: { sockets: 4 } },
      "'cpuTopology' must have room for 6 virtual CPUs, 'maxVcpus', got sockets 4; change both together",
    ],
    [
      { vcpus: 4, cpuTopology: { dies: 0 } },
      "'cpuTopology.dies' must be a whole number of at least 1, got 0; raise or round it",
    ],
  ])("is refused if it does not fit: %j", (props, message) => {
    expect(errorsWith(props)).toEqual([`${message} (at lab/web-1)`]);
  });
});
