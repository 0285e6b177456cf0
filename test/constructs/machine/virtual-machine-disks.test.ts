import {
  CloudInit,
  Disk,
  type DiskAttachment,
  MachineType,
  Size,
  StoragePool,
  VirtualMachine,
  type VirtualMachineProps,
  Volume,
} from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site, synthesize } from "../synthesis";

const memory = Size.mebibytes(512);

/** One VM on host alpha, and its stack. */
function make(props: (site: Site) => Partial<VirtualMachineProps>) {
  const stack = newStack();
  const site = new Site(stack);
  const vm = new VirtualMachine(stack, "web-1", { host: site.host, memory, ...props(site) });
  const domain = () => attributesOf(stack, "libvirt_domain.web-1") ?? {};
  return { stack, site, vm, domain };
}

const errorsWith = (props: Partial<VirtualMachineProps>) => errorsOf(make(() => props).stack);

describe("Disks of a VirtualMachine", () => {
  it("keep the name of the machine's own disk if the machine gets another name", () => {
    const named = (vmName: string, diskName?: string) => {
      const { stack, site, vm } = make(() => ({}));
      new VirtualMachine(stack, "named", {
        host: vm.host,
        memory,
        vmName,
        diskName,
        pool: site.pool,
        diskSize: Size.gibibytes(1),
      });
      const volumes = Object.values(synthesize(stack).resource?.libvirt_volume ?? {});
      return volumes.map(({ name }) => name);
    };

    expect(named("other")).toContain("other.qcow2");
    expect(named("other", "web.qcow2")).toContain("web.qcow2");
    expect(named("other", "web.qcow2")).not.toContain("other.qcow2");
  });

  it("can be devices of the host and images on the network", () => {
    const secretUuid = "2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01";
    const { domain } = make(() => ({
      disks: [
        {
          source: Disk.device("/dev/sdb"),
          cache: "none",
          encryptionSecretUuid: secretUuid,
          options: { io: "native", discard: true, detectZeroes: true, queues: 2, serial: "DATA-1" },
        },
        { source: Disk.nbd({ server: "10.0.0.1:10810" }), format: "qcow2", bus: "scsi", options: { readOnly: true } },
        { source: Disk.web("http://mirror/live.img"), options: { detectZeroes: true } },
        { source: Disk.device("/dev/sdc"), options: { shared: true } },
        { source: Disk.device("/dev/sdd"), options: { discard: false, readOnly: false } },
      ],
    }));
    expect(domain().disks).toEqual({
      vda: {
        source: { block: "/dev/sdb", encryption_secret: secretUuid },
        format: "raw",
        bus: "virtio",
        cache: "none",
        options: { io: "native", discard: "unmap", detect_zeroes: "unmap", queues: 2, serial: "DATA-1" },
      },
      sda: {
        source: { protocol: "nbd", hosts: { "10.0.0.1": { port: 10_810 } } },
        format: "qcow2",
        bus: "scsi",
        options: { read_only: true },
      },
      vdb: {
        source: { protocol: "http", name: "live.img", hosts: { mirror: {} } },
        format: "raw",
        bus: "virtio",
        options: { detect_zeroes: "on", read_only: true },
      },
      vdc: { source: { block: "/dev/sdc" }, format: "raw", bus: "virtio", options: { shareable: true } },
      vdd: { source: { block: "/dev/sdd" }, format: "raw", bus: "virtio" },
    });
  });

  it("take the same options as the machine's own disk", () => {
    const { domain } = make(({ image }) => ({ image, diskOptions: { discard: true, serial: "ROOT" } }));
    expect(domain().disks).toMatchObject({ vda: { options: { discard: "unmap", serial: "ROOT" } } });
  });

  it("state their addresses on the bus", () => {
    const { domain } = make(({ image }) => ({
      image,
      diskOptions: { busAddress: "0000:05:00.0" },
      disks: [{ source: Disk.device("/dev/sdb"), bus: "scsi", options: { busAddress: "0:0:0:7" } }],
      cdroms: [{ busAddress: "0:0:0:1", target: "sdb" }],
    }));
    expect(domain().disks).toMatchObject({
      vda: { address: "0000:05:00.0" },
      sda: { address: "0:0:0:7" },
      sdb: { address: "0:0:0:1" },
    });
    expect(domain().disks).not.toMatchObject({ vda: { options: {} } });
  });

  it.each([
    [
      "virtio",
      "0:0:0:1",
      "'disks.options.busAddress' must be a PCI address in lower case like 0000:05:00.0, got '0:0:0:1'; write domain, bus, slot and function",
    ],
    [
      "sata",
      "0000:05:00.0",
      "'disks.options.busAddress' must be the controller, bus, target and unit like 0:0:0:1 on bus 'sata', got '0000:05:00.0'; write four numbers",
    ],
    [
      "usb",
      "0:0:0:1",
      "'disks.options.busAddress' cannot be combined with bus 'usb', whose ports libvirt chooses; remove 'disks.options.busAddress'",
    ],
  ] as const)("are refused on bus %s at %s", (bus, busAddress, message) => {
    const { stack } = make(() => ({ disks: [{ source: Disk.device("/dev/sdb"), bus, options: { busAddress } }] }));
    expect(errorsOf(stack)).toEqual([`${message} (at lab/web-1)`]);
  });

  it("can be attached to several machines if all of them share them or only read them", () => {
    const { stack, site } = make(() => ({ disks: [{ source: Disk.device("/dev/sdb") }] }));
    const shared = { source: Disk.device("/dev/sdc"), options: { shared: true } };
    const read = { source: Disk.web("http://mirror/live.img") };
    const rest = { host: site.host, memory };
    new VirtualMachine(stack, "web-2", { ...rest, disks: [shared, read] });
    new VirtualMachine(stack, "web-3", { ...rest, disks: [shared, read, { source: Disk.device("/dev/sdb") }] });
    expect(errorsOf(stack)).toEqual([
      "'disks.source' must be unique, '/dev/sdb' is already used by lab/web-1; give each machine a disk of its own, or set 'options.shared' if it has a cluster file system (at lab/web-3)",
    ]);
  });

  it.each<[DiskAttachment, string]>([
    [{}, "'disks' requires 'volume' or 'source'; set one of them (at lab/web-1)"],
    [
      { source: Disk.device("/dev/sdb"), options: { io: "native" } },
      "'disks.options.io' of 'native' requires cache 'none' or 'directsync'; set one of these, or remove 'io' (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), bus: "scsi", options: { queues: 2 } },
      "'disks.options.queues' requires bus 'virtio', got 'scsi'; change the bus, or remove 'queues' (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), options: { queues: 0 } },
      "'disks.options.queues' must be a whole number of at least 1, got 0; raise or round it (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), bus: "sata", options: { readOnly: true } },
      "'disks.options.readOnly' is not supported on bus 'sata'; use another bus, or a CD-ROM drive (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), format: "qcow2", options: { shared: true } },
      "'disks.options.shared' requires format 'raw', got 'qcow2', which only one machine can write to; use a raw disk (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), options: { serial: "a/b" } },
      "'disks.options.serial' must be letters, digits, '_', '.', '+', '-' and spaces, got 'a/b'; remove other characters (at lab/web-1)",
    ],
  ])("refuse %j", (disk, message) => {
    expect(errorsWith({ disks: [disk] })).toEqual([message]);
  });

  it("have either a volume or a source", () => {
    const { stack } = make(({ host, pool }) => {
      const volume = new Volume(host, "data", { pool, size: Size.gibibytes(1) });
      return {
        disks: [
          { volume, source: Disk.device("/dev/sdb") },
          { volume, format: "raw", options: { shared: true } },
        ],
      };
    });
    expect(errorsOf(stack)).toEqual([
      "'disks.volume' cannot be combined with 'disks.source'; remove one of them (at lab/web-1)",
      "'disks.format' cannot be combined with 'disks.volume', which defines it; remove 'disks.format' (at lab/web-1)",
      "'disks.options.shared' requires format 'raw', got 'qcow2', which only one machine can write to; use a raw disk (at lab/web-1)",
    ]);
  });
});

