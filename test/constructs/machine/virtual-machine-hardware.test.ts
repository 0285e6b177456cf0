import { Secret, Size, VirtualMachine, type VirtualMachineProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

/** What Terraform is told of a VM on host alpha, without what every VM has. */
function told(props: Partial<VirtualMachineProps>, change?: (vm: VirtualMachine) => void): object {
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

describe("the other hardware of a VirtualMachine", () => {
  it("is none where none is asked for", () => {
    expect(told({})).toEqual({});
    expect(told({ tpm: false, watchdog: false, vsock: false, rng: true, balloon: true })).toEqual({});
  });

  it("is there at a word", () => {
    expect(
      told({ tpm: true, watchdog: true, vsock: true, panic: "isa", video: "virtio", sound: "ich9", tablet: "usb" }),
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
    expect(told({ rng: false, balloon: false })).toEqual({
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
    expect(told(devices)).toEqual({
      devices: {
        video: { model: "virtio", vram: 32_768, heads: 2, accel3d: true },
        tpm: { model: "tpm-crb", version: "2.0" },
        watchdog: { model: "ib700", action: "pause" },
        rng: { device: "/dev/hwrng", rate_bytes: 1024 },
        vsock: { cid: 7 },
        balloon: { autodeflate: true, free_page_reporting: true, stats_period: 5 },
      },
    });
    expect(told({ rng: { device: "builtin" }, tpm: { hostDevice: "/dev/tpm0" } })).toEqual({
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
    expect(told({ sharedDirectories: [share] })).toEqual({
      devices: { filesystems: { photos: { source: "/srv/photos" } } },
      memory_backing: { source: "memfd", access: "shared" },
    });
    expect(
      told({}, (vm) => {
        vm.shareDirectory({ ...share, driver: "9p", readOnly: true, accessMode: "mapped" });
      }),
    ).toEqual({
      devices: {
        filesystems: { photos: { source: "/srv/photos", driver: "9p", read_only: true, access_mode: "mapped" } },
      },
    });
  });

  it("gets devices of its host", () => {
    const mdev = "c7a5fdbd-cdaf-9455-926a-d65c16db1809";
    expect(
      told({ hostDevices: { nic: { pci: "0000:05:00.0", managed: false, rom: false } } }, (vm) => {
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

  it("has memory of many kinds", () => {
    expect(
      told({
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
    expect(told({ memoryBacking: { hugepages: true } })).toEqual({ memory_backing: { hugepages: true } });
    expect(told({ memoryBacking: { shared: false, hugepages: false } })).toEqual({});
  });

  it("has a clock and features", () => {
    expect(
      told({
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
    expect(told({ clock: { offset: "localtime" }, features: { hyperv: "passthrough" } })).toEqual({
      clock: { offset: "localtime" },
      features: { hyperv: { mode: "passthrough" } },
    });
  });

  it("takes XML that nothing else stands for", () => {
    expect(
      told({ xml: { threads: { element: "<iothreads>2</iothreads>" } } }, (vm) => {
        vm.addXml("hub", { under: "devices", element: '<hub type="${x}"/>' });
      }),
    ).toEqual({
      xml: {
        threads: { element: "<iothreads>2</iothreads>" },
        hub: { under: "devices", element: '<hub type="$${x}"/>' },
      },
    });
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { video: { model: "vga", accel3d: true } },
      "'video.accel3d' must go with model 'virtio', got 'vga'; use that, or leave it out",
    ],
    [
      { video: { model: "vga", heads: 0 } },
      "'video.heads' must be a whole number from 1 to 16, got 0; choose one of these",
    ],
    [
      { tpm: { hostDevice: "/dev/tpm0", version: "2.0" } },
      "'tpm.hostDevice' must go without 'version' and 'secret', which an emulated one has; use one or the other",
    ],
    [{ vsock: 2 }, "'vsock' must be a whole number from 3 to 4294967294, got 2; choose one of these"],
    [
      { rng: { device: "hwrng" } },
      "'rng.device' must be absolute or 'builtin', got 'hwrng'; write it from the root of the host, '/'",
    ],
    [
      { balloon: { statsPeriod: 0 } },
      "'balloon.statsPeriod' must be a whole number of at least 1, got 0; raise or round it",
    ],
    [
      { sharedDirectories: [{ path: "srv", tag: "a" }] },
      "'path' of a shared directory must be absolute, got 'srv'; begin it with '/'",
    ],
    [
      { sharedDirectories: [{ path: "/srv", tag: "a b" }] },
      "'tag' of a shared directory must have from 1 to 31 characters, no blanks and no commas, got 'a b'; change it",
    ],
    [
      {
        sharedDirectories: [
          { path: "/srv", tag: "a" },
          { path: "/usr", tag: "a" },
        ],
      },
      "'tag' of a shared directory must be of one alone, got 'a' twice; name one otherwise",
    ],
    [
      { sharedDirectories: [{ path: "/srv", tag: "a", driver: "9p", cache: "none" }] },
      "'cache' of a shared directory must go with driver 'virtiofs', got '9p'; use one of them",
    ],
    [
      { sharedDirectories: [{ path: "/srv", tag: "a" }], memoryBacking: { shared: false } },
      "'memoryBacking.shared' must be true for a directory shared by 'virtiofs', got false; leave it out, or use '9p'",
    ],
    [
      { hostDevices: { it: {} } },
      "the device 'it' must be one of 'pci', 'usb', 'usbAddress' and 'mdev', got none; say which",
    ],
    [
      { hostDevices: { it: { pci: "0000:05:00.0", usb: "1d6b:0002" } } },
      "the device 'it' must be one of 'pci', 'usb', 'usbAddress' and 'mdev', got 'pci' and 'usb'; say which",
    ],
    [
      { hostDevices: { it: { pci: "5:0.0" } } },
      "'pci' of the device 'it' must be like 0000:05:00.0, got '5:0.0'; correct it",
    ],
    [
      { hostDevices: { it: { usb: "1d6b:0002", rom: false } } },
      "'rom' of the device 'it' must go with 'pci', got it without; take it out",
    ],
    [
      { hostDevices: { "a b": { usb: "1d6b:0002" } } },
      "the name of a device of the host must be letters, digits, '-' and '_', got 'a b'; change it",
    ],
    [{ xml: { it: { element: "hub" } } }, "'element' of the XML 'it' must be an XML element, got 'hub'; write <NAME/>"],
    [
      { xml: { "a b": { element: "<hub/>" } } },
      "the name of XML must be letters, digits, '-' and '_', got 'a b'; change it",
    ],
    [
      { clock: { offset: "utc", timeZone: "Europe/Zurich" } },
      "'clock.offset' must go without a 'timeZone', got 'utc' and 'Europe/Zurich'; leave one out",
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
      "'graphics.passwordVersion' must go with a 'password', got 2 alone; set it, too",
    ],
    [
      { graphics: { type: "vnc", password: "sesame", passwordVersion: 0 } },
      "'graphics.passwordVersion' must be a whole number of at least 1, got 0; raise or round it",
    ],
  ])("refuses %j", (props, message) => {
    expect(errorsWith(props)).toEqual([message]);
  });

  it("says once what is wrong, however much is added", () => {
    const message = "the name of XML must be of one alone, got 'a' twice; name one otherwise";
    expect(
      errorsWith({ video: { model: "vga", heads: 0 } }, (vm) => {
        vm.addXml("a", { element: "<a/>" });
        vm.addXml("a", { element: "<b/>" });
        vm.passThrough("b", { usb: "1d6b:0002" });
      }),
    ).toEqual(["'video.heads' must be a whole number from 1 to 16, got 0; choose one of these", message]);
  });
});
