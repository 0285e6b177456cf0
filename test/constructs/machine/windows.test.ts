import { join } from "node:path";
import { Disk, Size, VirtualMachine, windows, type WindowsOptions } from "../../../constructs";
import { expectGolden } from "../../golden";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

/** What Terraform is told of a machine with Windows. */
function machineWith(options: WindowsOptions): Readonly<Record<string, unknown>> {
  const stack = newStack();
  const { host, pool } = new Site(stack);
  const size = { memory: Size.gibibytes(4), diskSize: Size.gibibytes(64) };
  new VirtualMachine(stack, "desk", { host, pool, ...size, ...windows(options) });
  expect(errorsOf(stack)).toEqual([]);
  return JSON.parse(JSON.stringify(attributesOf(stack, "libvirt_domain.desk"))) as Readonly<Record<string, unknown>>;
}

describe("A machine with Windows", () => {
  const setup = Disk.web("https://images.example.org/windows.iso");

  it("has the hardware that Windows requires", () => {
    const { machine, firmware, efi, devices, features, clock, graphics } = machineWith({});

    // The provider's acceptance tests start a machine with this hardware (TestWindowsMachine).
    const hardware = { machine, firmware, efi, devices, features, clock, graphics };
    expectGolden(join(__dirname, "golden", "windows.json"), `${JSON.stringify(hardware, undefined, 2)}\n`);
  });

  it("can do without what only KVM offers", () => {
    const { features, clock } = machineWith({ hyperV: false });

    expect(features).toBeUndefined();
    expect(clock).toMatchObject({ offset: "localtime", timers: { hypervclock: { present: false } } });
  });

  it("has a disk for which setup needs no driver, and boots from setup while the disk is empty", () => {
    expect(machineWith({ setup })).toMatchObject({
      disks: {
        sda: { bus: "sata", boot: 1 },
        sdb: { device: "cdrom", boot: 2 },
        sdc: { device: "cdrom", boot: 3 },
      },
    });
  });

  it("has its disk on virtio if it gets the drivers", () => {
    const { disks } = machineWith({ setup, drivers: Disk.web("https://images.example.org/virtio-win.iso") });

    expect(disks).toMatchObject({
      vda: { bus: "virtio", boot: 1 },
      sda: { boot: 2 },
      sdb: { boot: 3 },
    });
  });
});
