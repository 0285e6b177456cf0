import { type DomainDisks, Volume as VolumeResource } from "@cdktf/provider-libvirt";
import type { Construct } from "constructs";
import { addError } from "../../core/errors";
import { checkAddress } from "../../core/resource-address";
import { reserve } from "../../core/uniqueness";
import { checkCapacity } from "../../storage/capacity";
import { Disk } from "../../storage/disk";
import { checkFormatInPool, storesFiles, volumeSource } from "../../storage/pool-volumes";
import { checkProtection, protectVolume } from "../../storage/protection";
import { checkPoolOnHost, poolReferenceOn } from "../../storage/shared-storage";
import type { IStoragePool, IVolume } from "../../storage/types";
import { checkClear } from "../../storage/unencrypted-image";
import { checkVolumeName } from "../../storage/volume-name";
import type { CdromAttachment, DiskAttachment, DiskBus, DiskCache, DiskOptions } from "../disks";
import type { IVirtualMachine } from "../types";
import { checkDiskAddress } from "./bus-address";
import { makeDiskOptions } from "./disk-options";
import { DiskTargets } from "./disk-targets";
import { makeIotune } from "./disk-throttle";
import type { PlacedProps } from "./place-machine";
import { fwCfgElement, makeSeed, seedOf } from "./seed";

/**
 * Target of the seed by its bus: on virtio the last of all, so that it comes before no other, and the last of the first
 * controller on SATA and IDE.
 *
 * On virtio it is not a CD-ROM, because Debian's cloud kernel 6.1 has no driver for CD-ROM drives on SATA or IDE. A guest
 * finds the disk by its label, whatever the type of device.
 */
const seedTargets: Readonly<Record<DiskBus, string>> = {
  virtio: "vdz",
  sata: "sdf",
  ide: "hdd",
  scsi: "sdz",
  usb: "sdz",
};

/** The disks of a machine. Each is created or validated when it is added. */
export class MachineDisks {
  /** The rendered disks, by target. */
  public readonly disks: Record<string, DomainDisks> = {};

  /**
   * References for Terraform's `replace_triggered_by`: the machine is replaced together with these volumes. Otherwise a
   * running machine would keep using a deleted disk.
   */
  public readonly replaceTriggers: string[] = [];

  /** Target of the machine's own disk. Undefined if it has none. */
  public root?: string;

  /** The element of libvirt's XML that passes the seed to the guest. Undefined if the seed is a disk, or there is none. */
  public fwCfg?: string;

  private readonly targets: DiskTargets;
  private readonly seedBus: DiskBus;
  private rootVolume?: VolumeResource;

  constructor(
    private readonly machine: Construct & IVirtualMachine,
    { cloudInit, seed, seedBus, diskBus = "virtio" }: PlacedProps,
  ) {
    this.seedBus = seedBus ?? diskBus;
    const hasSeed = cloudInit !== undefined || seed !== undefined;
    this.targets = new DiskTargets(machine, [seedTargets[hasSeed ? this.seedBus : "virtio"]]);
  }

  /** Creates the machine's own disk: a thin clone of the image if it is a file, otherwise a full copy. */
  public addRoot(props: PlacedProps): void {
    const { image, diskSize, diskBus = "virtio", pool = image?.pool } = props;
    if (image === undefined && props.onImageChange !== undefined) {
      addError(this.machine, "'onImageChange' requires 'image'; add it, or remove 'onImageChange'");
    }
    if (image === undefined && diskSize === undefined) {
      this.validateWithoutDisk(props);
      return;
    }
    if (image !== undefined) {
      const fix = "upload a BaseImage to a pool on that host too";
      checkPoolOnHost(this.machine, "'image'", image.pool, this.machine.host, fix);
      checkClear(this.machine, image);
    }
    if (diskSize !== undefined) {
      checkCapacity(this.machine, "diskSize", diskSize, image);
    }
    const format = pool === undefined || storesFiles(pool) ? "qcow2" : "raw";
    const diskPool = this.requirePool(pool, "'diskSize'", format);
    if (diskPool === undefined) {
      return;
    }
    this.validateCopy(diskPool, image);
    const name = props.diskName ?? (format === "raw" ? this.machine.vmName : `${this.machine.vmName}.qcow2`);
    checkVolumeName(this.machine, props.diskName === undefined ? "vmName" : "diskName", name, diskPool);
    checkProtection(this.machine, diskPool, () => props.protect);
    const reference = poolReferenceOn(this.machine.host, diskPool);
    const root = new VolumeResource(this.machine, "root", {
      host: this.machine.host.hostName,
      pool: reference,
      name,
      format,
      capacity: diskSize?.toBytes(),
      // Only a file can be a thin clone. The host converts the image while it copies it.
      backingStore: format === "qcow2" && image !== undefined ? { path: image.path, format: image.format } : undefined,
      cloneFrom: format === "raw" ? image?.path : undefined,
      onNewContent: props.onImageChange === "replace" ? "replace" : undefined,
      permissions: diskPool.volumePermissions,
      protect: props.protect,
    });
    checkAddress(root);
    this.rootVolume = root;
    this.replaceTriggers.push(`${root.terraformResourceType}.${root.friendlyUniqueId}.path`);
    const source = volumeSource({ pool: diskPool, volumeName: name, path: root.path });
    this.root = this.attach(diskBus, {
      file: source === undefined ? root.path : undefined,
      source,
      format,
      bus: diskBus,
      cache: props.diskCache,
      options: this.makeOptions("diskOptions", props.diskOptions, diskBus, props.diskCache, format),
      iotune: makeIotune(this.machine, "diskThrottle", props.diskThrottle),
      address: checkDiskAddress(this.machine, "diskOptions.busAddress", props.diskOptions?.busAddress, diskBus),
      targetPool: reference,
    });
  }