describe("CD-ROM drives of a VirtualMachine", () => {
  it("are empty or hold a volume or a disk on the network, and the machine boots from its own disk", () => {
    const { vm, site, domain } = make(({ image }) => ({
      image,
      cdroms: [{}, { medium: Disk.web("https://mirror/live.iso"), bus: "scsi" }],
    }));
    const iso = new Volume(site.host, "iso", { pool: site.pool, size: Size.gibibytes(1), format: "raw" });
    expect(vm.attachCdrom({ medium: iso, target: "sdz" })).toBe("sdz");
    expect(vm.attachCdrom()).toBe("sdc");
    expect(domain().disks).toMatchObject({
      vda: { boot: 1 },
      sda: { device: "cdrom", bus: "sata", format: "raw" },
      sdb: { device: "cdrom", bus: "scsi", format: "raw", source: { protocol: "https", name: "live.iso" } },
      sdc: { device: "cdrom", bus: "sata", format: "raw" },
      sdz: { device: "cdrom", bus: "sata", format: "raw", target_pool: expect.any(String) as string },
    });
  });
});

describe("Boot order of a VirtualMachine", () => {
  it("is set only if the machine's own disk is not the first", () => {
    const data = { source: Disk.device("/dev/sdb") };
    const { domain } = make(({ image }) => ({ image, disks: [data] }));
    expect(domain().disks).not.toMatchObject({ vda: { boot: 1 } });
    const other = make(({ image }) => ({ image, disks: [{ ...data, bus: "sata" }] }));
    expect(other.domain().disks).toMatchObject({ vda: { boot: 1 }, sda: { bus: "sata" } });
  });

  it("follows the list of kinds and names", () => {
    const { vm, domain } = make(({ image, lan }) => ({
      image,
      disks: [{ source: Disk.device("/dev/sdb"), target: "vdc" }],
      networks: [
        { network: lan, name: "one" },
        { network: lan, name: "two" },
      ],
      bootOrder: ["cdrom", "vdc", "disk", "network"],
    }));
    vm.attachCdrom();
    vm.attachCdrom();
    expect(domain().disks).toMatchObject({ sda: { boot: 1 }, sdb: { boot: 2 }, vdc: { boot: 3 }, vda: { boot: 4 } });
    expect(domain().interfaces).toMatchObject({ one: { boot: 5 }, two: { boot: 6 } });
  });

  it("must list devices of the machine", () => {
    expect(errorsWith({ disks: [{ source: Disk.device("/dev/sdb") }], bootOrder: ["disk", "cdrom", "vdz"] })).toEqual([
      "'bootOrder' must be one of 'disk', 'vda', got 'cdrom'; correct it, or add the device (at lab/web-1)",
      "'bootOrder' must be one of 'disk', 'vda', got 'vdz'; correct it, or add the device (at lab/web-1)",
    ]);
  });
});

