import { TerraformOutput, type TerraformStack, Testing } from "cdktf";
import { Size, Snapshot, type SnapshotProps, VirtualMachine } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

function machineIn(stack: TerraformStack, id = "web-1", site = new Site(stack)): VirtualMachine {
  return new VirtualMachine(stack, id, { host: site.host, memory: Size.gibibytes(1), image: site.image });
}

describe("Snapshot", () => {
  it("is of a machine, made after it and called as its construct", () => {
    const stack = newStack();
    const vm = machineIn(stack);
    const snapshot = new Snapshot(stack, "before-upgrade", { vm });
    expect(snapshot.snapshotName).toBe("before-upgrade");
    expect(snapshot.vm).toBe(vm);
    expect(attributesOf(stack, "libvirt_domain_snapshot.before-upgrade")).toEqual({
      host: "alpha",
      domain: "${libvirt_domain.web-1.name}",
      name: "before-upgrade",
    });
  });

  it("is of a machine that is there already, too", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const vm = VirtualMachine.fromVirtualMachineAttributes(stack, "old", { host, vmName: "old-1" });
    new Snapshot(stack, "before-upgrade", { vm });
    expect(attributesOf(stack, "libvirt_domain_snapshot.before-upgrade")).toMatchObject({
      host: "alpha",
      domain: "old-1",
    });
    expect(attributesOf(stack, "libvirt_domain.old")).toBeUndefined();
    expect(errorsOf(stack)).toEqual([]);
  });

  it("passes on all that it is told, as text", () => {
    const stack = newStack();
    const snapshot = new Snapshot(stack, "s", {
      vm: machineIn(stack),
      memory: true,
      quiesce: false,
      directory: "/snapshots",
      revertTrigger: "${1}",
      description: "Before ${the} upgrade.",
      snapshotName: "before upgrade",
    });
    new TerraformOutput(stack, "created", { value: snapshot.created });
    expect(Testing.synth(stack)).toContain('"value": "${libvirt_domain_snapshot.s.created}"');
    expect(attributesOf(stack, "libvirt_domain_snapshot.s")).toMatchObject({
      name: "before upgrade",
      memory: true,
      quiesce: false,
      directory: "/snapshots",
      revert: "$${1}",
      description: "Before $${the} upgrade.",
    });
  });

  it.each<[Partial<SnapshotProps>, string]>([
    [
      { snapshotName: "" },
      "'snapshotName' must not be empty, got ''; leave it out to use the construct's id (at lab/s)",
    ],
    [{ snapshotName: "a/b" }, "'snapshotName' must not contain '/', got 'a/b'; put '-' in its place (at lab/s)"],
    [{ snapshotName: ".a" }, "'snapshotName' must not begin with '.', got '.a'; take it out (at lab/s)"],
    [
      { memory: true, quiesce: true },
      "'quiesce' can't go with 'memory': what the guest has not written out yet is in its memory; take one out (at lab/s)",
    ],
    [
      { directory: "snapshots" },
      "'directory' must be absolute, got 'snapshots'; write it from the root of the host, '/' (at lab/s)",
    ],
  ])("refuses %j", (props, message) => {
    const stack = newStack();
    new Snapshot(stack, "s", { vm: machineIn(stack), ...props });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("is the only one of its name that a machine has", () => {
    const stack = newStack();
    const site = new Site(stack);
    const vm = machineIn(stack, "web-1", site);
    new Snapshot(stack, "first", { vm, snapshotName: "it" });
    new Snapshot(stack, "second", { vm, snapshotName: "it" });
    new Snapshot(stack, "of-another", { vm: machineIn(stack, "web-2", site), snapshotName: "it" });
    expect(errorsOf(stack)).toEqual([
      "snapshot name 'web-1/it' is taken already on host 'alpha' by lab/first; give one of them another name (at lab/second)",
    ]);
  });
});
