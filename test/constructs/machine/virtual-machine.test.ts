import { TerraformResource, TerraformVariable } from "cdktf";
import {
  CloudInit,
  Cpu,
  Host,
  IsolatedNetwork,
  MachineType,
  Size,
  StoragePool,
  VirtualMachine,
  type VirtualMachineProps,
  Volume,
} from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

/** The errors of one VM on host alpha. */
function errorsWith(props: Partial<VirtualMachineProps>): string[] {
  const stack = newStack();
  new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, ...props });
  return errorsOf(stack);
}

describe("VirtualMachine", () => {
  it("lets cdktf override a part of an attribute that is filled in late", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const vm = new VirtualMachine(stack, "web-1", { host, memory });
    const domain = vm.node.findChild("Default");
    if (TerraformResource.isTerraformResource(domain)) domain.addOverride("disks", { vdb: { boot: null, file: "/b" } });
    vm.attachCdrom({ target: "sdb" });

    expect(attributesOf(stack, "libvirt_domain.web-1")?.disks).toEqual({
      sdb: { device: "cdrom", bus: "sata", format: "raw" },
      vdb: { boot: null, file: "/b" },
    });
  });

  it("requires a host and memory", () => {
    const stack = newStack();
    new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory });
    expect(attributesOf(stack, "libvirt_domain.web-1")).toEqual({
      host: "alpha",
      name: "web-1",
      type: "kvm",
      vcpu: 1,
      memory: 524_288,
      cpu: { mode: "host-model" },
      disks: {},
      interfaces: {},
      serial: {},
    });
  });

  it("takes every property", () => {
    const stack = newStack();
    const { host, pool, image, lan } = new Site(stack);
    const dmz = new IsolatedNetwork(host, "dmz", { host });
    const data = new Volume(host, "data", { pool, size: Size.gibibytes(10), format: "raw" });
    const logs = new Volume(host, "logs", { pool, size: Size.gibibytes(10) });
    const slow = new StoragePool(host, "slow", { host, path: "/slow" });
    const vm = new VirtualMachine(stack, "web", {
      host,
      memory: Size.gibibytes(4),
      vcpus: 2,
      image,
      diskSize: Size.gibibytes(20),
      diskBus: "sata",
      diskCache: "none",
      diskThrottle: { bytesPerSecond: Size.mebibytes(100), operationsPerSecond: 500 },
      pool: slow,
      disks: [
        { volume: data },
        {
          volume: logs,
          bus: "scsi",
          target: "sdc",
          cache: "writethrough",
          throttle: {
            readBytesPerSecond: Size.mebibytes(1),
            writeBytesPerSecond: Size.bytes(512),
            readsPerSecond: 10,
            writesPerSecond: 5,
          },
        },
      ],
      network: lan,
      networks: [
        {
          network: dmz,
          name: "outside",
          mac: "52:54:00:AB:CD:EF",
          model: "e1000e",
          link: "down",
          filter: "clean-traffic",
          bandwidth: {
            inbound: { average: Size.mebibytes(10), peak: Size.mebibytes(20), burst: Size.mebibytes(1) },
            outbound: { average: Size.kibibytes(500) },
          },
        },
      ],
      cloudInit: new CloudInit(),
      cpu: Cpu.model("Skylake-Client"),
      cpuTopology: { threads: 2 },
      machine: MachineType.Q35,
      firmware: "efi",
      kernel: { kernel: "/boot/vmlinuz", initrd: "/boot/initrd", commandLine: "console=ttyS0 x=${y}" },
      serialLog: "/var/log/web.log",
      serialLogAppend: true,
      guestAgent: true,
      graphics: { type: "vnc", listen: "0.0.0.0", port: 5901, password: "s3cret${" },
      autostart: true,
      state: "stopped",
      shutdown: { timeout: 60, mode: "agent", onTimeout: "fail" },
      onChange: "live-only",
      migration: {
        bandwidth: Size.mebibytes(100),
        downtime: 500,
        autoConverge: true,
        postCopy: true,
        compression: "zstd",
        parallelConnections: 4,
        tls: true,
        timeout: 600,
        onTimeout: "force",
        storage: "copy",
      },
      maxVcpus: 4,
      maxMemory: Size.gibibytes(8),
      memoryModules: {
        slots: 4,
        maxTotal: Size.gibibytes(16),
        plugged: {
          "dimm-1": Size.gibibytes(1),
          elastic: { size: Size.gibibytes(1), maxSize: Size.gibibytes(4), numaNode: 0 },
          cache: { file: "/srv/cache", size: Size.mebibytes(256), type: "virtio" },
          store: { file: "/srv/store", size: Size.mebibytes(256) },
        },
      },
      resources: {
        cpuWeight: 2048,
        cpuLimit: 0.5,
        vcpuPinning: { 0: "0-3,^2", 3: "4" },
        emulatorPinning: "5",
        memoryLimit: Size.gibibytes(20),
        memorySoftLimit: Size.gibibytes(10),
        memoryAndSwapLimit: Size.gibibytes(24),
        ioWeight: 500,
        hostDisks: {
          "/dev/sda": {
            ioWeight: 200,
            readBytesPerSecond: Size.mebibytes(100),
            writeBytesPerSecond: Size.mebibytes(50),
            readsPerSecond: 1000,
            writesPerSecond: 500,
          },
        },
      },
      title: "Web",
      description: "Costs ${5}",
      vmName: "web-1",
    });
    expect(vm.macAddress("outside")).toBe("52:54:00:ab:cd:ef");
    expect(vm.macAddress("inside")).toBeUndefined();
    expect(attributesOf(stack, "libvirt_domain.web")).toEqual({
      host: "alpha",
      name: "web-1",
      type: "kvm",
      title: "Web",
      description: "Costs $${5}",
      vcpu: 2,
      memory: 4_194_304,
      machine: "q35",
      cpu: { mode: "custom", model: "Skylake-Client", topology: { threads: 2, cores: 2 } },
      firmware: "efi",
      kernel: "/boot/vmlinuz",
      initrd: "/boot/initrd",
      cmdline: "console=ttyS0 x=$${y}",
      disks: {
        sda: {
          file: "${libvirt_volume.web_root_F1E8E28A.path}",
          format: "qcow2",
          bus: "sata",
          cache: "none",
          iotune: { total_bytes_sec: 104_857_600, total_iops_sec: 500 },
          target_pool: "${libvirt_pool.alpha_slow_B0F42130.name}",
        },
        sdf: {
          file: "${libvirt_seed.web_cloud-init_0AEE0CC3.path}",
          format: "raw",
          bus: "sata",
          device: "cdrom",
          target_pool: "${libvirt_pool.alpha_slow_B0F42130.name}",
        },
        vda: {
          file: "${libvirt_volume.alpha_data_CF45F688.path}",
          format: "raw",
          bus: "virtio",
          target_pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
        },
        sdc: {
          file: "${libvirt_volume.alpha_logs_4121C30E.path}",
          format: "qcow2",
          bus: "scsi",
          cache: "writethrough",
          iotune: { read_bytes_sec: 1_048_576, write_bytes_sec: 512, read_iops_sec: 10, write_iops_sec: 5 },
          target_pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
        },
      },
      interfaces: {
        lan: { network: "${libvirt_network.alpha_lan_B08007EB.name}", mac: vm.macAddress("lan"), position: 1 },
        outside: {
          network: "${libvirt_network.alpha_dmz_10FF0EA4.name}",
          mac: "52:54:00:ab:cd:ef",
          model: "e1000e",
          link: "down",
          filter: "clean-traffic",
          bandwidth: {
            inbound_average: 10_240,
            inbound_peak: 20_480,
            inbound_burst: 1024,
            outbound_average: 500,
          },
          position: 2,
        },
      },
      serial: { log_file: "/var/log/web.log", log_append: true },
      guest_agent: true,
      graphics: { type: "vnc", listen: "0.0.0.0", port: 5901, password: "s3cret$${", password_version: 1 },
      autostart: true,
      state: "stopped",
      shutdown: { timeout: 60, mode: "agent", on_timeout: "fail" },
      on_change: "live-only",
      migration: {
        bandwidth: 100,
        downtime: 500,
        auto_converge: true,
        post_copy: true,
        compression: "zstd",
        parallel_connections: 4,
        tls: true,
        timeout: 600,
        on_timeout: "force",
        storage: "copy",
      },
      maximum: { vcpu: 4, memory: 8_388_608, memory_slots: 4, memory_with_devices: 16_777_216 },
      memory_devices: {
        "dimm-1": { size: 1_048_576 },
        elastic: { model: "virtio-mem", size: 4_194_304, requested: 1_048_576, node: 0 },
        cache: { model: "virtio-pmem", size: 262_144, path: "/srv/cache", access: "shared" },
        store: { model: "nvdimm", size: 262_144, path: "/srv/store", access: "shared" },
      },
      cputune: {
        shares: 2048,
        period: 100_000,
        quota: 50_000,
        emulatorpin: "5",
        vcpupin: { 0: { cpuset: "0-3,^2" }, 3: { cpuset: "4" } },
      },
      memtune: { hard_limit: 20_971_520, soft_limit: 10_485_760, swap_hard_limit: 25_165_824 },
      blkiotune: {
        weight: 500,
        devices: {
          "/dev/sda": {
            weight: 200,
            read_bytes_sec: 104_857_600,
            write_bytes_sec: 52_428_800,
            read_iops_sec: 1000,
            write_iops_sec: 500,
          },
        },
      },
      lifecycle: { replace_triggered_by: ["libvirt_volume.web_root_F1E8E28A.path"] },
    });
  });

  it("is replaced with its disk, so that it never runs on a deleted one", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, image });
    new VirtualMachine(stack, "web-2", { host, memory });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.lifecycle).toEqual({
      replace_triggered_by: ["libvirt_volume.web-1_root_7AB64D21.path"],
    });
    expect(attributesOf(stack, "libvirt_domain.web-2")?.lifecycle).toBeUndefined();
  });

  it("is replaced with its disk when it gets another image, if it is asked for", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, image, onImageChange: "replace" });
    expect(attributesOf(stack, "libvirt_volume.web-1_root_7AB64D21")?.on_new_content).toBe("replace");
    new VirtualMachine(stack, "web-3", { host, memory, onImageChange: "replace" });
    expect(errorsOf(stack)).toEqual([
      "'onImageChange' requires 'image'; add it, or remove 'onImageChange' (at lab/web-3)",
    ]);
  });

  it("has a thin clone of its image, and a disk with cloud-init data", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    const vm = new VirtualMachine(stack, "web-1", { host, memory, image, cloudInit: new CloudInit() });
    const pool = "${libvirt_pool.alpha_pool_4F1016E8.name}";
    expect(attributesOf(stack, "libvirt_volume.web-1_root_7AB64D21")).toEqual({
      host: "alpha",
      pool,
      name: "web-1.qcow2",
      format: "qcow2",
      backing_store: { path: "${libvirt_volume.alpha_debian_B396BDFA.path}", format: "qcow2" },
    });
    expect(attributesOf(stack, "libvirt_seed.web-1_cloud-init_30B54304")).toEqual({
      host: "alpha",
      pool,
      name: "web-1-cloud-init.iso",
      cloud_init: {
        user_data: "#cloud-config\n{}\n",
        meta_data: "instance-id: web-1\nlocal-hostname: web-1\n",
      },
    });
    new VirtualMachine(stack, "web-2", { host, memory, description: `twin of ${vm.uuid}` });
    expect(attributesOf(stack, "libvirt_domain.web-2")?.description).toBe("twin of ${libvirt_domain.web-1.uuid}");
  });

  it("uses QEMU's default CPU on a host that emulates", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system", accelerator: "qemu" });
    new VirtualMachine(stack, "web-1", { host, memory });
    const domain = attributesOf(stack, "libvirt_domain.web-1");
    expect(domain?.type).toBe("qemu");
    expect(domain?.cpu).toBeUndefined();
  });

  it.each([
    [Cpu.HOST_PASSTHROUGH, { mode: "host-passthrough" }],
    [Cpu.MAXIMUM, { mode: "maximum" }],
    [Cpu.NEHALEM, { mode: "custom", model: "Nehalem" }],
  ])("has the CPU that it is given", (cpu, rendered) => {
    const stack = newStack();
    new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, cpu });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.cpu).toEqual(rendered);
  });

  it("assigns each disk the first free target of its bus", () => {
    const stack = newStack();
    const { host, pool, image } = new Site(stack);
    const [one, two, three] = ["one", "two", "three"].map(
      (id) => new Volume(stack, id, { pool, size: Size.gibibytes(1) }),
    );
    const disks = [{ volume: one, target: "sdb" }, { volume: two, bus: "virtio" }, { volume: three }];
    new VirtualMachine(stack, "web-1", {
      host,
      memory,
      image,
      diskBus: "sata",
      disks: disks.map((disk) => ({ bus: "sata", ...disk })),
    } as VirtualMachineProps);
    expect(Object.keys(attributesOf(stack, "libvirt_domain.web-1")?.disks ?? {})).toEqual(["sda", "sdb", "sdc", "vda"]);
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { memory: Size.mebibytes(16) },
      "'memory' must be at least 64 MiB, got 16 MiB; raise it or use a smaller image (at lab/web-1)",
    ],
    [
      { memory: Size.bytes(67_108_865) },
      "'memory' must be a whole number of KiB, got 67108865 bytes; round it, for example to MiB (at lab/web-1)",
    ],
    [{ vcpus: 0 }, "'vcpus' must be a whole number of at least 1, got 0; raise or round it (at lab/web-1)"],
    [{ vcpus: 1.5 }, "'vcpus' must be a whole number of at least 1, got 1.5; raise or round it (at lab/web-1)"],
    [
      { shutdown: { timeout: -1 } },
      "'shutdown.timeout' must be a whole number of at least 0, got -1; raise or round it (at lab/web-1)",
    ],
    [
      { shutdown: { mode: "agent" } },
      "'shutdown.mode' of 'agent' requires 'guestAgent'; set 'guestAgent' to true (at lab/web-1)",
    ],
    [{ serialLogAppend: true }, "'serialLogAppend' requires 'serialLog'; set the path of the file (at lab/web-1)"],
    [
      { diskName: "web.qcow2" },
      "'diskName' requires 'image' or 'diskSize', without which the machine has no disk of its own; set one of them (at lab/web-1)",
    ],
    [
      { diskThrottle: { readsPerSecond: 5 } },
      "'diskThrottle' requires 'image' or 'diskSize', without which the machine has no disk of its own; set one of them (at lab/web-1)",
    ],
    [
      { title: "a\nb" },
      `'title' must be a single line, got "a\\nb"; use 'description' for longer texts (at lab/web-1)`,
    ],
    [{ serialLog: "web.log" }, "'serialLog' must be an absolute path, got 'web.log'; begin it with '/' (at lab/web-1)"],
    [
      { kernel: { kernel: "vmlinuz" } },
      "'kernel.kernel' must be an absolute path, got 'vmlinuz'; begin it with '/' (at lab/web-1)",
    ],
    [
      { graphics: { type: "vnc", port: 80 } },
      "'graphics.port' must be from 5900 to 65535, got 80; choose a port in this range, or remove it (at lab/web-1)",
    ],
    [
      { diskSize: Size.gibibytes(1) },
      "'diskSize' without 'image' requires 'pool'; set the pool that stores it (at lab/web-1)",
    ],
    [
      { cloudInit: new CloudInit() },
      "'cloudInit' without 'image' requires 'pool'; set the pool that stores it (at lab/web-1)",
    ],
    [{ vmName: "web/1" }, "'vmName' must not contain '/', got 'web/1'; replace it with '-' (at lab/web-1)"],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(props)).toEqual([message]);
  });

  it("refuses a disk that is too small for its image", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, image, diskSize: Size.gibibytes(1) });
    new VirtualMachine(stack, "web-2", { host, memory, image, diskSize: Size.bytes(512) });
    expect(errorsOf(stack)).toEqual([
      "'diskSize' must be at least the size of image 'debian-01234567.qcow2' (2 GiB), got 1 GiB; raise it or use a smaller image (at lab/web-1)",
      "'diskSize' must be at least 1 MiB, got 512 bytes; raise it (at lab/web-2)",
    ]);
  });

  it("refuses images, pools, volumes and networks of another host", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const { pool, image, lan } = new Site(stack, "beta");
    const volume = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    new VirtualMachine(stack, "web-1", { host, memory, image, disks: [{ volume }], network: lan });
    expect(errorsOf(stack)).toEqual([
      "'image' must be on host 'alpha', got one on 'beta'; upload a BaseImage to a pool on that host too (at lab/web-1)",
      "'pool' must be on host 'alpha', got one on 'beta'; use a StoragePool there (at lab/web-1)",
      "'disks.volume' must be on host 'alpha', got one on 'beta'; create a Volume in a pool there (at lab/web-1)",
      "'networks.network' must be on host 'alpha', got one on 'beta'; use a network there (at lab/web-1)",
    ]);
  });

  it("has a name that is unique on its host", () => {
    const stack = newStack();
    const alpha = new Site(stack);
    const beta = new Site(stack, "beta");
    new VirtualMachine(stack, "web-1", { host: alpha.host, memory });
    new VirtualMachine(stack, "web-2", { host: alpha.host, memory, vmName: "web-1" });
    new VirtualMachine(stack, "web-3", { host: beta.host, memory, vmName: "web-1" });
    expect(errorsOf(stack)).toEqual([
      "VM name must be unique on host 'alpha', 'web-1' is already used by lab/web-1; rename one of them (at lab/web-2)",
    ]);
  });

  it("cannot attach a volume of another machine, or use a target twice", () => {
    const stack = newStack();
    const { host, pool, image } = new Site(stack);
    const [one, two] = ["one", "two"].map((id) => new Volume(stack, id, { pool, size: Size.gibibytes(1) })) as [
      Volume,
      Volume,
    ];
    new VirtualMachine(stack, "web-1", { host, memory, disks: [{ volume: one }] });
    new VirtualMachine(stack, "web-2", {
      host,
      memory,
      image,
      disks: [{ volume: one }, { volume: two, target: "vda" }, { volume: image, target: "xvdb" }],
    });
    expect(errorsOf(stack)).toEqual([
      "'disks.volume' must be unique, 'one.qcow2' is already used by lab/web-1; give each machine a Volume of its own (at lab/web-2)",
      "'disks.target' must be unique, 'vda' is already used by another disk; choose another target, or remove it (at lab/web-2)",
      "'disks.target' must be 'vd' and one or two letters on bus 'virtio', got 'xvdb'; write it like 'vdb' (at lab/web-2)",
    ]);
  });

  it("has a graphics port that is unique on its host", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const graphics = { type: "vnc", port: 5900 } as const;
    new VirtualMachine(stack, "web-1", { host, memory, graphics });
    new VirtualMachine(stack, "web-2", { host, memory, graphics });
    expect(errorsOf(stack)).toEqual([
      "'graphics.port' must be unique on host 'alpha', 5900 is already used by lab/web-1; choose another port, or remove it (at lab/web-2)",
    ]);
  });

  it("derives interface names that libvirt accepts from network names", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const network = new IsolatedNetwork(host, "office", { host, networkName: "office lan.1" });
    new VirtualMachine(stack, "web-1", { host, memory, network });
    expect(Object.keys(attributesOf(stack, "libvirt_domain.web-1")?.interfaces as object)).toEqual(["office-lan-1"]);
    new VirtualMachine(stack, "web-2", { host, memory, networks: [{ network, name: "eth0.1" }] });
    expect(errorsOf(stack)).toEqual([
      "'networks.name' must be letters, digits, '-' and '_', got 'eth0.1'; remove other characters (at lab/web-2)",
    ]);
  });

  it("accepts unresolved tokens", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const text = new TerraformVariable(stack, "text", { type: "string" }).stringValue;
    const number = new TerraformVariable(stack, "number", { type: "number" }).numberValue;
    new VirtualMachine(stack, "web-1", {
      host,
      memory,
      vcpus: number,
      vmName: text,
      title: text,
      serialLog: text,
      graphics: { type: "vnc", port: number, password: text },
    });
    expect(errorsOf(stack)).toEqual([]);
    expect(attributesOf(stack, "libvirt_domain.web-1")).toMatchObject({
      name: "${var.text}",
      vcpu: "${var.number}",
      title: "${var.text}",
      graphics: { port: "${var.number}", password: "${var.text}" },
    });
  });
});