describe("Secure boot of a VirtualMachine", () => {
  it("selects UEFI firmware", () => {
    expect(make(() => ({ secureBoot: true })).domain()).toMatchObject({ firmware: "efi", efi: { secure_boot: true } });
    expect(make(() => ({ secureBoot: false, firmware: "bios" })).domain()).toMatchObject({ firmware: "bios" });
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { secureBoot: true, firmware: "bios" },
      "'secureBoot' requires firmware 'efi', got 'bios'; remove 'firmware' or 'secureBoot' (at lab/web-1)",
    ],
    [
      { secureBoot: true, machine: MachineType.PC },
      "'secureBoot' requires machine type Q35, got 'pc'; remove 'machine' or 'secureBoot' (at lab/web-1)",
    ],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(props)).toEqual([message]);
  });

  it("has a full copy of its image on a pool of devices, and its seed where the image is", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    const pool = StoragePool.lvm(stack, "fast", { host, volumeGroup: "vg0" });
    const cloudInit = new CloudInit();
    new VirtualMachine(stack, "web-1", { host, memory, pool, image, diskSize: Size.gibibytes(20), cloudInit });
    expect(errorsOf(stack)).toEqual([]);
    expect(attributesOf(stack, "libvirt_volume.web-1_root_7AB64D21")).toEqual({
      host: "alpha",
      pool: "${libvirt_pool.fast.name}",
      name: "web-1",
      format: "raw",
      capacity: Size.gibibytes(20).toBytes(),
      clone_from: "${libvirt_volume.alpha_debian_B396BDFA.path}",
    });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.disks).toMatchObject({
      vda: { source: { block: "${libvirt_volume.web-1_root_7AB64D21.path}" }, format: "raw" },
    });
    expect(attributesOf(stack, "libvirt_seed.web-1_cloud-init_30B54304")?.pool).toBe(
      "${libvirt_pool.alpha_pool_4F1016E8.name}",
    );
  });

  it("has an empty disk of its own on storage that QEMU opens over the network, and no copy of an image", () => {
    const make = (withImage: boolean) => {
      const stack = newStack();
      const { host, image } = new Site(stack);
      const pool = StoragePool.ceph(stack, "ceph", { host, monitors: ["ceph.example.org"], cephPool: "vms" });
      new VirtualMachine(stack, "web-1", {
        host,
        memory,
        pool,
        image: withImage ? image : undefined,
        diskSize: Size.gibibytes(20),
      });
      return stack;
    };
    const stack = make(false);
    expect(errorsOf(stack)).toEqual([]);
    expect(attributesOf(stack, "libvirt_domain.web-1")?.disks).toMatchObject({
      vda: { source: { protocol: "rbd", name: "vms/web-1" }, format: "raw" },
    });
    expect(errorsOf(make(true))).toEqual([
      "'pool' must not be opened over the network for a machine with 'image', got 'ceph', to which libvirt cannot copy an image; " +
        "use another pool, or attach a disk that exists there with 'disks' (at lab/web-1)",
    ]);
  });
});
