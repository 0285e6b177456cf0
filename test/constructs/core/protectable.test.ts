import { BaseImage, Host, Secret, Size, Snapshot, StoragePool, VirtualMachine, Volume } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site, synthesize } from "../synthesis";

/** Which resources of a stack are protected, and which say that they are not. */
function protection(stack: ReturnType<typeof newStack>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(synthesize(stack).resource ?? {}).flatMap(([type, resources]) =>
      Object.entries(resources)
        .filter(([, attributes]) => "protect" in attributes)
        .map(([name, { protect }]) => [`${type}.${name}`, protect]),
    ),
  );
}

describe("protect", () => {
  it("is passed on for every object that holds data", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const protect = true;
    const pool = new StoragePool(stack, "pool", { host, path: "/images", protect });
    StoragePool.lvm(stack, "fast", { host, volumeGroup: "vg0", protect });
    new BaseImage(stack, "debian", { pool, source: "debian.qcow2", sha256: "0".repeat(64), protect });
    new Volume(stack, "data", { pool, size: Size.gibibytes(1), protect });
    new Secret(stack, "san", { host, usage: "iscsi", protect });
    const vm = new VirtualMachine(stack, "web", {
      host,
      pool,
      diskSize: Size.gibibytes(1),
      memory: Size.gibibytes(1),
      protect,
    });
    new Snapshot(stack, "before", { vm, protect });
    expect(protection(stack)).toEqual({
      "libvirt_pool.pool": true,
      "libvirt_pool.fast": true,
      "libvirt_volume.debian": true,
      "libvirt_volume.data": true,
      "libvirt_secret.san": true,
      "libvirt_domain.web": true,
      "libvirt_volume.web_root_F1E8E28A": true,
      "libvirt_domain_snapshot.before": true,
    });
  });

  it("is off by default, and is not in the configuration then", () => {
    const stack = newStack();
    const { host, image, pool } = new Site(stack);
    const volume = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    new VirtualMachine(stack, "web", { host, image, memory: Size.gibibytes(1), disks: [{ volume }] });
    expect(protection(stack)).toEqual({});
  });

  it("of a machine protects the volumes that it writes to, unless they say otherwise", () => {
    const stack = newStack();
    const { host, pool } = new Site(stack);
    const volume = (id: string, protect?: boolean): Volume =>
      new Volume(stack, id, { pool, size: Size.gibibytes(1), format: "raw", protect });
    new VirtualMachine(stack, "web", {
      host,
      memory: Size.gibibytes(1),
      disks: [
        { volume: volume("data") },
        { volume: volume("scratch", false) },
        { volume: volume("tools"), options: { readOnly: true } },
      ],
      cdroms: [{ medium: volume("install") }],
      protect: true,
    });
    expect(protection(stack)).toEqual({
      "libvirt_domain.web": true,
      "libvirt_volume.data": true,
      "libvirt_volume.scratch": false,
    });
  });

  it("does not make the cloud-init disk and the image protected", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    new VirtualMachine(stack, "web", { host, image, memory: Size.gibibytes(1), protect: true });
    expect(attributesOf(stack, "libvirt_volume.alpha_debian_B396BDFA")).not.toHaveProperty("protect");
  });

  it("is refused together with what destroys the data", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const [memory, size] = [Size.gibibytes(1), Size.gibibytes(1)];
    new StoragePool(stack, "dir", { host, path: "/images", deleteData: true, protect: true });
    const pool = StoragePool.lvm(stack, "fast", { host, volumeGroup: "vg0", deleteData: true });
    new Volume(stack, "data", { pool, format: "raw", size, protect: true });
    const volume = new Volume(stack, "logs", { pool, format: "raw", size });
    new VirtualMachine(stack, "web", { host, memory, disks: [{ volume }], protect: true });
    new Secret(stack, "san", { host, usage: "iscsi", ephemeral: true, protect: true });
    const inPool =
      "'protect' cannot be combined with 'deleteData' of pool 'fast', which deletes all volumes with the pool; remove one of them";
    expect(errorsOf(stack)).toEqual([
      "'deleteData' cannot be combined with 'protect', which refuses to destroy the pool; remove one of them (at lab/dir)",
      "'protect' cannot be combined with 'ephemeral': libvirt loses an ephemeral secret when it restarts; remove one of them (at lab/san)",
      `${inPool} (at lab/data)`,
      `${inPool} (at lab/logs)`,
    ]);
  });

  it("accepts volumes in a directory that is deleted only if it is empty", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = new StoragePool(stack, "dir", { host, path: "/images", deleteData: true });
    new Volume(stack, "data", { pool, size: Size.gibibytes(1), protect: true });
    expect(errorsOf(stack)).toEqual([]);
  });
});
