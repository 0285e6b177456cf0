import { CloudinitDisk, type DomainDisks, Volume as VolumeResource } from "@cdktf/provider-libvirt";
import type { Construct } from "constructs";
import type { CloudInit } from "../../cloud-init/cloud-init";
import { addError } from "../../core/errors";
import { checkAddress } from "../../core/resource-address";
import { reserve } from "../../core/uniqueness";
import { checkCapacity } from "../../storage/capacity";
import { Disk } from "../../storage/disk";
import { checkFormatInPool, volumeSource } from "../../storage/pool-volumes";
import { checkPoolOnHost, poolReferenceOn } from "../../storage/shared-storage";
import type { IStoragePool, IVolume } from "../../storage/types";
import { checkClear } from "../../storage/unencrypted-image";
import { checkVolumeName } from "../../storage/volume-name";
import type { CdromAttachment, DiskAttachment, DiskBus, DiskCache, DiskOptions } from "../disks";
import type { VirtualMachineProps } from "../props";
import type { IVirtualMachine } from "../types";
import { makeDiskOptions } from "./disk-options";
import { DiskTargets } from "./disk-targets";
import { makeIotune } from "./disk-throttle";

/**
 * Target of the cloud-init disk: the last of the virtio disks, so that it comes before no other.
 *
 * It is not a CD-ROM, because Debian's cloud kernel 6.1 has no driver for CD-ROM drives on SATA or IDE. cloud-init finds the
 * disk by its label, whatever the type of device.
 */
const cloudInitTarget = "vdz";

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

  private readonly targets: DiskTargets;

  constructor(private readonly machine: Construct & IVirtualMachine) {
    this.targets = new DiskTargets(machine, [cloudInitTarget]);
  }

  /** Creates the machine's own disk: a thin clone if there is an image. */
  public addRoot(props: VirtualMachineProps): void {
    const { image, diskSize, diskBus = "virtio", pool = image?.pool } = props;
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
    const diskPool = this.requirePool(pool, "'diskSize'", "qcow2");
    if (diskPool === undefined) {
      return;
    }
    const name = `${this.machine.vmName}.qcow2`;
    checkVolumeName(this.machine, "vmName", name, diskPool);
    const reference = poolReferenceOn(this.machine.host, diskPool);
    const root = new VolumeResource(this.machine, "root", {
      host: this.machine.host.hostName,
      pool: reference,
      name,
      format: "qcow2",
      capacity: diskSize?.toBytes(),
      backingStore: image && { path: image.path, format: image.format },
    });
    checkAddress(root);
    this.replaceTriggers.push(`${root.terraformResourceType}.${root.friendlyUniqueId}.path`);
    this.root = this.attach(diskBus, {
      file: root.path,
      format: "qcow2",
      bus: diskBus,
      cache: props.diskCache,
      options: this.makeOptions("diskOptions", props.diskOptions, diskBus, props.diskCache, "qcow2"),
      iotune: makeIotune(this.machine, "diskThrottle", props.diskThrottle),
      targetPool: reference,
    });
  }

  /** Attaches a disk. No other machine may write to it, because that would destroy its content. */
  public addDisk(attachment: DiskAttachment): void {
    const { volume, source, bus = "virtio", cache, throttle, target } = attachment;
    this.validateContent(attachment);
    const disk = volume === undefined ? this.renderSourceDisk(attachment) : this.renderVolumeDisk(volume, attachment);
    const options = { ...attachment.options, readOnly: attachment.options?.readOnly ?? source?.readOnly };
    this.attach(
      bus,
      {
        ...disk,
        bus,
        cache,
        options: this.makeOptions("disks.options", options, bus, cache, disk.format ?? "raw"),
        iotune: makeIotune(this.machine, "disks.throttle", throttle),
      },
      target,
    );
  }

  /** Adds a CD-ROM drive and returns its target. */
  public addCdrom({ medium, bus = "sata", target }: CdromAttachment): string {
    const drive = { device: "cdrom", bus };
    if (medium === undefined) {
      return this.attach(bus, { ...drive, format: "raw" }, target);
    }
    if (medium instanceof Disk) {
      return this.attach(bus, { ...drive, source: medium.source, format: "raw" }, target);
    }
    this.checkVolume("'cdroms.medium'", medium);
    return this.attach(bus, { ...drive, ...this.renderVolume(medium) }, target);
  }

  /** Creates the disk with the cloud-init data. */
  public addCloudInit(cloudInit: CloudInit, pool: IStoragePool | undefined): void {
    for (const problem of cloudInit.problems(this.machine.vmName)) {
      addError(this.machine, problem);
    }
    const diskPool = this.requirePool(pool, "'cloudInit'", "cloud-init");
    if (diskPool === undefined) {
      return;
    }
    const name = `${this.machine.vmName}-cloud-init.iso`;
    checkVolumeName(this.machine, "vmName", name, diskPool);
    const reference = poolReferenceOn(this.machine.host, diskPool);
    const disk = new CloudinitDisk(this.machine, "cloud-init", {
      host: this.machine.host.hostName,
      pool: reference,
      name,
      ...cloudInit.render(this.machine.vmName),
    });
    checkAddress(disk);
    this.disks[cloudInitTarget] = { file: disk.path, format: "raw", bus: "virtio", targetPool: reference };
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

  private validateWithoutDisk(props: VirtualMachineProps): void {
    const given = (["diskCache", "diskOptions", "diskThrottle"] as const).find(
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
