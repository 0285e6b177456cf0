import type { Construct } from "constructs";
import { BaseImage, Host, Secret, Size, StoragePool, VirtualMachine, Volume } from "../../../constructs";
import { attributesOf, errorsOf, newStack } from "../synthesis";

const target = "iqn.2013-06.com.example:san";
const lifecycle = { create_before_destroy: true };

function alpha() {
  const stack = newStack();
  const host = new Host(stack, "alpha", { uri: "qemu:///system" });
  const san = new Secret(stack, "san", { host, usage: "iscsi" });
  const key = new Secret(stack, "key", { host, usage: "ceph" });
  return { stack, host, san, key };
}

type Site = ReturnType<typeof alpha>;

const made: readonly [
  name: string,
  make: (scope: Construct, site: Site) => StoragePool,
  attributes: object,
  volumes: string,
][] = [
  [
    "a file system",
    (scope, { host }) =>
      StoragePool.filesystem(scope, "p", { host, path: "/vms", device: "/dev/sdb", format: "xfs", build: "new" }),
    { type: "fs", path: "/vms", source: { devices: ["/dev/sdb"], format: "xfs" }, build: "new" },
    "files",
  ],
  [
    "a volume group",
    (scope, { host }) =>
      StoragePool.lvm(scope, "p", { host, volumeGroup: "vg", devices: ["/dev/sdb"], build: "new", deleteData: true }),
    { type: "logical", source: { name: "vg", devices: ["/dev/sdb"] }, build: "new", delete_data: true },
    "devices",
  ],
  [
    "a volume group that is there",
    (scope, { host }) => StoragePool.lvm(scope, "p", { host, volumeGroup: "vg" }),
    { type: "logical", source: { name: "vg" } },
    "devices",
  ],
  [
    "a disk",
    (scope, { host }) =>
      StoragePool.disk(scope, "p", { host, device: "/dev/sdb", label: "gpt", build: "overwrite", autostart: false }),
    {
      type: "disk",
      path: "/dev",
      source: { devices: ["/dev/sdb"], format: "gpt" },
      build: "overwrite",
      autostart: false,
    },
    "devices",
  ],
  [
    "an iSCSI target",
    (scope, { host, san }) =>
      StoragePool.iscsi(scope, "p", {
        host,
        server: "nas",
        port: 3261,
        target,
        chap: { username: "fleet", secret: san },
      }),
    {
      type: "iscsi",
      path: "/dev/disk/by-path",
      source: {
        host: "nas",
        port: 3261,
        devices: [target],
        auth: { type: "chap", username: "fleet", secret_uuid: "${libvirt_secret.san.uuid}" },
      },
    },
    "devices",
  ],
  [
    "an iSCSI target that QEMU logs in at",
    (scope, { host }) =>
      StoragePool.iscsi(scope, "p", { host, server: "nas", target, initiator: `${target}-a`, direct: true }),
    { type: "iscsi-direct", source: { host: "nas", devices: [target], initiator: `${target}-a` } },
    "network",
  ],
  [
    "an adapter by its name",
    (scope, { host }) => StoragePool.scsi(scope, "p", { host, adapter: "scsi_host1" }),
    { type: "scsi", path: "/dev/disk/by-path", source: { adapter: { name: "scsi_host1" } } },
    "devices",
  ],
  [
    "an adapter by its place",
    (scope, { host }) => StoragePool.scsi(scope, "p", { host, adapter: { address: "0000:00:1f.2", uniqueId: 1 } }),
    {
      type: "scsi",
      path: "/dev/disk/by-path",
      source: { adapter: { parent_address: "0000:00:1f.2", unique_id: 1 } },
    },
    "devices",
  ],
  [
    "a Fibre Channel adapter",
    (scope, { host }) =>
      StoragePool.scsi(scope, "p", { host, adapter: { wwnn: "20000000c9831b4b", wwpn: "10000000c9831b4b" } }),
    {
      type: "scsi",
      path: "/dev/disk/by-path",
      source: { adapter: { type: "fc_host", wwnn: "20000000c9831b4b", wwpn: "10000000c9831b4b" } },
    },
    "devices",
  ],
  [
    "multipath devices",
    (scope, { host }) => StoragePool.multipath(scope, "p", { host }),
    { type: "mpath", path: "/dev/mapper" },
    "devices",
  ],
  [
    "a pool of Ceph",
    (scope, { host, key }) =>
      StoragePool.ceph(scope, "p", {
        host,
        monitors: ["mon-1", "[2001:db8::1]:6790"],
        cephPool: "vms",
        login: { username: "fleet", secret: key },
      }),
    {
      type: "rbd",
      source: {
        hosts: ["mon-1", "[2001:db8::1]:6790"],
        name: "vms",
        auth: { type: "ceph", username: "fleet", secret_uuid: "${libvirt_secret.key.uuid}" },
      },
    },
    "network",
  ],
  [
    "a zpool",
    (scope, { host }) =>
      StoragePool.zfs(scope, "p", { host, zpool: "tank", devices: ["/dev/sdb"], build: "new", deleteData: false }),
    { type: "zfs", source: { name: "tank", devices: ["/dev/sdb"] }, build: "new", delete_data: false },
    "devices",
  ],
  [
    "a directory that is deleted with the pool",
    (scope, { host }) => new StoragePool(scope, "p", { host, path: "/vms", deleteData: true }),
    { path: "/vms", delete_data: true },
    "files",
  ],
];

