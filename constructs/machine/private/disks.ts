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
 * Where a machine's first-boot data is: the last of the virtio disks, so that it comes before no other.
 *
 * Not a CD-ROM: Debian's cloud kernel 6.1 has no driver for one on SATA or IDE. cloud-init goes by the label, not the kind.
 */
const cloudInitTarget = "vdz";

/** The disks of one virtual machine, each made or checked as it is added. */
export class MachineDisks {
  /** As the domain is given them, by target. */
  public readonly disks: Record<string, DomainDisks> = {};

  /**
   * What the machine is replaced with, as Terraform's `replace_triggered_by` refers to it: a running machine would otherwise
   * go on with a disk that was deleted under it.
   */
  public readonly replacedWith: string[] = [];

  /** The disk that the machine boots from, where it has one of its own. */
  public root?: string;

  private readonly targets: DiskTargets;

  constructor(private readonly machine: Construct & IVirtualMachine) {
    this.targets = new DiskTargets(machine, [cloudInitTarget]);
  }

  /** Makes the disk that the machine boots from, a thin clone where there is an image. */
  public addRoot(props: VirtualMachineProps): void {
    const { image, diskSize, diskBus = "virtio", pool = image?.pool } = props;
    if (image === undefined && diskSize === undefined) {
      this.rejectSettingsWithoutDisk(props);
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
    const home = this.requirePool(pool, "a disk without an 'image'", "qcow2");
    if (home === undefined) {
      return;
    }
    const name = `${this.machine.vmName}.qcow2`;
    checkVolumeName(this.machine, "vmName", name, home);
    const reference = poolReferenceOn(this.machine.host, home);
    const root = new VolumeResource(this.machine, "root", {
      host: this.machine.host.hostName,
      pool: reference,
      name,
      format: "qcow2",
      capacity: diskSize?.toBytes(),
      backingStore: image && { path: image.path, format: image.format },
    });
    checkAddress(root);
    this.replacedWith.push(`${root.terraformResourceType}.${root.friendlyUniqueId}.path`);
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

  /** Attaches a disk, which must be of no other machine: two that write to one destroy it. */
  public addDisk(attachment: DiskAttachment): void {
    const { volume, source, bus = "virtio", cache, throttle, target } = attachment;
    if ((volume === undefined) === (source === undefined)) {
      const got = volume === undefined ? "neither" : "both";
      addError(this.machine, `'disks' must each have a 'volume' or a 'source', got ${got}; say what it is`);
    }
    const disk = volume === undefined ? this.ofSource(attachment) : this.ofVolume(volume, attachment);
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

  /** Adds a drive, and returns its name. */
  public addCdrom({ medium, bus = "sata", target }: CdromAttachment): string {
    const drive = { device: "cdrom", bus };
    if (medium === undefined) {
      return this.attach(bus, { ...drive, format: "raw" }, target);
    }
    if (medium instanceof Disk) {
      return this.attach(bus, { ...drive, source: medium.source, format: "raw" }, target);
    }
    this.checkVolume("'cdroms.medium'", medium);
    return this.attach(bus, { ...drive, ...this.fileOf(medium) }, target);
  }

  /** Makes the disk with the first-boot data. */
  public addCloudInit(cloudInit: CloudInit, pool: IStoragePool | undefined): void {
    for (const problem of cloudInit.problems(this.machine.vmName)) {
      addError(this.machine, problem);
    }
    const home = this.requirePool(pool, "'cloudInit'", "cloud-init");
    if (home === undefined) {
      return;
    }
    const name = `${this.machine.vmName}-cloud-init.iso`;
    checkVolumeName(this.machine, "vmName", name, home);
    const reference = poolReferenceOn(this.machine.host, home);
    const disk = new CloudinitDisk(this.machine, "cloud-init", {
      host: this.machine.host.hostName,
      pool: reference,
      name,
      ...cloudInit.render(this.machine.vmName),
    });
    checkAddress(disk);
    this.disks[cloudInitTarget] = { file: disk.path, format: "raw", bus: "virtio", targetPool: reference };
  }

  private attach(bus: DiskBus, disk: DomainDisks, asked?: string): string {
    const target = this.targets.take(bus, asked);
    this.disks[target] = disk;
    return target;
  }

  private ofVolume(volume: IVolume, { options, encryptionSecretUuid, format }: DiskAttachment): DomainDisks {
    this.checkVolume("'disks.volume'", volume);
    if (encryptionSecretUuid !== undefined || format !== undefined) {
      const property = format === undefined ? "encryptionSecretUuid" : "format";
      addError(this.machine, `'disks.${property}' must go with a 'source'; of a Volume it is known, leave it out`);
    }
    if (options?.shared !== true) {
      const fix = "give each its own Volume";
      this.reserveDisk("volume", volume.volumeName, fix, "attached volume", volume.node.path);
    }
    return this.fileOf(volume);
  }

  private ofSource({ source, format = "raw", encryptionSecretUuid, options }: DiskAttachment): DomainDisks {
    if (source === undefined) {
      return { format };
    }
    const { block, protocol, name } = source.source;
    if (options?.shared !== true && !source.readOnly && options?.readOnly !== true) {
      const fix = "give each its own, or set 'options.shared' where they know of each other";
      const where = block === undefined ? JSON.stringify(source.source) : this.machine.host.uri;
      this.reserveDisk("source", block ?? name ?? protocol ?? "", fix, "attached source", where, block ?? "");
    }
    return { source: { ...source.source, encryptionSecret: encryptionSecretUuid }, format };
  }

  private fileOf(volume: IVolume): DomainDisks {
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
    checkPoolOnHost(this.machine, what, volume.pool, this.machine.host, "make a Volume in a pool there");
  }

  private reserveDisk(property: string, name: string, fix: string, ...key: readonly string[]): void {
    const holder = reserve(this.machine, ...key);
    if (holder !== undefined) {
      addError(
        this.machine,
        `'disks.${property}' must be attached once, got '${name}' as for ${holder.node.path}; ${fix}`,
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

  private rejectSettingsWithoutDisk(props: VirtualMachineProps): void {
    const given = (["diskCache", "diskOptions", "diskThrottle"] as const).find(
      (property) => props[property] !== undefined,
    );
    if (given !== undefined) {
      addError(
        this.machine,
        `'${given}' must go with an 'image' or a 'diskSize', got it alone; the machine has no disk`,
      );
    }
  }

  private requirePool(pool: IStoragePool | undefined, reason: string, image: string): IStoragePool | undefined {
    if (pool === undefined) {
      addError(this.machine, `'pool' must be given for ${reason}, got none; say where it is to be kept`);
      return undefined;
    }
    checkPoolOnHost(this.machine, "'pool'", pool, this.machine.host, "use a StoragePool there");
    checkFormatInPool(this.machine, pool, image);
    return pool;
  }
}
