import { CloudinitDisk, type DomainDisks, Volume as VolumeResource } from "@cdktf/provider-libvirt";
import type { CloudInit } from "../cloud-init";
import type { IStoragePool } from "../storage-pool";
import type { VirtualMachine } from "../virtual-machine";
import type { DiskAttachment, DiskBus } from "../virtual-machine-devices";
import type { VirtualMachineProps } from "../virtual-machine-props";
import { checkCapacity } from "./capacity";
import { claim } from "./claims";
import { DiskTargets } from "./disk-targets";
import { refuse } from "./findings";
import { makeIotune } from "./machine-throttles";
import { checkFormatInPool, volumeSource } from "./pool-volumes";
import { checkAddress } from "./resource-address";
import { checkPoolOnHost, poolReferenceOn } from "./shared-storage";
import { checkClear } from "./volume-content";
import { checkVolumeName } from "./volume-name";

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

  private readonly targets: DiskTargets;
  private rootTarget?: string;

  constructor(private readonly machine: VirtualMachine) {
    this.targets = new DiskTargets(machine, [cloudInitTarget]);
  }

  /** Makes the disk that the machine boots from, a thin clone where there is an image. */
  public addRoot(props: VirtualMachineProps): void {
    const { image, diskSize, diskBus = "virtio", pool = image?.pool } = props;
    if (image === undefined && diskSize === undefined) {
      this.refuseWithoutDisk(props);
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
    this.rootTarget = this.attach(diskBus, {
      file: root.path,
      format: "qcow2",
      bus: diskBus,
      cache: props.diskCache,
      iotune: makeIotune(this.machine, "diskThrottle", props.diskThrottle),
      targetPool: reference,
    });
  }

  /** Attaches a volume, which must be of no other machine: two that write to one destroy it. */
  public addVolume({ volume, target, bus = "virtio", cache, throttle }: DiskAttachment): void {
    const { host } = this.machine;
    checkPoolOnHost(this.machine, "'disks.volume'", volume.pool, host, "make a Volume in a pool there");
    const holder = claim(this.machine, "attached volume", volume.node.path);
    if (holder !== undefined) {
      refuse(
        this.machine,
        `'disks.volume' must be attached once, got '${volume.volumeName}' as for ${holder.node.path}; give each its own Volume`,
      );
    }
    const source = volumeSource(volume);
    const encryption = volume.encryption && { encryptionSecret: volume.encryption.secretUuid };
    const disk = {
      file: source === undefined ? volume.path : undefined,
      format: volume.format,
      source: source === undefined ? encryption : { ...source, ...encryption },
      bus,
      cache,
      iotune: makeIotune(this.machine, "disks.throttle", throttle),
      targetPool: poolReferenceOn(host, volume.pool),
    };
    this.checkBootOrder(this.attach(bus, disk, target));
  }

  /** Makes the disk with the first-boot data. */
  public addCloudInit(cloudInit: CloudInit, pool: IStoragePool | undefined): void {
    for (const problem of cloudInit.problems(this.machine.vmName)) {
      refuse(this.machine, problem);
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

  /** Disks come in the order of their names, and a machine boots from the first; libvirt 9.0 tries no other. */
  private checkBootOrder(target: string): void {
    const root = this.rootTarget;
    if (root !== undefined && target < root) {
      refuse(
        this.machine,
        `'disks.target' must come after '${root}', which the machine boots from, got '${target}'; ` +
          "use another bus, or the same for 'diskBus'",
      );
    }
  }

  private refuseWithoutDisk(props: VirtualMachineProps): void {
    const given = (["diskCache", "diskThrottle"] as const).find((property) => props[property] !== undefined);
    if (given !== undefined) {
      refuse(this.machine, `'${given}' must go with an 'image' or a 'diskSize', got it alone; the machine has no disk`);
    }
  }

  private requirePool(pool: IStoragePool | undefined, reason: string, image: string): IStoragePool | undefined {
    if (pool === undefined) {
      refuse(this.machine, `'pool' must be given for ${reason}, got none; say where it is to be kept`);
      return undefined;
    }
    checkPoolOnHost(this.machine, "'pool'", pool, this.machine.host, "use a StoragePool there");
    checkFormatInPool(this.machine, pool, image);
    return pool;
  }
}