describe("StoragePool", () => {
  it.each(made)("renders a pool of %s", (_, make, attributes, volumes) => {
    const site = alpha();
    const pool = make(site.stack, site);
    expect(attributesOf(site.stack, "libvirt_pool.p")).toEqual({ host: "alpha", name: "p", lifecycle, ...attributes });
    expect(pool.volumes).toBe(volumes);
    expect(errorsOf(site.stack)).toEqual([]);
  });

  it.each<[string, (scope: Construct, site: Site) => unknown]>([
    [
      "'device' must be an absolute path, got 'sdb'; begin it with '/' (at lab/p)",
      (scope, { host }) => StoragePool.filesystem(scope, "p", { host, path: "/vms", device: "sdb" }),
    ],
    [
      "'build' requires 'format'; set the file system to create: 'ext4' or 'xfs' (at lab/p)",
      (scope, { host }) => StoragePool.filesystem(scope, "p", { host, path: "/vms", device: "/dev/sdb", build: "new" }),
    ],
    [
      "'build' requires 'devices'; list the devices to build it from (at lab/p)",
      (scope, { host }) => StoragePool.lvm(scope, "p", { host, volumeGroup: "vg", build: "new" }),
    ],
    [
      "'volumeGroup' must be letters, digits and '+_.-', got 'a/b'; use the name that 'vgs' shows (at lab/p)",
      (scope, { host }) => StoragePool.lvm(scope, "p", { host, volumeGroup: "a/b" }),
    ],
    [
      "'build' requires 'label'; set the partition table to create: 'gpt' or 'dos' (at lab/p)",
      (scope, { host }) => StoragePool.disk(scope, "p", { host, device: "/dev/sdb", build: "new" }),
    ],
    [
      "'target' must have the form 'iqn.2013-06.com.example:san', got 'san'; copy it from the target's settings (at lab/p)",
      (scope, { host }) => StoragePool.iscsi(scope, "p", { host, server: "nas", target: "san" }),
    ],
    [
      "'direct' requires 'initiator'; set the qualified name of the host, 'iqn....' (at lab/p)",
      (scope, { host }) => StoragePool.iscsi(scope, "p", { host, server: "nas", target, direct: true }),
    ],
    [
      "'path' cannot be combined with 'direct', got '/dev'; remove it: with 'direct' the host has no devices (at lab/p)",
      (scope, { host }) =>
        StoragePool.iscsi(scope, "p", { host, server: "nas", target, initiator: target, direct: true, path: "/dev" }),
    ],
    [
      "'server' must be a host name or an IP address, got 'nas:3260'; remove the other parts of the URI (at lab/p)",
      (scope, { host }) => StoragePool.iscsi(scope, "p", { host, server: "nas:3260", target }),
    ],
    [
      "'chap.secret' must have usage 'iscsi', got 'ceph'; create a Secret with that usage (at lab/p)",
      (scope, { host, key }) =>
        StoragePool.iscsi(scope, "p", { host, server: "nas", target, chap: { username: "a", secret: key } }),
    ],
    [
      "'chap.username' must not be empty; set the name of the user (at lab/p)",
      (scope, { host, san }) =>
        StoragePool.iscsi(scope, "p", { host, server: "nas", target, chap: { username: "", secret: san } }),
    ],
    [
      "'login.secret' must be on host 'beta', got one on 'alpha'; create a Secret there (at lab/p)",
      (scope, { key }) => {
        const host = new Host(scope, "beta", { uri: "qemu+tcp://beta/system" });
        StoragePool.ceph(scope, "p", {
          host,
          monitors: ["mon"],
          cephPool: "a",
          login: { username: "a", secret: key },
        });
      },
    ],
    [
      "'monitors' must have at least one monitor, got none; add one (at lab/p)",
      (scope, { host }) => StoragePool.ceph(scope, "p", { host, monitors: [], cephPool: "a" }),
    ],
    [
      "'monitors' must be a host name or an IP address, got 'a b'; remove the other parts of the URI (at lab/p)",
      (scope, { host }) => StoragePool.ceph(scope, "p", { host, monitors: ["a b"], cephPool: "a" }),
    ],
    [
      "'volumeGroup' must be unique on host 'alpha', 'vg' is already used by lab/first; use that pool (at lab/p)",
      (scope, { host }) => {
        StoragePool.lvm(scope, "first", { host, volumeGroup: "vg" });
        StoragePool.lvm(scope, "p", { host, volumeGroup: "vg" });
      },
    ],
    [
      "'devices' must be unique on host 'alpha', '/dev/sdb' is already used by lab/first; use that pool (at lab/p)",
      (scope, { host }) => {
        StoragePool.disk(scope, "first", { host, device: "/dev/sdb" });
        StoragePool.zfs(scope, "p", { host, zpool: "tank", devices: ["/dev/sdb"] });
      },
    ],
  ])("rejects invalid properties: %s", (message, make) => {
    const site = alpha();
    make(site.stack, site);
    expect(errorsOf(site.stack)).toEqual([message]);
  });
});

