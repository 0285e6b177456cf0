import type {
  Domain,
  DomainDevices,
  DomainDevicesFilesystems,
  DomainDevicesHostdevs,
  DomainMemoryBacking,
  DomainXml,
} from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { refuse } from "../../core/errors";
import { checkUnits } from "../../core/numbers";
import { templateLiteral } from "../../core/template-literal";
import type { DirectoryShare, HostDevice } from "../devices";
import type { MachineHardwareProps } from "../hardware";
import type { MemoryBacking } from "../memory";
import type { MachineXml } from "../xml";
import { makeDevices } from "./devices";
import { makeClock, makeFeatures } from "./features";

/** What one virtual machine has besides disks, networks and a screen, as its domain is given it. */
export class MachineHardware {
  private readonly devices: DomainDevices;
  private readonly filesystems: Record<string, DomainDevicesFilesystems> = {};
  private readonly hostdevs: Record<string, DomainDevicesHostdevs> = {};
  private readonly xml: Record<string, DomainXml> = {};

  constructor(
    private readonly machine: IConstruct,
    private readonly domain: Domain,
    private readonly props: MachineHardwareProps,
  ) {
    this.devices = makeDevices(machine, props);
    for (const share of props.sharedDirectories ?? []) {
      this.share(share);
    }
    for (const [name, device] of Object.entries(props.hostDevices ?? {})) {
      this.give(name, device);
    }
    for (const [name, xml] of Object.entries(props.xml ?? {})) {
      this.add(name, xml);
    }
    checkUnits(machine, "memoryBacking.hugepages", sizeOf(props.memoryBacking), "KiB");
    domain.clock = makeClock(machine, props.clock);
    domain.features = makeFeatures(machine, props.features);
    this.apply();
  }

  public addDirectory(share: DirectoryShare): void {
    this.share(share);
    this.apply();
  }

  public addDevice(name: string, device: HostDevice): void {
    this.give(name, device);
    this.apply();
  }

  public addXml(name: string, xml: MachineXml): void {
    this.add(name, xml);
    this.apply();
  }

  private share({ path, tag, ...others }: DirectoryShare): void {
    if (!Token.isUnresolved(path) && !path.startsWith("/")) {
      refuse(this.machine, `'path' of a shared directory must be absolute, got '${path}'; begin it with '/'`);
    }
    if (!/^[^\s,]{1,31}$/.test(tag)) {
      refuse(
        this.machine,
        `'tag' of a shared directory must have from 1 to 31 characters, no blanks and no commas, got '${tag}'; change it`,
      );
    }
    if (others.cache !== undefined && others.driver === "9p") {
      refuse(this.machine, "'cache' of a shared directory must go with driver 'virtiofs', got '9p'; use one of them");
    }
    if (tag in this.filesystems) {
      refuse(this.machine, `'tag' of a shared directory must be of one alone, got '${tag}' twice; name one otherwise`);
    }
    if (others.driver !== "9p" && this.props.memoryBacking?.shared === false) {
      refuse(
        this.machine,
        "'memoryBacking.shared' must be true for a directory shared by 'virtiofs', got false; leave it out, or use '9p'",
      );
    }
    this.filesystems[tag] = { source: path, ...others };
  }

  private give(name: string, { rom, ...device }: HostDevice): void {
    this.checkKey("a device of the host", name, this.hostdevs);
    const { pci, usb, usbAddress, mdev } = device;
    const said = Object.entries({ pci, usb, usbAddress, mdev }).filter(([, address]) => address !== undefined);
    if (said.length !== 1) {
      const got = said.length === 0 ? "none" : said.map(([kind]) => `'${kind}'`).join(" and ");
      refuse(
        this.machine,
        `the device '${name}' must be one of 'pci', 'usb', 'usbAddress' and 'mdev', got ${got}; say which`,
      );
    }
    for (const [kind, address] of said) {
      const { form, like } = deviceForms[kind as keyof typeof deviceForms];
      if (address !== undefined && !Token.isUnresolved(address) && !form.test(address)) {
        refuse(this.machine, `'${kind}' of the device '${name}' must be like ${like}, got '${address}'; correct it`);
      }
    }
    if (rom !== undefined && pci === undefined) {
      refuse(this.machine, `'rom' of the device '${name}' must go with 'pci', got it without; take it out`);
    }
    this.hostdevs[name] = {
      ...device,
      romBar: rom === false ? false : undefined,
      romFile: rom === false ? undefined : rom,
    };
  }

  private add(name: string, { element, under }: MachineXml): void {
    this.checkKey("XML", name, this.xml);
    if (!Token.isUnresolved(element) && !/^\s*<[^]*>\s*$/.test(element)) {
      refuse(this.machine, `'element' of the XML '${name}' must be an XML element, got '${element}'; write <NAME/>`);
    }
    this.xml[name] = { element: templateLiteral(element), under };
  }

  private checkKey(what: string, name: string, taken: Readonly<Record<string, unknown>>): void {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      refuse(this.machine, `the name of ${what} must be letters, digits, '-' and '_', got '${name}'; change it`);
    }
    if (name in taken) {
      refuse(this.machine, `the name of ${what} must be of one alone, got '${name}' twice; name one otherwise`);
    }
  }

  private apply(): void {
    const devices: DomainDevices = {
      ...this.devices,
      filesystems: unlessEmpty(this.filesystems),
      hostdevs: unlessEmpty(this.hostdevs),
    };
    this.domain.devices = Object.values(devices).every((device) => device === undefined) ? undefined : devices;
    this.domain.memoryBacking = this.backing();
    this.domain.xml = unlessEmpty(this.xml);
  }

  /** Its memory, shared where a directory is shared by virtiofs. */
  private backing(): DomainMemoryBacking | undefined {
    const { memoryBacking = {} } = this.props;
    const needed = Object.values(this.filesystems).some(({ driver }) => driver !== "9p");
    const size = sizeOf(memoryBacking);
    const backing: DomainMemoryBacking = {
      ...((memoryBacking.shared ?? needed) ? { source: "memfd", access: "shared" } : {}),
      hugepages: size === undefined ? truth(memoryBacking.hugepages === true) : true,
      hugepageSize: size?.toKibibytes("up"),
      locked: truth(memoryBacking.locked),
      allocation: memoryBacking.immediate === true ? "immediate" : undefined,
      nosharepages: truth(memoryBacking.samePages === false),
    };
    return Object.values(backing).every((value) => value === undefined) ? undefined : backing;
  }
}

const deviceForms = {
  pci: { form: /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/, like: "0000:05:00.0" },
  usb: { form: /^[0-9a-f]{4}:[0-9a-f]{4}$/, like: "1d6b:0002" },
  usbAddress: { form: /^[1-9][0-9]{0,2}:[1-9][0-9]{0,2}$/, like: "1:4" },
  mdev: { form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, like: "c7a5fdbd-cdaf-9455-926a-d65c16db1809" },
} as const;

function sizeOf(backing: MemoryBacking | undefined): Exclude<MemoryBacking["hugepages"], boolean> {
  const pages = backing?.hugepages;
  return typeof pages === "boolean" ? undefined : pages;
}

/** True or nothing: what is not so need not be said. */
function truth(value: boolean | undefined): true | undefined {
  return value === true ? true : undefined;
}

function unlessEmpty<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> | undefined {
  return Object.keys(entries).length > 0 ? entries : undefined;
}
