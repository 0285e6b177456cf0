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

describe("how far a machine can grow while it runs", () => {
  it("is told in parts", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, vcpus: 1, maxVcpus: 2 });
    expect(attributesOf(stack, "libvirt_domain.web-1")).toMatchObject({ vcpu: 1, maximum: { vcpu: 2 } });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.memory_devices).toBeUndefined();
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [{ maxVcpus: 0 }, "'maxVcpus' must be a whole number of at least 1, got 0; raise or round it"],
    [{ vcpus: 4, maxVcpus: 2 }, "'maxVcpus' must be at least the 4 of 'vcpus', got 2; raise it, or leave it out"],
    [
      { maxMemory: Size.mebibytes(256) },
      "'maxMemory' must be at least the 512 MiB of 'memory', got 256 MiB; raise it, or leave it out",
    ],
    [
      { maxMemory: Size.bytes(2 ** 30 + 1) },
      "'maxMemory' must be a whole number of KiB, at least 1, got 1073741825 bytes; raise or round it",
    ],
    [
      { memoryModules: { slots: 300, maxTotal: Size.gibibytes(1) } },
      "'memoryModules.slots' must be a whole number from 1 to 256, got 300; choose one of these",
    ],
    [
      { memoryModules: { slots: 1, maxTotal: memory, plugged: { one: Size.gibibytes(1) } } },
      "'memoryModules.maxTotal' must be at least the 1536 MiB of the machine's memory and modules, got 512 MiB; raise it",
    ],
    [
      {
        memoryModules: {
          slots: 1,
          maxTotal: Size.gibibytes(4),
          plugged: { one: Size.gibibytes(1), two: Size.gibibytes(1) },
        },
      },
      "'memoryModules.plugged' must be at most the 1 of 'memoryModules.slots', got 2; raise that",
    ],
    [
      { memoryModules: { slots: 1, maxTotal: Size.gibibytes(4), plugged: { one: Size.mebibytes(3) } } },
      "sizes in 'memoryModules.plugged' must be a multiple of 2 MiB, got 3 MiB for 'one'; Linux takes multiples of 128 MiB",
    ],
    [
      { memoryModules: { slots: 1, maxTotal: Size.gibibytes(4), plugged: { "a b": Size.mebibytes(2) } } },
      "names in 'memoryModules.plugged' must be letters, digits, '-' and '_', got 'a b'; leave the rest out",
    ],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(props)).toEqual([`${message} (at lab/web-1)`]);
  });
});

describe("a machine's share of its host", () => {
  it("is left to the host where nothing is said", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, memory, resources: {} });
    expect(Object.keys(attributesOf(stack, "libvirt_domain.web-1") ?? {})).toEqual(
      expect.not.arrayContaining(["cputune", "memtune", "blkiotune"]),
    );
  });

  it("may pin virtual CPUs that are plugged in later", () => {
    expect(errorsWith({ maxVcpus: 4, resources: { vcpuPinning: { 3: "0" } } })).toEqual([]);
  });

  it.each<[VirtualMachineProps["resources"], string]>([
    [{ cpuWeight: 1 }, "'resources.cpuWeight' must be a whole number from 2 to 262144, got 1; choose one of these"],
    [{ ioWeight: 5 }, "'resources.ioWeight' must be a whole number from 10 to 1000, got 5; choose one of these"],
    [
      { cpuLimit: 2 },
      "'resources.cpuLimit' must be from 0.01 to 1 of a processor for each virtual CPU, got 2; choose one of these, or leave it out for all of it",
    ],
    [
      { cpuLimit: NaN },
      "'resources.cpuLimit' must be from 0.01 to 1 of a processor for each virtual CPU, got NaN; choose one of these, or leave it out for all of it",
    ],
    [
      { vcpuPinning: { 1: "0" } },
      "'resources.vcpuPinning' must be of virtual CPUs from 0 to 0, got '1'; leave it out, or raise 'maxVcpus'",
    ],
    [
      { vcpuPinning: { 0: "first" } },
      "'resources.vcpuPinning[0]' must be numbers of the host's processors, got 'first'; write them like '0-3,^2'",
    ],
    [
      { emulatorPinning: "^1" },
      "'resources.emulatorPinning' must be numbers of the host's processors, got '^1'; write them like '0-3,^2'",
    ],
    [
      { memoryLimit: memory },
      "'resources.memoryLimit' must be more than the 512 MiB of 'memory', got 512 MiB; raise it: QEMU needs some too, and is killed above it",
    ],
    [
      { memoryLimit: Size.gibibytes(2), memoryAndSwapLimit: Size.gibibytes(1) },
      "'resources.memoryLimit' must be at most the 1 GiB of 'resources.memoryAndSwapLimit', got 2 GiB; lower it",
    ],
    [
      { memoryLimit: Size.gibibytes(1), memorySoftLimit: Size.gibibytes(2) },
      "'resources.memorySoftLimit' must be at most the 1 GiB of 'resources.memoryLimit', got 2 GiB; lower it",
    ],
    [
      { memorySoftLimit: Size.bytes(1) },
      "'resources.memorySoftLimit' must be a whole number of KiB, at least 1, got 1 bytes; raise or round it",
    ],
  ])("refuses %j", (resources, message) => {
    expect(errorsWith({ resources })).toEqual([`${message} (at lab/web-1)`]);
  });
});

