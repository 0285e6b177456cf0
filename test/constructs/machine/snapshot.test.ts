import { TerraformOutput, type TerraformStack, Testing } from "cdktf";
import { Size, Snapshot, type SnapshotProps, VirtualMachine } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

function machineIn(stack: TerraformStack, id = "web-1", site = new Site(stack)): VirtualMachine {
  return new VirtualMachine(stack, id, { host: site.host, memory: Size.gibibytes(1), image: site.image });
}

describe("Snapshot", () => {
  it("belongs to a machine, is created after it and is named after its construct", () => {
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

  it("can belong to an existing machine", () => {
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

  it("passes every property on, with template sequences escaped", () => {
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
    [{ snapshotName: "" }, "'snapshotName' must not be empty, got ''; remove it to use the construct's id (at lab/s)"],
    [{ snapshotName: "a/b" }, "'snapshotName' must not contain '/', got 'a/b'; replace it with '-' (at lab/s)"],
    [{ snapshotName: ".a" }, "'snapshotName' must not begin with '.', got '.a'; remove the '.' (at lab/s)"],
    [
      { memory: true, quiesce: true },
      "'quiesce' cannot be combined with 'memory': data that the guest has not flushed is in its memory; remove one of them (at lab/s)",
    ],
    [{ directory: "snapshots" }, "'directory' must be an absolute path, got 'snapshots'; begin it with '/' (at lab/s)"],
  ])("refuses %j", (props, message) => {
    const stack = newStack();
    new Snapshot(stack, "s", { vm: machineIn(stack), ...props });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("has a name that is unique in its machine", () => {
    const stack = newStack();
    const site = new Site(stack);
    const vm = machineIn(stack, "web-1", site);
    new Snapshot(stack, "first", { vm, snapshotName: "it" });
    new Snapshot(stack, "second", { vm, snapshotName: "it" });
    new Snapshot(stack, "of-another", { vm: machineIn(stack, "web-2", site), snapshotName: "it" });
    expect(errorsOf(stack)).toEqual([
      "snapshot name must be unique on host 'alpha', 'web-1/it' is already used by lab/first; rename one of them (at lab/second)",
    ]);
  });
});