  /** Attaches a disk. No other machine may write to it, because that would destroy its content. */
  public addDisk(attachment: DiskAttachment, protect = false): void {
    const { volume, source, bus = "virtio", cache, throttle, target } = attachment;
    this.validateContent(attachment);
    const disk = volume === undefined ? this.renderSourceDisk(attachment) : this.renderVolumeDisk(volume, attachment);
    const options = { ...attachment.options, readOnly: attachment.options?.readOnly ?? source?.readOnly };
    if (protect && volume !== undefined && options.readOnly !== true) {
      protectVolume(volume);
    }
    this.attach(
      bus,
      {
        ...disk,
        bus,
        cache,
        options: this.makeOptions("disks.options", options, bus, cache, disk.format ?? "raw"),
        iotune: makeIotune(this.machine, "disks.throttle", throttle),
        address: checkDiskAddress(this.machine, "disks.options.busAddress", options.busAddress, bus),
      },
      target,
    );
  }

  /** Adds a CD-ROM drive and returns its target. */
  public addCdrom({ medium, bus = "sata", target, busAddress }: CdromAttachment): string {
    const address = checkDiskAddress(this.machine, "cdroms.busAddress", busAddress, bus);
    const drive = { device: "cdrom", bus, address };
    if (medium === undefined) {
      return this.attach(bus, { ...drive, format: "raw" }, target);
    }
    if (medium instanceof Disk) {
      return this.attach(bus, { ...drive, source: medium.source, format: "raw" }, target);
    }
    this.checkVolume("'cdroms.medium'", medium);
    return this.attach(bus, { ...drive, ...this.renderVolume(medium) }, target);
  }

  /** Creates the seed, if the machine has one. */
  public addSeed(props: PlacedProps): void {
    const seed = seedOf(this.machine, props);
    if (seed === undefined) {
      return;
    }
    const [property, format] = props.cloudInit === undefined ? ["'seed'", "seed"] : ["'cloudInit'", "cloud-init"];
    const pools = [props.pool, props.image?.pool].filter((candidate) => candidate !== undefined);
    const pool = this.requirePool(pools.find(storesFiles) ?? pools[0], property, format);
    if (pool === undefined) {
      return;
    }
    const resource = makeSeed(this.machine, seed, props, pool);
    if (props.onSeedChange === "replace") {
      const digest = `${resource.terraformResourceType}.${resource.friendlyUniqueId}.digest`;
      this.replaceTriggers.push(digest);
      if (this.rootVolume !== undefined) {
        this.rootVolume.lifecycle = { replaceTriggeredBy: [digest] };
      }
    }
    if (seed.fwCfg !== undefined) {
      this.fwCfg = fwCfgElement(seed.fwCfg, resource.path);
      return;
    }
    const bus = this.seedBus;
    const device = bus === "virtio" ? undefined : "cdrom";
    const targetPool = poolReferenceOn(this.machine.host, pool);
    this.disks[seedTargets[bus]] = { file: resource.path, format: "raw", device, bus, targetPool };
  }

