import type {
  DomainDevices,
  DomainDevicesFilesystems,
  DomainDevicesHostdevs,
  DomainMemoryBacking,
  DomainXml,
} from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits } from "../../core/numbers";
import { templateLiteral } from "../../core/template-literal";
import type { DirectoryShare, HostDevice } from "../devices";
import type { MachineHardwareProps } from "../hardware";
import type { MemoryBacking } from "../memory";
import type { MachineXml } from "../xml";
import { makeDevices } from "./devices";

/** The devices, memory backing and XML of one virtual machine, which can be added to until it is synthesized. */
export class MachineHardware {
  private readonly ownDevices: DomainDevices;
  private readonly filesystems: Record<string, DomainDevicesFilesystems> = {};
  private readonly hostdevs: Record<string, DomainDevicesHostdevs> = {};
  private readonly elements: Record<string, DomainXml> = {};

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
    for (const [name, xml] of Object.entries(props.xml ?? {})) {
      this.addXml(name, xml);
    }
    checkUnits(machine, "memoryBacking.hugepages", sizeOf(props.memoryBacking), "KiB");
  }

  /** The devices as the domain is given them; undefined where there are none. */
  public get devices(): DomainDevices | undefined {
    const devices: DomainDevices = {
      ...this.ownDevices,
      filesystems: unlessEmpty(this.filesystems),
      hostdevs: unlessEmpty(this.hostdevs),
    };
    return Object.values(devices).every((device) => device === undefined) ? undefined : devices;
  }

  /** How the memory is backed; shared where a directory is shared by virtiofs. */
  public get memoryBacking(): DomainMemoryBacking | undefined {
    const { memoryBacking = {} } = this.props;
    const needed = Object.values(this.filesystems).some(({ driver }) => driver !== "9p");
    const size = sizeOf(memoryBacking);
    const backing: DomainMemoryBacking = {
      ...((memoryBacking.shared ?? needed) ? { source: "memfd", access: "shared" } : {}),
      hugepages: size === undefined ? truth(memoryBacking.hugepages === true) : true,
      hugepageSize: size?.toKibibytes("up"),
      locked: truth(memoryBacking.locked),
      allocation: memoryBacking.preallocate === true ? "immediate" : undefined,
      nosharepages: truth(memoryBacking.ksm === false),
    };
    return Object.values(backing).every((value) => value === undefined) ? undefined : backing;
  }

  /** The elements of libvirt's XML that no other property stands for. */
  public get xml(): Readonly<Record<string, DomainXml>> | undefined {
    return unlessEmpty(this.elements);
  }

  public addDirectory({ path, tag, ...others }: DirectoryShare): void {
    if (!Token.isUnresolved(path) && !path.startsWith("/")) {
      addError(this.machine, `'path' of a shared directory must be absolute, got '${path}'; begin it with '/'`);
    }
    if (!/^[^\s,]{1,31}$/.test(tag)) {
      addError(
        this.machine,
        `'tag' of a shared directory must have from 1 to 31 characters, no blanks and no commas, got '${tag}'; change it`,
      );
    }
    if (others.cache !== undefined && others.driver === "9p") {
      addError(this.machine, "'cache' of a shared directory must go with driver 'virtiofs', got '9p'; use one of them");
    }
    if (tag in this.filesystems) {
      addError(
        this.machine,
        `'tag' of a shared directory must be of one alone, got '${tag}' twice; name one otherwise`,
      );
    }
    if (others.driver !== "9p" && this.props.memoryBacking?.shared === false) {
      addError(
        this.machine,
        "'memoryBacking.shared' must be true for a directory shared by 'virtiofs', got false; leave it out, or use '9p'",
      );
    }
    this.filesystems[tag] = { source: path, ...others };
  }

  public addDevice(name: string, { rom, ...device }: HostDevice): void {
    this.checkKey("a device of the host", name, this.hostdevs);
    const { pci, usb, usbAddress, mdev } = device;
    const said = Object.entries({ pci, usb, usbAddress, mdev }).filter(([, address]) => address !== undefined);
    if (said.length !== 1) {
      const got = said.length === 0 ? "none" : said.map(([kind]) => `'${kind}'`).join(" and ");
      addError(
        this.machine,
        `the device '${name}' must be one of 'pci', 'usb', 'usbAddress' and 'mdev', got ${got}; say which`,
      );
    }
    for (const [kind, address] of said) {
      const { form, like } = deviceForms[kind as keyof typeof deviceForms];
      if (address !== undefined && !Token.isUnresolved(address) && !form.test(address)) {
        addError(this.machine, `'${kind}' of the device '${name}' must be like ${like}, got '${address}'; correct it`);
      }
    }
    if (rom !== undefined && pci === undefined) {
      addError(this.machine, `'rom' of the device '${name}' must go with 'pci', got it without; take it out`);
    }
    this.hostdevs[name] = {
      ...device,
      romBar: rom === false ? false : undefined,
      romFile: rom === false ? undefined : rom,
    };
  }

  public addXml(name: string, { element, under }: MachineXml): void {
    this.checkKey("XML", name, this.elements);
    if (!Token.isUnresolved(element) && !/^\s*<[^]*>\s*$/.test(element)) {
      addError(this.machine, `'element' of the XML '${name}' must be an XML element, got '${element}'; write <NAME/>`);
    }
    this.elements[name] = { element: templateLiteral(element), under };
  }

  private checkKey(what: string, name: string, taken: Readonly<Record<string, unknown>>): void {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) {
      addError(this.machine, `the name of ${what} must be letters, digits, '-' and '_', got '${name}'; change it`);
    }
    if (name in taken) {
      addError(this.machine, `the name of ${what} must be of one alone, got '${name}' twice; name one otherwise`);
    }
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
