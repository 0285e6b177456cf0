import { TerraformVariable } from "cdktf";
import { IsolatedNetwork, Size, VirtualMachine, type VirtualMachineProps, Volume } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

/** The errors of one VM on host alpha. */
function errorsWith(props: Partial<VirtualMachineProps>): string[] {
  const stack = newStack();
  const { host, image } = new Site(stack);
  new VirtualMachine(stack, "web-1", { host, image, memory, ...props });
  return errorsOf(stack);
}

describe("Growth limits of a VirtualMachine", () => {
  it("contain only what is set", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, vcpus: 1, maxVcpus: 2 });
    expect(attributesOf(stack, "libvirt_domain.web-1")).toMatchObject({ vcpu: 1, maximum: { vcpu: 2 } });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.memory_devices).toBeUndefined();
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [{ maxVcpus: 0 }, "'maxVcpus' must be a whole number of at least 1, got 0; raise or round it"],
    [{ vcpus: 4, maxVcpus: 2 }, "'maxVcpus' must be at least 'vcpus' (4), got 2; raise it, or remove it"],
    [
      { maxMemory: Size.mebibytes(256) },
      "'maxMemory' must be at least 'memory' (512 MiB), got 256 MiB; raise it, or remove it",
    ],
    [
      { maxMemory: Size.bytes(2 ** 30 + 1) },
      "'maxMemory' must be a whole number of KiB, at least 1, got 1073741825 bytes; raise or round it",
    ],
    [
      { memoryModules: { slots: 300, maxTotal: Size.gibibytes(1) } },
      "'memoryModules.slots' must be a whole number from 1 to 256, got 300; choose a number in this range",
    ],
    [
      { memoryModules: { slots: 1, maxTotal: memory, plugged: { one: Size.gibibytes(1) } } },
      "'memoryModules.maxTotal' must be at least the machine's memory and modules together (1536 MiB), got 512 MiB; raise it",
    ],
    [
      {
        memoryModules: {
          slots: 1,
          maxTotal: Size.gibibytes(4),
          plugged: { one: Size.gibibytes(1), two: Size.gibibytes(1) },
        },
      },
      "'memoryModules.plugged' must have at most 'memoryModules.slots' (1) modules, got 2; raise 'slots'",
    ],
    [
      { memoryModules: { slots: 1, maxTotal: Size.gibibytes(4), plugged: { one: Size.mebibytes(3) } } },
      "sizes in 'memoryModules.plugged' must be a multiple of 2 MiB, got 3 MiB for 'one'; round it; a Linux guest requires multiples of 128 MiB",
    ],
    [
      {
        memoryModules: {
          slots: 1,
          maxTotal: Size.gibibytes(4),
          plugged: { one: { size: Size.gibibytes(2), maxSize: Size.gibibytes(1) } },
        },
      },
      "'memoryModules.plugged[one].size' must be a multiple of 2 MiB, at most 'maxSize' (1 GiB), got 2 GiB; change it, or raise 'maxSize'",
    ],
    [
      {
        memoryModules: {
          slots: 1,
          maxTotal: Size.gibibytes(4),
          plugged: { one: { file: "a", size: Size.gibibytes(1) } },
        },
      },
      "'memoryModules.plugged[one].file' must be an absolute path, got 'a'; begin it with '/'",
    ],
    [
      { memoryModules: { slots: 1, maxTotal: Size.gibibytes(4), plugged: { "a b": Size.mebibytes(2) } } },
      "names in 'memoryModules.plugged' must be letters, digits, '-' and '_', got 'a b'; remove other characters",
    ],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(props)).toEqual([`${message} (at lab/web-1)`]);
  });
});