  /** libvirt can copy an image to a device of the host, and not to storage that only QEMU opens. */
  private validateCopy(pool: IStoragePool, image: IVolume | undefined): void {
    if (image !== undefined && pool.volumes === "network") {
      addError(
        this.machine,
        `'pool' must not be opened over the network for a machine with 'image', got '${pool.poolName}', to which libvirt cannot ` +
          "copy an image; use another pool, or attach a disk that exists there with 'disks'",
      );
    }
  }

  private validateContent({ volume, source }: DiskAttachment): void {
    if (volume === undefined && source === undefined) {
      addError(this.machine, "'disks' requires 'volume' or 'source'; set one of them");
    } else if (volume !== undefined && source !== undefined) {
      addError(this.machine, "'disks.volume' cannot be combined with 'disks.source'; remove one of them");
    }
  }

  private attach(bus: DiskBus, disk: DomainDisks, requested?: string): string {
    const target = this.targets.assign(bus, requested);
    this.disks[target] = disk;
    return target;
  }

  private renderVolumeDisk(volume: IVolume, { options, encryptionSecretUuid, format }: DiskAttachment): DomainDisks {
    this.checkVolume("'disks.volume'", volume);
    if (encryptionSecretUuid !== undefined || format !== undefined) {
      const property = format === undefined ? "encryptionSecretUuid" : "format";
      addError(
        this.machine,
        `'disks.${property}' cannot be combined with 'disks.volume', which defines it; remove 'disks.${property}'`,
      );
    }
    if (options?.shared !== true) {
      const fix = "give each machine a Volume of its own";
      this.reserveDisk("volume", volume.volumeName, fix, "attached volume", volume.node.path);
    }
    return this.renderVolume(volume);
  }

  private renderSourceDisk({ source, format = "raw", encryptionSecretUuid, options }: DiskAttachment): DomainDisks {
    if (source === undefined) {
      return { format };
    }
    const { block, protocol, name } = source.source;
    if (options?.shared !== true && !source.readOnly && options?.readOnly !== true) {
      const fix = "give each machine a disk of its own, or set 'options.shared' if it has a cluster file system";
      const where = block === undefined ? JSON.stringify(source.source) : this.machine.host.uri;
      this.reserveDisk("source", block ?? name ?? protocol ?? "", fix, "attached source", where, block ?? "");
    }
    return { source: { ...source.source, encryptionSecret: encryptionSecretUuid }, format };
  }

  private renderVolume(volume: IVolume): DomainDisks {
    const source = volumeSource(volume);
    const encryption = volume.encryption && { encryptionSecret: volume.encryption.secretUuid };
    return {
      file: source === undefined ? volume.path : undefined,
      format: volume.format,
      source: source === undefined ? encryption : { ...source, ...encryption },
      targetPool: poolReferenceOn(this.machine.host, volume.pool),
    };
  }

  private checkVolume(what: string, volume: IVolume): void {
    checkPoolOnHost(this.machine, what, volume.pool, this.machine.host, "create a Volume in a pool there");
  }

  private reserveDisk(property: string, name: string, fix: string, ...key: readonly string[]): void {
    const holder = reserve(this.machine, ...key);
    if (holder !== undefined) {
      addError(
        this.machine,
        `'disks.${property}' must be unique, '${name}' is already used by ${holder.node.path}; ${fix}`,
      );
    }
  }

  private makeOptions(
    property: string,
    options: DiskOptions | undefined,
    bus: DiskBus,
    cache: DiskCache | undefined,
    format: string,
  ): DomainDisks["options"] {
    return options && makeDiskOptions(this.machine, property, options, { bus, cache, format });
  }

  private validateWithoutDisk(props: PlacedProps): void {
    const given = (["diskCache", "diskName", "diskOptions", "diskThrottle"] as const).find(
      (property) => props[property] !== undefined,
    );
    if (given !== undefined) {
      addError(
        this.machine,
        `'${given}' requires 'image' or 'diskSize', without which the machine has no disk of its own; set one of them`,
      );
    }
  }

  private requirePool(pool: IStoragePool | undefined, property: string, format: string): IStoragePool | undefined {
    if (pool === undefined) {
      addError(this.machine, `${property} without 'image' requires 'pool'; set the pool that stores it`);
      return undefined;
    }
    checkPoolOnHost(this.machine, "'pool'", pool, this.machine.host, "use a StoragePool there");
    checkFormatInPool(this.machine, pool, format);
    return pool;
  }
}
