import { BaseImage, CloudInit, Size, StoragePool, VirtualMachine, Volume, type VolumeProps } from "../../../constructs";
import { addressesOf, attributesOf, errorsOf, newStack, Site } from "../synthesis";

describe("Volume", () => {
  it("is empty, and named after its construct and format by default", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const volume = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    expect(volume.capacity?.toString()).toBe("1 GiB");
    expect(attributesOf(stack, "libvirt_volume.data")).toEqual({
      host: "alpha",
      pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
      name: "data.qcow2",
      format: "qcow2",
      capacity: 1_073_741_824,
    });
  });

  it("is a thin clone of an image, with the size of the image by default", () => {
    const stack = newStack();
    const { pool, image } = new Site(stack);
    const clone = new Volume(stack, "clone", { pool, image });
    new Volume(stack, "larger", { pool, image, size: Size.gibibytes(3), volumeName: "larger.img" });
    const backing = { path: "${libvirt_volume.alpha_debian_B396BDFA.path}", format: "qcow2" };
    expect(clone.capacity).toEqual(Size.gibibytes(2));
    expect(attributesOf(stack, "libvirt_volume.clone")).toMatchObject({ name: "clone.qcow2", backing_store: backing });
    expect(attributesOf(stack, "libvirt_volume.larger")).toMatchObject({
      name: "larger.img",
      capacity: 3_221_225_472,
      backing_store: backing,
    });
  });

  it("is a full copy of an image, which can be preallocated, larger and in another format", () => {
    const stack = newStack();
    const { pool, image } = new Site(stack);
    const copy = new Volume(stack, "copy", { pool, cloneOf: image, format: "raw", preallocated: true });
    new Volume(stack, "larger", { pool, cloneOf: image, size: Size.gibibytes(3) });
    expect(copy.capacity).toEqual(Size.gibibytes(2));
    expect(attributesOf(stack, "libvirt_volume.copy")).toEqual({
      host: "alpha",
      pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
      name: "copy.raw",
      format: "raw",
      preallocation: "full",
      clone_from: "${libvirt_volume.alpha_debian_B396BDFA.path}",
    });
    expect(attributesOf(stack, "libvirt_volume.larger")).toMatchObject({ capacity: 3_221_225_472 });
    expect(errorsOf(stack)).toEqual([]);
  });

  it("uploads content from a server", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const source = "https://example.org/rescue.iso";
    new Volume(stack, "rescue", { pool, source, sha256: "AB".repeat(32), format: "raw" });
    expect(attributesOf(stack, "libvirt_volume.rescue")).toEqual({
      host: "alpha",
      pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
      name: "rescue.raw",
      format: "raw",
      source,
      source_sha256: "ab".repeat(32),
    });
    expect(errorsOf(stack)).toEqual([]);
  });

  it("has an owner and a mode, as an image has", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const permissions = { owner: 64_055, group: 64_055, mode: "0640" };
    new Volume(stack, "data", { pool, size: Size.gibibytes(1), permissions });
    const source = "https://example.org/debian.qcow2";
    new BaseImage(stack, "debian", { pool, source, permissions: { mode: "0644" } });
    expect(attributesOf(stack, "libvirt_volume.data")).toMatchObject({ permissions });
    expect(attributesOf(stack, "libvirt_volume.debian")).toMatchObject({ permissions: { mode: "0644" } });
    expect(errorsOf(stack)).toEqual([]);
  });

  it("has the owner and the mode that its pool has for volumes, as disks and seeds of machines have", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const volumePermissions = { owner: 64_055, group: 64_055, mode: "0666" };
    const nfs = { host, server: "nas", directory: "/srv/vms", path: "/vms" };
    const pool = StoragePool.nfs(stack, "shared", { ...nfs, volumePermissions });
    const image = new BaseImage(stack, "debian-nfs", { pool, source: "https://example.org/debian.qcow2" });
    new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    new Volume(stack, "own", { pool, size: Size.gibibytes(1), permissions: { mode: "0640" } });
    new VirtualMachine(stack, "vm", { host, image, memory: Size.gibibytes(1), cloudInit: new CloudInit() });
    const there = StoragePool.fromStoragePoolAttributes(stack, "there", { host, poolName: "there", volumePermissions });
    new Volume(stack, "elsewhere", { pool: there, size: Size.gibibytes(1) });
    const shared = addressesOf(stack).filter((it) => /\.(debian-nfs|data|vm_root|vm_cloud-init|elsewhere)/.test(it));
    expect(shared).toHaveLength(5);
    for (const address of shared) {
      expect(attributesOf(stack, address)).toMatchObject({ permissions: volumePermissions });
    }
    expect(attributesOf(stack, "libvirt_volume.own")).toMatchObject({ permissions: { mode: "0640" } });
    expect(attributesOf(stack, "libvirt_pool.shared")).not.toHaveProperty("permissions");
    expect(errorsOf(stack)).toEqual([]);
  });

  it("is encrypted, and decrypted for the machine that uses it as a disk", () => {
    const stack = newStack();
    const { host, pool, image } = new Site(stack);
    const encryption = { secretUuid: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" };
    const volume = new Volume(stack, "vault", { pool, image, size: Size.gibibytes(3), encryption });
    const golden = Volume.fromVolumeAttributes(stack, "golden", { pool, volumeName: "g", path: "/g", encryption });
    new VirtualMachine(stack, "vm", { host, memory: Size.gibibytes(1), disks: [{ volume }, { volume: golden }] });
    expect(attributesOf(stack, "libvirt_volume.vault")).toMatchObject({
      encryption: { secret_uuid: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" },
    });
    expect(attributesOf(stack, "libvirt_domain.vm")?.disks).toMatchObject({
      vda: { source: { encryption_secret: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" } },
      vdb: { file: "/g", source: { encryption_secret: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" } },
    });
    expect(errorsOf(stack)).toEqual([]);
  });

  it("cannot be cloned when it is encrypted", () => {
    const stack = newStack();
    const { host, pool } = new Site(stack);
    const encryption = { secretUuid: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" };
    const image = new Volume(stack, "vault", { pool, size: Size.gibibytes(1), encryption });
    new Volume(stack, "clone", { pool, image });
    new VirtualMachine(stack, "vm", { host, memory: Size.gibibytes(1), image });
    const message =
      "'image' must not be encrypted, got 'vault.qcow2'; encrypt the clone instead, or create a full copy with 'cloneOf'";
    expect(errorsOf(stack)).toEqual([`${message} (at lab/clone)`, `${message} (at lab/vm)`]);
  });

  it.each<[Partial<VolumeProps>, string]>([
    [
      {
        source: "https://example.org/a",
        cloneOf: undefined,
        encryption: { secretUuid: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" },
      },
      "'encryption' cannot be combined with 'source', which is uploaded unencrypted; upload a BaseImage, and set 'cloneOf' to it",
    ],
    [
      { sha256: "0".repeat(64), size: Size.gibibytes(1) },
      "'sha256' requires 'source'; set the source, or remove 'sha256'",
    ],
    [
      { source: "https://example.org/a", sha256: "0" },
      "'sha256' must be 64 hexadecimal digits, got '0'; copy them from the output of 'sha256sum'",
    ],
    [
      { source: "smb://example.org/a" },
      "'source' must be a file on this machine, or an http or https URL, got 'smb://example.org/a'; download it first",
    ],
    [
      { source: "https://example.org/a", preallocated: true },
      "'preallocated' cannot be combined with a qcow2 'source', which is uploaded unchanged; remove 'preallocated'",
    ],
    [
      {
        size: Size.gibibytes(1),
        format: "raw",
        preallocated: true,
        encryption: { secretUuid: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" },
      },
      "'preallocated' is not supported for an encrypted raw volume, which libvirt creates without allocating space; use format 'qcow2'",
    ],
    [
      { size: Size.gibibytes(1), encryption: { secretUuid: "vault" } },
      "'encryption.secretUuid' must be a UUID in lower case, got 'vault'; copy it from 'virsh secret-list' on the host",
    ],
  ])("rejects the combination %j", (props, message) => {
    const stack = newStack();
    const { pool } = new Site(stack);
    new Volume(stack, "data", { pool, ...props });
    expect(errorsOf(stack)).toEqual([`${message} (at lab/data)`]);
  });

  it("rejects two origins, and preallocation of a thin clone", () => {
    const stack = newStack();
    const { pool, image } = new Site(stack);
    new Volume(stack, "both", { pool, image, cloneOf: image });
    new Volume(stack, "thin", { pool, image, preallocated: true });
    expect(errorsOf(stack)).toEqual([
      "'image' and 'cloneOf' cannot be combined; keep one of them (at lab/both)",
      "'preallocated' cannot be combined with 'image', whose clones store only the differences; use 'cloneOf' (at lab/thin)",
    ]);
  });

  it("refers to an existing volume", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const golden = Volume.fromVolumeAttributes(stack, "golden", {
      pool,
      volumeName: "golden.img",
      path: "/golden.img",
    });
    new Volume(stack, "clone", { pool, image: golden });
    expect(attributesOf(stack, "libvirt_volume.golden")).toBeUndefined();
    expect(attributesOf(stack, "libvirt_volume.clone")).toMatchObject({
      backing_store: { path: "/golden.img", format: "qcow2" },
    });
  });

  it.each([
    [
      {},
      "'size' is required for a volume without 'image', 'cloneOf' or 'source'; set the size of the volume (at lab/data)",
    ],
    [{ size: Size.kibibytes(1) }, "'size' must be at least 1 MiB, got 1 KiB; raise it (at lab/data)"],
    [
      { size: Size.bytes(1_048_577) },
      "'size' must be a multiple of 512 bytes, got 1048577 bytes; round it, for example to MiB (at lab/data)",
    ],
    [
      { size: Size.gibibytes(1), volumeName: "a\nb" },
      `'volumeName' must not contain control characters, got "a\\nb"; remove them (at lab/data)`,
    ],
    [
      { size: Size.gibibytes(1), volumeName: ".." },
      "'volumeName' must not be the name of a directory, got '..'; choose another name (at lab/data)",
    ],
    [
      { size: Size.gibibytes(1), volumeName: "é".repeat(101) },
      "'volumeName' must be at most 200 bytes, got 202; shorten it (at lab/data)",
    ],
  ])("rejects %j", (props, message) => {
    const stack = newStack();
    const { pool } = new Site(stack);
    new Volume(stack, "data", { pool, ...props });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("rejects a clone in another format, on another host or smaller than its image", () => {
    const stack = newStack();
    const { image } = new Site(stack);
    const { pool } = new Site(stack, "beta");
    new Volume(stack, "data", { pool, image, format: "raw", size: Size.gibibytes(1) });
    expect(errorsOf(stack)).toEqual([
      "'image' requires format 'qcow2', got 'raw'; remove 'format' (at lab/data)",
      "'size' must be at least the size of image 'debian-01234567.qcow2' (2 GiB), got 1 GiB; raise it or use a smaller image (at lab/data)",
      "'image' must be on host 'beta', got one on 'alpha'; upload it to a pool on that host too (at lab/data)",
    ]);
  });

  it("rejects a name that another volume of the pool uses", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const beta = new Site(stack, "beta");
    const size = Size.gibibytes(1);
    new Volume(stack, "data", { pool, size });
    new Volume(stack, "other", { pool, size, volumeName: "data.qcow2" });
    new Volume(stack, "elsewhere", { pool: beta.pool, size, volumeName: "data.qcow2" });
    expect(errorsOf(stack)).toEqual([
      "volume name must be unique in pool 'pool' on host 'alpha', 'data.qcow2' is already used by lab/data; rename one of them (at lab/other)",
    ]);
  });
});