describe("MAC address of a VirtualMachine", () => {
  it("is derived from the machine's construct path and the interface's name, not from the host", () => {
    const stack = newStack("fleet");
    const alpha = new Site(stack);
    const beta = new Site(stack, "beta");
    const web1 = new VirtualMachine(stack, "web-1", { host: alpha.host, memory, network: alpha.lan });
    const web2 = new VirtualMachine(stack, "web-2", { host: alpha.host, memory, network: alpha.lan });
    const moved = newStack("fleet");
    const there = new Site(moved, "beta");
    const web1There = new VirtualMachine(moved, "web-1", { host: there.host, memory, network: there.lan });
    expect(beta.lan.networkName).toBe("lan");
    expect(web1.macAddress("lan")).toBe("52:54:67:30:c8:f2");
    expect(web2.macAddress("lan")).toBe("52:54:ce:c0:b7:8e");
    expect(web1There.macAddress("lan")).toBe(web1.macAddress("lan"));
  });

  it("is unique in the app", () => {
    const stack = newStack();
    const alpha = new Site(stack);
    const beta = new Site(stack, "beta");
    const mac = "52:54:00:00:00:01";
    new VirtualMachine(stack, "web-1", { host: alpha.host, memory, networks: [{ network: alpha.lan, mac }] });
    new VirtualMachine(stack, "web-2", { host: beta.host, memory, networks: [{ network: beta.lan, mac }] });
    expect(errorsOf(stack)).toEqual([
      "'mac' must be unique, '52:54:00:00:00:01' is already used by lab/web-1; set another 'mac' (at lab/web-2)",
    ]);
  });

  it.each([
    [
      "52-54-00-00-00-01",
      "must be six octets in hexadecimal, got '52-54-00-00-00-01'; write it like '52:54:00:12:34:56'",
    ],
    ["53:54:00:00:00:01", "must be a unicast address, got '53:54:00:00:00:01'; begin it with '52:54'"],
    ["00:00:00:00:00:00", "must not be all zeros, got '00:00:00:00:00:00'; begin it with '52:54'"],
  ])("cannot be %s", (mac, message) => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, networks: [{ network: lan, mac }] });
    expect(errorsOf(stack)).toEqual([`'mac' ${message} (at lab/web-1)`]);
  });

  it("has interfaces in the order of the list, unless they state their addresses", () => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    const dmz = new IsolatedNetwork(host, "dmz", { host });
    const interfaces = (name: string) => attributesOf(stack, `libvirt_domain.${name}`)?.interfaces;
    const networks = [{ network: dmz, name: "wan" }, { network: lan }];
    new VirtualMachine(stack, "router", { host, memory, networks });
    expect(interfaces("router")).toMatchObject({ wan: { position: 1 }, lan: { position: 2 } });
    const stated = ["0000:06:00.0", "0000:05:00.0"];
    new VirtualMachine(stack, "stated", {
      host,
      memory,
      networks: networks.map((network, index) => ({ ...network, busAddress: stated[index] })),
    });
    expect(interfaces("stated")).toMatchObject({ wan: { address: stated[0] }, lan: { address: stated[1] } });
    expect(interfaces("stated")).not.toMatchObject({ wan: { position: 1 } });
    new VirtualMachine(stack, "single", { host, memory, network: lan });
    expect(interfaces("single")).not.toMatchObject({ lan: { position: 1 } });
  });

  it.each([
    [
      ["0000:05:00.0", undefined],
      "'networks.busAddress' must be set for all interfaces or for none, got 1 of 2; set the others, or remove it",
    ],
    [
      ["0000:05:00.0", "6:0.0"],
      "'networks.busAddress' must be a PCI address in lower case like 0000:05:00.0, got '6:0.0'; write domain, bus, slot and function",
    ],
  ])("is refused for interfaces at %j", (addresses, message) => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    const dmz = new IsolatedNetwork(host, "dmz", { host });
    const networks = [lan, dmz].map((network, index) => ({ network, busAddress: addresses[index] }));
    new VirtualMachine(stack, "web-1", { host, memory, networks });
    expect(errorsOf(stack)).toEqual([`${message} (at lab/web-1)`]);
  });

  it("is refused for two interfaces of the same name", () => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    new VirtualMachine(stack, "web-1", {
      host,
      memory,
      network: lan,
      networks: [{ network: lan, mac: "52:54:00:00:00:01" }],
    });
    expect(errorsOf(stack)).toEqual([
      "'networks.name' must be unique, 'lan' is already used by another interface; set another 'name' (at lab/web-1)",
    ]);
  });
});