describe("volumes that are not files", () => {
  const memory = Size.mebibytes(512);

  it("are rendered as devices or as network sources of a machine's disks", () => {
    const { stack, host, key } = alpha();
    const group = StoragePool.lvm(stack, "group", { host, volumeGroup: "vg" });
    const ceph = StoragePool.ceph(stack, "ceph", {
      host,
      monitors: ["mon-1", "mon-2:6790"],
      cephPool: "vms",
      login: { username: "fleet", secret: key },
    });
    const luns = StoragePool.iscsi(stack, "luns", { host, server: "nas", target, initiator: target, direct: true });
    const size = Size.gibibytes(1);
    const [one, two] = [group, ceph].map(
      (pool, i) => new Volume(stack, `data-${i}`, { pool, size, format: "raw" }),
    ) as [Volume, Volume];
    const unit = Volume.fromVolumeAttributes(stack, "unit", {
      pool: luns,
      volumeName: "unit:0:0:3",
      path: "ip-nas:3260-iscsi-san-lun-3",
      format: "raw",
    });
    new VirtualMachine(stack, "web", { host, memory, disks: [one, two, unit].map((volume) => ({ volume })) });
    expect(errorsOf(stack)).toEqual([]);
    const disks = attributesOf(stack, "libvirt_domain.web")?.disks as Record<string, { source: unknown }>;
    expect(Object.values(disks)).toMatchObject([
      { source: { block: "${libvirt_volume.data-0.path}" }, format: "raw" },
      {
        source: {
          protocol: "rbd",
          name: "vms/data-1.raw",
          hosts: { "mon-1": {}, "mon-2": { port: 6790 } },
          username: "fleet",
          secret: "${libvirt_secret.key.uuid}",
        },
      },
      { source: { protocol: "iscsi", name: `${target}/3`, hosts: { nas: { port: 3260 } }, initiator: target } },
    ]);
    expect(Object.values(disks).filter((disk) => "file" in disk)).toEqual([]);
  });

  it("cannot store qcow2 images", () => {
    const { stack, host } = alpha();
    const pool = StoragePool.lvm(stack, "group", { host, volumeGroup: "vg" });
    const image = { pool, source: "debian.qcow2", sha256: "0".repeat(64) };
    new BaseImage(stack, "debian", image);
    new VirtualMachine(stack, "web", { host, memory, pool, diskSize: Size.gibibytes(1) });
    const fix = "must store files for a qcow2 image, got 'group', whose volumes are devices; use another pool";
    expect(errorsOf(stack)).toEqual([`'pool' ${fix} (at lab/debian)`]);
  });
});

describe("shared storage", () => {
  it("includes a Ceph pool, regardless of the order of its monitors", () => {
    const stack = newStack();
    const hosts = ["alpha", "beta"].map((id) => new Host(stack, id, { uri: `qemu+tcp://${id}/system` }));
    const [here] = hosts.map((host, i) =>
      StoragePool.ceph(host, "vms", {
        host,
        monitors: i === 0 ? ["mon-1", "mon-2"] : ["mon-2", "mon-1"],
        cephPool: "vms",
      }),
    ) as [StoragePool];
    const volume = new Volume(stack, "data", { pool: here, size: Size.gibibytes(1), format: "raw" });
    const [, beta] = hosts as [Host, Host];
    new VirtualMachine(stack, "web", { host: beta, memory: Size.mebibytes(512), disks: [{ volume }] });
    expect(errorsOf(stack)).toEqual([]);
    const gamma = new Host(stack, "gamma", { uri: "qemu+tcp://gamma/system" });
    const other = new Volume(stack, "other", { pool: here, size: Size.gibibytes(1), format: "raw" });
    new VirtualMachine(stack, "db", { host: gamma, memory: Size.mebibytes(512), disks: [{ volume: other }] });
    expect(errorsOf(stack)).toEqual([
      "'disks.volume' must be in a pool that host 'gamma' has too, got 'vms' on 'alpha'; add a StoragePool of that name there for ceph mon-1,mon-2:vms (at lab/db)",
    ]);
  });
});