describe("Resources of a VirtualMachine", () => {
  it("are omitted if none is set", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, resources: {} });
    expect(Object.keys(attributesOf(stack, "libvirt_domain.web-1") ?? {})).toEqual(
      expect.not.arrayContaining(["cputune", "memtune", "blkiotune"]),
    );
  });

  it("can pin virtual CPUs that are plugged in later", () => {
    expect(errorsWith({ maxVcpus: 4, resources: { vcpuPinning: { 3: "0" } } })).toEqual([]);
  });

  it("contain threads with their schedulers and CPUs", () => {
    const stack = newStack();
    const { host, pool, image } = new Site(stack);
    const data = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    new VirtualMachine(stack, "web-1", {
      host,
      image,
      memory,
      vcpus: 2,
      disks: [{ volume: data, options: { ioThread: 1 } }],
      resources: {
        totalCpuLimit: 1.5,
        vcpuSchedulers: { 0: { policy: "fifo", priority: 10 }, 1: "batch" },
        emulatorScheduler: "idle",
        ioThreads: { 1: { pinning: "0-1", scheduler: { policy: "rr", priority: 5 } }, 2: { pollMax: 0 } },
        controlGroup: "/machine/production",
      },
    });
    expect(errorsOf(stack)).toEqual([]);
    const domain = attributesOf(stack, "libvirt_domain.web-1");
    expect(domain?.cputune).toEqual({
      global_period: 100_000,
      global_quota: 150_000,
      vcpusched: { 0: { scheduler: "fifo", priority: 10 }, 1: { scheduler: "batch" } },
      emulatorsched: { scheduler: "idle" },
      iothreads: { 1: { cpuset: "0-1", scheduler: "rr", priority: 5 }, 2: { poll_max: 0 } },
      partition: "/machine/production",
    });
    expect(domain?.disks).toMatchObject({ vdb: { options: { iothread: 1 } } });
  });

  it("are there for each disk that has a thread on bus 'virtio'", () => {
    const stack = newStack();
    const { host, pool, image } = new Site(stack);
    const data = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    new VirtualMachine(stack, "web-1", {
      host,
      image,
      memory,
      disks: [{ volume: data, bus: "sata", options: { ioThread: 1 } }],
    });
    expect(errorsOf(stack)).toEqual([
      expect.stringContaining(".ioThread' requires bus 'virtio', got 'sata'; change the bus, or remove 'ioThread'"),
    ]);
  });

  it.each<[VirtualMachineProps["resources"], string]>([
    [
      { totalCpuLimit: 0 },
      "'resources.totalCpuLimit' must be at least 0.01 host CPUs, got 0; raise it, or remove it for no limit",
    ],
    [
      { vcpuSchedulers: { 1: "idle" } },
      "keys of 'resources.vcpuSchedulers' must be virtual CPUs from 0 to 0, got '1'; correct it",
    ],
    [{ ioThreads: { 0: {} } }, "keys of 'resources.ioThreads' must be numbers from 1, got '0'; correct it"],
    [
      { ioThreads: { 1: { pinning: "all" } } },
      "'resources.ioThreads[1].pinning' must be a list of host CPUs, got 'all'; write it like '0-3,^2'",
    ],
    [
      { emulatorScheduler: { policy: "fifo", priority: 100 } },
      "'resources.emulatorScheduler.priority' must be a whole number from 1 to 99, got 100; choose a number in this range",
    ],
    [
      { controlGroup: "production" },
      "'resources.controlGroup' must begin with '/', got 'production'; write it like '/machine/production'",
    ],
    [
      { cpuWeight: 1 },
      "'resources.cpuWeight' must be a whole number from 2 to 262144, got 1; choose a number in this range",
    ],
    [
      { hostDisks: { sda: { ioWeight: 100 } } },
      "keys of 'resources.hostDisks' must be paths of disks of the host, got 'sda'; write it like '/dev/sda'",
    ],
    [
      { hostDisks: { "/dev/sda": { readsPerSecond: 0 } } },
      "'resources.hostDisks[/dev/sda].readsPerSecond' must be a whole number of at least 1, got 0; raise or round it",
    ],
    [
      { ioWeight: 5 },
      "'resources.ioWeight' must be a whole number from 10 to 1000, got 5; choose a number in this range",
    ],
    [
      { cpuLimit: 2 },
      "'resources.cpuLimit' must be from 0.01 to 1, as a fraction of a host CPU for each virtual CPU, got 2; choose a value in this range, or remove it for no limit",
    ],
    [
      { cpuLimit: NaN },
      "'resources.cpuLimit' must be from 0.01 to 1, as a fraction of a host CPU for each virtual CPU, got NaN; choose a value in this range, or remove it for no limit",
    ],
    [
      { vcpuPinning: { 1: "0" } },
      "keys of 'resources.vcpuPinning' must be virtual CPUs from 0 to 0, got '1'; remove it, or raise 'maxVcpus'",
    ],
    [
      { vcpuPinning: { 0: "first" } },
      "'resources.vcpuPinning[0]' must be a list of host CPUs, got 'first'; write it like '0-3,^2'",
    ],
    [
      { emulatorPinning: "^1" },
      "'resources.emulatorPinning' must be a list of host CPUs, got '^1'; write it like '0-3,^2'",
    ],
    [
      { memoryLimit: memory },
      "'resources.memoryLimit' must be more than 'memory' (512 MiB), got 512 MiB; raise it: QEMU requires memory of its own, and the host kills it above the limit",
    ],
    [
      { memoryLimit: Size.gibibytes(2), memoryAndSwapLimit: Size.gibibytes(1) },
      "'resources.memoryLimit' must be at most 'resources.memoryAndSwapLimit' (1 GiB), got 2 GiB; lower it",
    ],
    [
      { memoryLimit: Size.gibibytes(1), memorySoftLimit: Size.gibibytes(2) },
      "'resources.memorySoftLimit' must be at most 'resources.memoryLimit' (1 GiB), got 2 GiB; lower it",
    ],
    [
      { memorySoftLimit: Size.bytes(1) },
      "'resources.memorySoftLimit' must be a whole number of KiB, at least 1, got 1 bytes; raise or round it",
    ],
  ])("refuses %j", (resources, message) => {
    expect(errorsWith({ resources })).toEqual([`${message} (at lab/web-1)`]);
  });
});