describe("how much a guest may read, write, send and receive", () => {
  it.each<[VirtualMachineProps["diskThrottle"], string]>([
    [{}, "'diskThrottle' must limit something, got no limit; leave it out"],
    [
      { readBytesPerSecond: Size.bytes(0) },
      "'diskThrottle.readBytesPerSecond' must be at least 1 byte, got 0 bytes; leave it out for no limit",
    ],
    [
      { writesPerSecond: 0.5 },
      "'diskThrottle.writesPerSecond' must be a whole number of at least 1, got 0.5; raise or round it",
    ],
    [
      { bytesPerSecond: Size.mebibytes(1), writeBytesPerSecond: Size.mebibytes(1) },
      "'diskThrottle.bytesPerSecond' must stand alone, got 'writeBytesPerSecond' too; leave one of them out",
    ],
    [
      { operationsPerSecond: 1, readsPerSecond: 1 },
      "'diskThrottle.operationsPerSecond' must stand alone, got 'readsPerSecond' too; leave one of them out",
    ],
  ])("is not %j of a disk", (diskThrottle, message) => {
    expect(errorsWith({ diskThrottle })).toEqual([`${message} (at lab/web-1)`]);
  });

  it("is checked of every disk", () => {
    const stack = newStack();
    const { host, pool } = new Site(stack);
    const volume = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    new VirtualMachine(stack, "web-1", { host, memory, disks: [{ volume, throttle: {} }] });
    expect(errorsOf(stack)).toEqual([
      "'disks.throttle' must limit something, got no limit; leave it out (at lab/web-1)",
    ]);
  });

  it("is some KiB a second of an interface", () => {
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
      "'networks.bandwidth' must limit something, got no limit; leave it out (at lab/web-1)",
      "'networks.bandwidth.inbound.average' must be a whole number of KiB, at least 1, got 512 bytes; raise or round it (at lab/web-2)",
    ]);
  });
});

describe("how a machine moves", () => {
  it("has a time limit, after which it stays where it is", () => {
    expect(errorsWith({ migration: { timeout: 60 } })).toEqual([]);
  });

  it("may compress what goes over as many connections as QEMU likes", () => {
    expect(errorsWith({ migration: { compression: "zlib" } })).toEqual([]);
  });

  it.each<[VirtualMachineProps["migration"], string]>([
    [
      { bandwidth: Size.kibibytes(1500) },
      "'migration.bandwidth' must be a whole number of MiB, at least 1, got 1500 KiB; raise or round it",
    ],
    [{ downtime: 0 }, "'migration.downtime' must be a whole number from 1 to 2000000, got 0; choose one of these"],
    [
      { parallelConnections: 1 },
      "'migration.parallelConnections' must be a whole number of at least 2, got 1; raise or round it",
    ],
    [{ timeout: 0 }, "'migration.timeout' must be a whole number of at least 1, got 0; raise or round it"],
    [
      { onTimeout: "force" },
      "'migration.onTimeout' must go with a 'migration.timeout', got 'force' alone; say after how many seconds",
    ],
    [
      { compression: "xbzrle", parallelConnections: 2 },
      "'migration.compression' must be 'zlib' or 'zstd' over 'parallelConnections', got 'xbzrle'; use one of them, or one connection",
    ],
  ])("is not %j", (migration, message) => {
    expect(errorsWith({ migration })).toEqual([`${message} (at lab/web-1)`]);
  });

  it("takes what Terraform is to fill in as it is", () => {
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

describe("the address of a machine that may move", () => {
  const uses = (stack: ReturnType<typeof newStack>, address: string): unknown =>
    (attributesOf(stack, address)?.ipv4 as { dhcp?: { hosts?: unknown } } | undefined)?.dhcp?.hosts;

  it("is kept for it on the networks of all hosts", () => {
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

  it("must be free on each, and be said", () => {
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
      "'networks.alsoReservedOn' must go with an 'address', got it alone; say which is to be reserved (at lab/web-1)",
      "'address' must be left out for network 'elsewhere', which has no 'cidr', got 10.1.0.10; give it one (at lab/web-1)",
    ]);
  });
});
