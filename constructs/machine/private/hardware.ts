import type {
  DomainDevices,
  DomainDevicesFilesystems,
  DomainDevicesHostdevs,
  DomainMemoryBacking,
} from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkKey } from "../../core/names";
import { checkUnits } from "../../core/numbers";
import type { DirectoryShare, HostDevice } from "../devices";
import type { MachineHardwareProps } from "../hardware";
import type { MemoryBacking } from "../memory";
import { checkPciAddress } from "./bus-address";
import { makeDevices } from "./devices";
import { makeHostNodes, makeHugepageNodes } from "./numa";

/** The devices and the memory backing of a machine. Devices can be added until synthesis. */
export class MachineHardware {
  private readonly ownDevices: DomainDevices;
  private readonly filesystems: Record<string, DomainDevicesFilesystems> = {};
  private readonly hostdevs: Record<string, DomainDevicesHostdevs> = {};

  constructor(
    private readonly machine: IConstruct,
    private readonly props: MachineHardwareProps,
  ) {
    this.ownDevices = makeDevices(machine, props);
    for (const share of props.sharedDirectories ?? []) {
      this.addDirectory(share);
    }
    for (const [name, device] of Object.entries(props.hostDevices ?? {})) {
      this.addDevice(name, device);
    }
    checkUnits(machine, "memoryBacking.hugepages", sizeOf(props.memoryBacking), "KiB");
  }

  /** Renders the devices. Undefined if there are none. */
  public get devices(): DomainDevices | undefined {
    const devices: DomainDevices = {
      ...this.ownDevices,
      filesystems: unlessEmpty(this.filesystems),
      hostdevs: unlessEmpty(this.hostdevs),
    };
    return Object.values(devices).every((device) => device === undefined) ? undefined : devices;
  }

  /** Renders how the memory is backed. It is shared if a directory is shared by virtiofs. */
  public get memoryBacking(): DomainMemoryBacking | undefined {
    const { memoryBacking = {} } = this.props;
    const needed = Object.values(this.filesystems).some(({ driver }) => driver !== "9p");
    const size = sizeOf(memoryBacking);
    const hugepageNodes = makeHugepageNodes(this.props.numaNodes);
    const backing: DomainMemoryBacking = {
      ...((memoryBacking.shared ?? needed) ? { source: "memfd", access: "shared" } : {}),
      hugepages: trueOrUndefined(memoryBacking.hugepages === true || size !== undefined || hugepageNodes !== undefined),
      hugepageSize: size?.toKibibytes("up"),
      hugepageNodes,
      locked: trueOrUndefined(memoryBacking.locked),
      allocation: memoryBacking.preallocate === true ? "immediate" : undefined,
      nosharepages: trueOrUndefined(memoryBacking.ksm === false),
      numatune: makeHostNodes(memoryBacking.hostNodes, this.props.numaNodes),
    };
    return Object.values(backing).every((value) => value === undefined) ? undefined : backing;
  }

  public addDirectory({ path, tag, ...others }: DirectoryShare): void {
    if (!Token.isUnresolved(path) && !path.startsWith("/")) {
      addError(this.machine, `'sharedDirectories.path' must be an absolute path, got '${path}'; begin it with '/'`);
    }
    if (!/^[^\s,]{1,31}$/.test(tag)) {
      addError(
        this.machine,
        `'sharedDirectories.tag' must be 1 to 31 characters without spaces and commas, got '${tag}'; choose another tag`,
      );
    }
    if (others.cache !== undefined && others.driver === "9p") {
      addError(
        this.machine,
        "'sharedDirectories.cache' requires driver 'virtiofs', got '9p'; change the driver, or remove 'cache'",
      );
    }
    if (tag in this.filesystems) {
      addError(
        this.machine,
        `'sharedDirectories.tag' must be unique, '${tag}' is already used by another directory; choose another tag`,
      );
    }
    if (others.driver !== "9p" && this.props.memoryBacking?.shared === false) {
      addError(
        this.machine,
        "'sharedDirectories' with driver 'virtiofs' requires 'memoryBacking.shared', got false; remove 'memoryBacking.shared', or use driver '9p'",
      );
    }
    this.filesystems[tag] = { source: path, ...others };
  }

  public addDevice(name: string, { rom, busAddress, ...device }: HostDevice): void {
    checkKey(this.machine, "hostDevices", name, this.hostdevs);
    const { pci, usb, usbAddress, mdev } = device;
    const addresses = Object.entries({ pci, usb, usbAddress, mdev }).filter(([, address]) => address !== undefined);
    if (addresses.length !== 1) {
      const got = addresses.length === 0 ? "none" : addresses.map(([kind]) => `'${kind}'`).join(" and ");
      addError(
        this.machine,
        `'hostDevices.${name}' requires exactly one of 'pci', 'usb', 'usbAddress', 'mdev', got ${got}; set one of them`,
      );
    }
    for (const [kind, address] of addresses) {
      const { form, like } = hostDeviceFormats[kind as keyof typeof hostDeviceFormats];
      if (address !== undefined && !Token.isUnresolved(address) && !form.test(address)) {
        addError(
          this.machine,
          `'hostDevices.${name}.${kind}' must have the form '${like}', got '${address}'; correct it`,
        );
      }
    }
    if (rom !== undefined && pci === undefined) {
      addError(this.machine, `'hostDevices.${name}.rom' requires 'pci'; remove 'rom'`);
    }
    if (busAddress !== undefined && pci === undefined && mdev === undefined) {
      addError(this.machine, `'hostDevices.${name}.busAddress' requires 'pci' or 'mdev'; remove 'busAddress'`);
    }
    this.hostdevs[name] = {
      ...device,
      address: checkPciAddress(this.machine, `hostDevices.${name}.busAddress`, busAddress),
      romBar: rom === false ? false : undefined,
      romFile: rom === false ? undefined : rom,
    };
  }
}

const hostDeviceFormats = {
  pci: { form: /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/, like: "0000:05:00.0" },
  usb: { form: /^[0-9a-f]{4}:[0-9a-f]{4}$/, like: "1d6b:0002" },
  usbAddress: { form: /^[1-9][0-9]{0,2}:[1-9][0-9]{0,2}$/, like: "1:4" },
  mdev: { form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, like: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" },
} as const;

function sizeOf(backing: MemoryBacking | undefined): Exclude<MemoryBacking["hugepages"], boolean> {
  const pages = backing?.hugepages;
  return typeof pages === "boolean" ? undefined : pages;
}

/** Returns undefined for false, which is the default of these attributes. */
function trueOrUndefined(value: boolean | undefined): true | undefined {
  return value === true ? true : undefined;
}

function unlessEmpty<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> | undefined {
  return Object.keys(entries).length > 0 ? entries : undefined;
}