describe("Throttles of a VirtualMachine", () => {
  it.each<[VirtualMachineProps["diskThrottle"], string]>([
    [{}, "'diskThrottle' must set at least one limit, got none; remove it for no limit"],
    [
      { readBytesPerSecond: Size.bytes(0) },
      "'diskThrottle.readBytesPerSecond' must be at least 1 byte, got 0 bytes; remove it for no limit",
    ],
    [
      { writesPerSecond: 0.5 },
      "'diskThrottle.writesPerSecond' must be a whole number of at least 1, got 0.5; raise or round it",
    ],
    [
      { bytesPerSecond: Size.mebibytes(1), writeBytesPerSecond: Size.mebibytes(1) },
      "'diskThrottle.bytesPerSecond' cannot be combined with 'diskThrottle.writeBytesPerSecond'; remove one of them",
    ],
    [
      { operationsPerSecond: 1, readsPerSecond: 1 },
      "'diskThrottle.operationsPerSecond' cannot be combined with 'diskThrottle.readsPerSecond'; remove one of them",
    ],
  ])("cannot be %j for a disk", (diskThrottle, message) => {
    expect(errorsWith({ diskThrottle })).toEqual([`${message} (at lab/web-1)`]);
  });

  it("are validated for every disk", () => {
    const stack = newStack();
    const { host, pool } = new Site(stack);
    const volume = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    new VirtualMachine(stack, "web-1", { host, memory, disks: [{ volume, throttle: {} }] });
    expect(errorsOf(stack)).toEqual([
      "'disks.throttle' must set at least one limit, got none; remove it for no limit (at lab/web-1)",
    ]);
  });

  it("are validated for every interface", () => {
    const stack = newStack();
    const { host, lan } = new Site(stack);
    const average = Size.bytes(512);
    new VirtualMachine(stack, "web-1", { host, memory, networks: [{ network: lan, bandwidth: {} }] });
    new VirtualMachine(stack, "web-2", {
      host,
      memory,
      networks: [{ network: lan, bandwidth: { inbound: { average } } }],
    });
    expect(errorsOf(stack)).toEqual([
      "'networks.bandwidth' must set at least one limit, got none; remove it for no limit (at lab/web-1)",
      "'networks.bandwidth.inbound.average' must be a whole number of KiB, at least 1, got 512 bytes; raise or round it (at lab/web-2)",
    ]);
  });
});

