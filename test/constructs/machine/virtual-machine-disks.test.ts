import {
  Disk,
  type DiskAttachment,
  MachineType,
  Size,
  VirtualMachine,
  type VirtualMachineProps,
  Volume,
} from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

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

describe("VirtualMachine's disks", () => {
  it("are also devices of its host, and images on the network", () => {
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

  it("have the options that its own disk has too", () => {
    const { domain } = make(({ image }) => ({ image, diskOptions: { discard: true, serial: "ROOT" } }));
    expect(domain().disks).toMatchObject({ vda: { options: { discard: "unmap", serial: "ROOT" } } });
  });

  it("are of other machines too where all say so, or can only read", () => {
    const { stack, site } = make(() => ({ disks: [{ source: Disk.device("/dev/sdb") }] }));
    const shared = { source: Disk.device("/dev/sdc"), options: { shared: true } };
    const read = { source: Disk.web("http://mirror/live.img") };
    const rest = { host: site.host, memory };
    new VirtualMachine(stack, "web-2", { ...rest, disks: [shared, read] });
    new VirtualMachine(stack, "web-3", { ...rest, disks: [shared, read, { source: Disk.device("/dev/sdb") }] });
    expect(errorsOf(stack)).toEqual([
      "'disks.source' must be attached once, got '/dev/sdb' as for lab/web-1; give each its own, or set 'options.shared' where they know of each other (at lab/web-3)",
    ]);
  });

  it.each<[DiskAttachment, string]>([
    [{}, "'disks' must each have a 'volume' or a 'source', got neither; say what it is (at lab/web-1)"],
    [
      { source: Disk.device("/dev/sdb"), options: { io: "native" } },
      "'disks.options.io' must not be 'native' with the host's cache; set the cache to 'none' or 'directsync' (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), bus: "scsi", options: { queues: 2 } },
      "'disks.options.queues' must be left out on bus 'scsi', got 2; only 'virtio' has several (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), options: { queues: 0 } },
      "'disks.options.queues' must be a whole number of at least 1, got 0; raise or round it (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), bus: "sata", options: { readOnly: true } },
      "'disks.options.readOnly' must not be true on bus 'sata'; use another bus, or a CD-ROM drive (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), format: "qcow2", options: { shared: true } },
      "'disks.options.shared' must go with format 'raw', got 'qcow2', which only one machine can write to (at lab/web-1)",
    ],
    [
      { source: Disk.device("/dev/sdb"), options: { serial: "a/b" } },
      "'disks.options.serial' must be letters, digits, '_', '.', '+', '-' and spaces, got 'a/b'; take the others out (at lab/web-1)",
    ],
  ])("refuse %j", (disk, message) => {
    expect(errorsWith({ disks: [disk] })).toEqual([message]);
  });

  it("are either a volume or something else", () => {
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
      "'disks' must each have a 'volume' or a 'source', got both; say what it is (at lab/web-1)",
      "'disks.format' must go with a 'source'; of a Volume it is known, leave it out (at lab/web-1)",
      "'disks.options.shared' must go with format 'raw', got 'qcow2', which only one machine can write to (at lab/web-1)",
    ]);
  });
});

describe("VirtualMachine's CD-ROM drives", () => {
  it("are empty, or have a volume or something on the network in them, and its own disk is booted", () => {
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

describe("VirtualMachine's boot order", () => {
  it("is said only where its own disk is not the first", () => {
    const data = { source: Disk.device("/dev/sdb") };
    const { domain } = make(({ image }) => ({ image, disks: [data] }));
    expect(domain().disks).not.toMatchObject({ vda: { boot: 1 } });
    const other = make(({ image }) => ({ image, disks: [{ ...data, bus: "sata" }] }));
    expect(other.domain().disks).toMatchObject({ vda: { boot: 1 }, sda: { bus: "sata" } });
  });

  it("is that of the list, of kinds and names", () => {
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

  it("names only what is there", () => {
    expect(errorsWith({ disks: [{ source: Disk.device("/dev/sdb") }], bootOrder: ["disk", "cdrom", "vdz"] })).toEqual([
      "'bootOrder' must name what the machine has, got 'cdrom'; write 'disk', 'cdrom', 'network', or one of 'vda' (at lab/web-1)",
      "'bootOrder' must name what the machine has, got 'vdz'; write 'disk', 'cdrom', 'network', or one of 'vda' (at lab/web-1)",
    ]);
  });
});

describe("VirtualMachine's secure boot", () => {
  it("is UEFI", () => {
    expect(make(() => ({ secureBoot: true })).domain()).toMatchObject({ firmware: "efi", efi: { secure_boot: true } });
    expect(make(() => ({ secureBoot: false, firmware: "bios" })).domain()).toMatchObject({ firmware: "bios" });
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { secureBoot: true, firmware: "bios" },
      "'secureBoot' must go with firmware 'efi', got 'bios'; leave 'firmware' out, or this (at lab/web-1)",
    ],
    [
      { secureBoot: true, machine: MachineType.PC },
      "'secureBoot' must go with machine type Q35, got 'pc'; leave 'machine' out, or this (at lab/web-1)",
    ],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(props)).toEqual([message]);
  });
});
