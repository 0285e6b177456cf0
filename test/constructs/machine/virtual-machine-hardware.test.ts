import { Secret, Size, VirtualMachine, type VirtualMachineProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

/** What Terraform is told of a VM on host alpha, without what every VM has. */
function rendered(props: Partial<VirtualMachineProps>, change?: (vm: VirtualMachine) => void): object {
  const stack = newStack();
  const vm = new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, ...props });
  change?.(vm);
  expect(errorsOf(stack)).toEqual([]);
  const { devices, clock, features, memory_backing, xml } = attributesOf(stack, "libvirt_domain.web-1") ?? {};
  return JSON.parse(JSON.stringify({ devices, clock, features, memory_backing, xml })) as object;
}

function errorsWith(props: Partial<VirtualMachineProps>, change?: (vm: VirtualMachine) => void): string[] {
  const stack = newStack();
  const vm = new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, ...props });
  change?.(vm);
  return errorsOf(stack).map((message) => message.replace(" (at lab/web-1)", ""));
}

describe("Hardware of a VirtualMachine", () => {
  it("is absent unless it is requested", () => {
    expect(rendered({})).toEqual({});
    expect(rendered({ tpm: false, watchdog: false, vsock: false, rng: true, balloon: true })).toEqual({});
  });

  it("can be requested with a single value", () => {
    expect(
      rendered({ tpm: true, watchdog: true, vsock: true, panic: "isa", video: "virtio", sound: "ich9", tablet: "usb" }),
    ).toEqual({
      devices: {
        tpm: {},
        watchdog: { model: "i6300esb" },
        vsock: {},
        panic: { model: "isa" },
        video: { model: "virtio" },
        sound: "ich9",
        tablet: "usb",
      },
    });
    expect(rendered({ rng: false, balloon: false })).toEqual({
      devices: { rng: { model: "none" }, balloon: { model: "none" } },
    });
  });

  it("takes every property", () => {
    const devices = {
      video: { model: "virtio", memory: Size.mebibytes(32), heads: 2, accel3d: true },
      tpm: { model: "tpm-crb", version: "2.0" },
      watchdog: { model: "ib700", action: "pause" },
      rng: { device: "/dev/hwrng", bytesPerSecond: Size.kibibytes(1) },
      vsock: 7,
      balloon: { autodeflate: true, freePageReporting: true, statsPeriod: 5 },
    } as const;
    expect(rendered(devices)).toEqual({
      devices: {
        video: { model: "virtio", vram: 32_768, heads: 2, accel3d: true },
        tpm: { model: "tpm-crb", version: "2.0" },
        watchdog: { model: "ib700", action: "pause" },
        rng: { device: "/dev/hwrng", rate_bytes: 1024 },
        vsock: { cid: 7 },
        balloon: { autodeflate: true, free_page_reporting: true, stats_period: 5 },
      },
    });
    expect(rendered({ rng: { device: "builtin" }, tpm: { hostDevice: "/dev/tpm0" } })).toEqual({
      devices: { rng: { backend: "builtin" }, tpm: { backend: "passthrough", device: "/dev/tpm0" } },
    });
  });

  it("encrypts a TPM with a secret", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const secret = new Secret(stack, "tpm", { host, usage: "vtpm", variable: "tpm_key" });
    new VirtualMachine(stack, "web-1", { host, memory, tpm: { secret } });
    expect(attributesOf(stack, "libvirt_domain.web-1")).toMatchObject({
      devices: { tpm: { encryption_secret_uuid: "${libvirt_secret.tpm.uuid}" } },
    });
  });

  it("shares directories, and its memory for virtiofs", () => {
    const share = { path: "/srv/photos", tag: "photos" };
    expect(rendered({ sharedDirectories: [share] })).toEqual({
      devices: { filesystems: { photos: { source: "/srv/photos" } } },
      memory_backing: { source: "memfd", access: "shared" },
    });
    expect(
      rendered({}, (vm) => {
        vm.shareDirectory({ ...share, driver: "9p", readOnly: true, accessMode: "mapped" });
      }),
    ).toEqual({
      devices: {
        filesystems: { photos: { source: "/srv/photos", driver: "9p", read_only: true, access_mode: "mapped" } },
      },
    });
  });

  it("passes through devices of the host", () => {
    const mdev = "c7a5fdbd-cdaf-9455-926a-d65c16db1809";
    expect(
      rendered({ hostDevices: { nic: { pci: "0000:05:00.0", managed: false, rom: false } } }, (vm) => {
        vm.passThrough("stick", { usb: "1d6b:0002" });
        vm.passThrough("disk", { usbAddress: "1:4" });
        vm.passThrough("gpu", { mdev });
        vm.passThrough("card", { pci: "0000:06:00.0", rom: "/srv/card.rom" });
      }),
    ).toEqual({
      devices: {
        hostdevs: {
          nic: { pci: "0000:05:00.0", managed: false, rom_bar: false },
          stick: { usb: "1d6b:0002" },
          disk: { usb_address: "1:4" },
          gpu: { mdev },
          card: { pci: "0000:06:00.0", rom_file: "/srv/card.rom" },
        },
      },
    });
  });

  it("configures how memory is backed", () => {
    expect(
      rendered({
        memoryBacking: { shared: true, hugepages: Size.mebibytes(2), locked: true, preallocate: true, ksm: false },
      }),
    ).toEqual({
      memory_backing: {
        source: "memfd",
        access: "shared",
        hugepages: true,
        hugepage_size: 2048,
        locked: true,
        allocation: "immediate",
        nosharepages: true,
      },
    });
    expect(rendered({ memoryBacking: { hugepages: true } })).toEqual({ memory_backing: { hugepages: true } });
    expect(rendered({ memoryBacking: { shared: false, hugepages: false } })).toEqual({});
  });

  it("configures the clock and the features", () => {
    expect(
      rendered({
        clock: { timeZone: "Europe/Zurich", timers: { hpet: { present: false }, rtc: { tickpolicy: "catchup" } } },
        features: { acpi: false, kvmHidden: true, hyperv: { relaxed: true, spinlocks: 8191, vendorId: "one" } },
      }),
    ).toEqual({
      clock: {
        offset: "timezone",
        timezone: "Europe/Zurich",
        timers: { hpet: { present: false }, rtc: { tickpolicy: "catchup" } },
      },
      features: { acpi: false, kvm_hidden: true, hyperv: { relaxed: true, spinlocks: 8191, vendor_id: "one" } },
    });
    expect(rendered({ clock: { offset: "localtime" }, features: { hyperv: "passthrough" } })).toEqual({
      clock: { offset: "localtime" },
      features: { hyperv: { mode: "passthrough" } },
    });
  });

  it("adds XML elements", () => {
    expect(
      rendered({ xml: { crash: { element: "<on_crash>preserve</on_crash>" } } }, (vm) => {
        vm.addXml("hub", { under: "devices", element: '<hub type="${x}"/>' });
        vm.addXml("queue", { under: "devices/disk[vda]/driver", attributes: { queue_size: "${x}" } });
      }),
    ).toEqual({
      xml: {
        crash: { element: "<on_crash>preserve</on_crash>" },
        hub: { under: "devices", element: '<hub type="$${x}"/>' },
        queue: { under: "devices/disk[vda]/driver", attributes: { queue_size: "$${x}" } },
      },
    });
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { video: { model: "vga", accel3d: true } },
      "'video.accel3d' requires model 'virtio', got 'vga'; change the model, or remove 'accel3d'",
    ],
    [
      { video: { model: "vga", heads: 0 } },
      "'video.heads' must be a whole number from 1 to 16, got 0; choose a number in this range",
    ],
    [
      { tpm: { hostDevice: "/dev/tpm0", version: "2.0" } },
      "'tpm.hostDevice' cannot be combined with 'version' or 'secret', which only an emulated TPM has; remove 'hostDevice' or the others",
    ],
    [{ vsock: 2 }, "'vsock' must be a whole number from 3 to 4294967294, got 2; choose a number in this range"],
    [
      { rng: { device: "hwrng" } },
      "'rng.device' must be an absolute path or 'builtin', got 'hwrng'; begin the path with '/'",
    ],
    [
      { balloon: { statsPeriod: 0 } },
      "'balloon.statsPeriod' must be a whole number of at least 1, got 0; raise or round it",
    ],
    [
      { sharedDirectories: [{ path: "srv", tag: "a" }] },
      "'sharedDirectories.path' must be an absolute path, got 'srv'; begin it with '/'",
    ],
    [
      { sharedDirectories: [{ path: "/srv", tag: "a b" }] },
      "'sharedDirectories.tag' must be 1 to 31 characters without spaces and commas, got 'a b'; choose another tag",
    ],
    [
      {
        sharedDirectories: [
          { path: "/srv", tag: "a" },
          { path: "/usr", tag: "a" },
        ],
      },
      "'sharedDirectories.tag' must be unique, 'a' is already used by another directory; choose another tag",
    ],
    [
      { sharedDirectories: [{ path: "/srv", tag: "a", driver: "9p", cache: "none" }] },
      "'sharedDirectories.cache' requires driver 'virtiofs', got '9p'; change the driver, or remove 'cache'",
    ],
    [
      { sharedDirectories: [{ path: "/srv", tag: "a" }], memoryBacking: { shared: false } },
      "'sharedDirectories' with driver 'virtiofs' requires 'memoryBacking.shared', got false; remove 'memoryBacking.shared', or use driver '9p'",
    ],
    [
      { hostDevices: { it: {} } },
      "'hostDevices.it' requires exactly one of 'pci', 'usb', 'usbAddress', 'mdev', got none; set one of them",
    ],
    [
      { hostDevices: { it: { pci: "0000:05:00.0", usb: "1d6b:0002" } } },
      "'hostDevices.it' requires exactly one of 'pci', 'usb', 'usbAddress', 'mdev', got 'pci' and 'usb'; set one of them",
    ],
    [
      { hostDevices: { it: { pci: "5:0.0" } } },
      "'hostDevices.it.pci' must have the form '0000:05:00.0', got '5:0.0'; correct it",
    ],
    [{ hostDevices: { it: { usb: "1d6b:0002", rom: false } } }, "'hostDevices.it.rom' requires 'pci'; remove 'rom'"],
    [
      { hostDevices: { it: { usb: "1d6b:0002", busAddress: "0000:05:00.0" } } },
      "'hostDevices.it.busAddress' requires 'pci' or 'mdev'; remove 'busAddress'",
    ],
    [
      { hostDevices: { it: { pci: "0000:05:00.0", busAddress: "1" } } },
      "'hostDevices.it.busAddress' must be a PCI address in lower case like 0000:05:00.0, got '1'; write domain, bus, slot and function",
    ],
    [
      { hostDevices: { "a b": { usb: "1d6b:0002" } } },
      "names in 'hostDevices' must be letters, digits, '-' and '_', got 'a b'; remove other characters",
    ],
    [
      { xml: { it: { element: "hub" } } },
      "'xml.it.element' must be an XML element, got 'hub'; write it like '<NAME/>'",
    ],
    [{ xml: { it: {} } }, "'xml.it' must have either 'element' or 'attributes'; set one of them"],
    [
      { xml: { it: { element: "<hub/>", attributes: { a: "b" } } } },
      "'xml.it' must have either 'element' or 'attributes'; set one of them",
    ],
    [
      { xml: { "a b": { element: "<hub/>" } } },
      "names in 'xml' must be letters, digits, '-' and '_', got 'a b'; remove other characters",
    ],
    [
      { clock: { offset: "utc", timeZone: "Europe/Zurich" } },
      "'clock.offset' cannot be combined with 'clock.timeZone', got 'utc' and 'Europe/Zurich'; remove one of them",
    ],
    [
      { features: { hyperv: { spinlocks: 10 } } },
      "'features.hyperv.spinlocks' must be a whole number of at least 4095, got 10; raise or round it",
    ],
    [
      { memoryBacking: { hugepages: Size.bytes(100) } },
      "'memoryBacking.hugepages' must be a whole number of KiB, at least 1, got 100 bytes; raise or round it",
    ],
    [
      { graphics: { type: "vnc", passwordVersion: 2 } },
      "'graphics.passwordVersion' requires 'graphics.password'; set the password, or remove the version",
    ],
    [
      { graphics: { type: "vnc", password: "sesame", passwordVersion: 0 } },
      "'graphics.passwordVersion' must be a whole number of at least 1, got 0; raise or round it",
    ],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(props)).toEqual([message]);
  });

  it("reports each error once, also if devices are added later", () => {
    const message = "names in 'xml' must be unique, 'a' is already used; choose another name";
    expect(
      errorsWith({ video: { model: "vga", heads: 0 } }, (vm) => {
        vm.addXml("a", { element: "<a/>" });
        vm.addXml("a", { element: "<b/>" });
        vm.passThrough("b", { usb: "1d6b:0002" });
      }),
    ).toEqual(["'video.heads' must be a whole number from 1 to 16, got 0; choose a number in this range", message]);
  });
});