describe("Migration of a VirtualMachine", () => {
  it("can have a timeout without 'onTimeout'", () => {
    expect(errorsWith({ migration: { timeout: 60 } })).toEqual([]);
  });

  it("can be compressed with zlib without 'parallelConnections'", () => {
    expect(errorsWith({ migration: { compression: "zlib" } })).toEqual([]);
  });

  it.each<[VirtualMachineProps["migration"], string]>([
    [
      { bandwidth: Size.kibibytes(1500) },
      "'migration.bandwidth' must be a whole number of MiB, at least 1, got 1500 KiB; raise or round it",
    ],
    [
      { downtime: 0 },
      "'migration.downtime' must be a whole number from 1 to 2000000, got 0; choose a number in this range",
    ],
    [
      { parallelConnections: 1 },
      "'migration.parallelConnections' must be a whole number of at least 2, got 1; raise or round it",
    ],
    [{ timeout: 0 }, "'migration.timeout' must be a whole number of at least 1, got 0; raise or round it"],
    [{ onTimeout: "force" }, "'migration.onTimeout' requires 'migration.timeout'; set the number of seconds"],
    [
      { compression: "xbzrle", parallelConnections: 2 },
      "'migration.compression' of 'xbzrle' cannot be combined with 'migration.parallelConnections'; use 'zlib' or 'zstd', or remove 'parallelConnections'",
    ],
  ])("cannot be %j", (migration, message) => {
    expect(errorsWith({ migration })).toEqual([`${message} (at lab/web-1)`]);
  });

  it("accepts unresolved tokens", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const number = new TerraformVariable(stack, "number", { type: "number" }).numberValue;
    new VirtualMachine(stack, "web-1", {
      host,
      memory,
      vcpus: number,
      maxVcpus: 1,
      shutdown: { timeout: number },
      migration: { downtime: number, timeout: number, parallelConnections: number },
      resources: { cpuWeight: number, vcpuPinning: { 0: "0" } },
    });
    expect(errorsOf(stack)).toEqual([]);
  });
});

describe("Reserved address of a VirtualMachine that can migrate", () => {
  const uses = (stack: ReturnType<typeof newStack>, address: string): unknown =>
    (attributesOf(stack, address)?.ipv4 as { dhcp?: { hosts?: unknown } } | undefined)?.dhcp?.hosts;

  it("is reserved on the networks of all hosts", () => {
    const stack = newStack();
    const alpha = new Site(stack);
    const beta = new Site(stack, "beta");
    const vm = new VirtualMachine(stack, "web-1", {
      host: alpha.host,
      memory,
      networks: [{ network: alpha.lan, address: "10.1.0.10", alsoReservedOn: [alpha.lan, beta.lan] }],
    });
    const reserved = { [vm.macAddress("lan") ?? ""]: { ip: "10.1.0.10", name: "web-1" } };
    expect(errorsOf(stack)).toEqual([]);
    expect(uses(stack, "libvirt_network.alpha_lan_B08007EB")).toEqual(reserved);
    expect(uses(stack, "libvirt_network.beta_lan_5191D710")).toEqual(reserved);
  });

  it("requires 'address', and networks that can reserve it", () => {
    const stack = newStack();
    const alpha = new Site(stack);
    const network = new IsolatedNetwork(stack, "elsewhere", { host: alpha.host });
    new VirtualMachine(stack, "web-1", {
      host: alpha.host,
      memory,
      networks: [
        { network: alpha.lan, alsoReservedOn: [network] },
        { network: alpha.lan, name: "two", address: "10.1.0.10", alsoReservedOn: [network] },
      ],
    });
    expect(errorsOf(stack)).toEqual([
      "'networks.alsoReservedOn' requires 'networks.address'; set the address to reserve (at lab/web-1)",
      "'address' is not supported on network 'elsewhere', which has no 'cidr', got 10.1.0.10; set its 'cidr' (at lab/web-1)",
    ]);
  });
});
