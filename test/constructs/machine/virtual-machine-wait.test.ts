import { TerraformOutput } from "cdktf";
import { Size, VirtualMachine, type VirtualMachineProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site, synthesize } from "../synthesis";

const memory = Size.mebibytes(512);

describe("Wait conditions of a VirtualMachine", () => {
  it.each<[VirtualMachineProps["waitFor"], unknown]>([
    [undefined, undefined],
    [{}, { address: "any" }],
    [
      { networkInterface: "lan", source: "arp", timeout: 60 },
      { address: "lan", source: "arp", timeout: 60 },
    ],
    [{ guestAgent: true }, { guest_agent: true }],
    [
      { guestAgent: true, networkInterface: "any" },
      { address: "any", guest_agent: true },
    ],
  ])("%j", (waitFor, told) => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, network: lan, guestAgent: true, waitFor });
    expect(errorsOf(stack)).toEqual([]);
    expect(attributesOf(stack, "libvirt_domain.web-1")?.wait_for).toEqual(told);
  });

  it.each<[Partial<VirtualMachineProps>, boolean, string]>([
    [
      { waitFor: {} },
      false,
      "'waitFor' requires 'network' or 'networks' to wait for an address; add one, or wait for 'guestAgent'",
    ],
    [
      { waitFor: { networkInterface: "wan" } },
      true,
      "'waitFor.networkInterface' must be one of 'any', 'lan', got 'wan'; correct it, or add that interface",
    ],
    [{ waitFor: { guestAgent: true } }, true, "'waitFor.guestAgent' requires 'guestAgent'; set 'guestAgent' to true"],
    [
      { waitFor: { source: "agent" } },
      true,
      "'waitFor.source' of 'agent' requires 'guestAgent'; set 'guestAgent' to true, or use 'lease'",
    ],
    [
      { waitFor: { timeout: 0 } },
      true,
      "'waitFor.timeout' must be a whole number of at least 1, got 0; raise or round it",
    ],
  ])("refuses %j", (props, connected, error) => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, network: connected ? lan : undefined, ...props });
    expect(errorsOf(stack)).toEqual([`${error} (at lab/web-1)`]);
  });
});

describe("Addresses of a VirtualMachine", () => {
  it("are read after the machine is created, once for each source", () => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    const vm = new VirtualMachine(stack, "web-1", { host, memory, network: lan });
    new TerraformOutput(stack, "leased", { value: vm.addresses() });
    new TerraformOutput(stack, "again", { value: vm.addresses() });
    new TerraformOutput(stack, "heard", { value: vm.addresses("arp") });
    const asked = Object.values(synthesize(stack).data?.libvirt_domain_addresses ?? {});
    expect(asked).toHaveLength(2);
    expect(asked).toContainEqual(
      expect.objectContaining({
        host: "${libvirt_domain.web-1.host}",
        domain: "${libvirt_domain.web-1.uuid}",
        source: "lease",
      }),
    );
  });
});
