import { Architecture, Fleet, Size, VirtualMachine, type VirtualMachineProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

/** What Terraform is told of the kind of a VM on host alpha, which runs machines under KVM. */
function rendered(props: Partial<VirtualMachineProps>): object {
  const stack = newStack();
  const { host } = new Site(stack);
  new Fleet(stack, "fleet", { hosts: [host] });
  new VirtualMachine(stack, "arm", { host, memory, ...props });
  expect(errorsOf(stack)).toEqual([]);
  const { type, arch, machine, firmware, cpu } = attributesOf(stack, "libvirt_domain.arm") ?? {};
  return JSON.parse(JSON.stringify({ type, arch, machine, firmware, cpu })) as object;
}

describe("The architecture of a VirtualMachine", () => {
  it("is left to the host by default, with the CPU of the fleet", () => {
    expect(rendered({})).toEqual({ type: "kvm", cpu: expect.anything() as unknown });
  });

  it("can be another one, which is emulated without the CPU of the fleet", () => {
    expect(rendered({ architecture: Architecture.AARCH64, accelerator: "qemu" })).toEqual({
      type: "qemu",
      arch: "aarch64",
    });
    expect(rendered({ architecture: Architecture.of("riscv64"), accelerator: "qemu" })).toEqual({
      type: "qemu",
      arch: "riscv64",
    });
  });

  it("keeps the CPU of the fleet if it is the host's own", () => {
    expect(rendered({ architecture: Architecture.X86_64 })).toEqual({
      type: "kvm",
      arch: "x86_64",
      cpu: expect.anything() as unknown,
    });
  });

  it("must be x86_64 for secure boot", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    new VirtualMachine(stack, "arm", { host, memory, architecture: Architecture.AARCH64, secureBoot: true });
    expect(errorsOf(stack)).toEqual([
      "'secureBoot' requires architecture 'x86_64', got 'aarch64'; remove 'architecture' or 'secureBoot' (at lab/arm)",
    ]);
  });
});
