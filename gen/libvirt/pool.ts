// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type TerraformMetaArguments,
  TerraformResource,
  TerraformProvider,
  type IResolvable,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedSingle, toHclAttributes } from "../binding";

/**
 * A storage pool: a place on a host that volumes are made in. What each `type` takes:
 *
 * | type | what it is | needs | takes |
 * |---|---|---|---|
 * | `dir` | a directory | `path` | `delete_data` |
 * | `fs` | a file system on a device, mounted | `path`, `source.devices` | `source.format`, `build`, `delete_data`
 * |
 * | `netfs` | a file system of another machine, mounted | `path`, `source.host`, `source.dir` | `source.format`,
 * `source.nfs_version`, `delete_data` |
 * | `logical` | a volume group of LVM | `source.name` | `source.devices`, `source.format`, `build`, `delete_data`
 * |
 * | `disk` | the partitions of a disk | `path`, `source.devices` | `source.format`, `build` |
 * | `iscsi` | the units of an iSCSI target, as devices of the host | `path`, `source.host`, `source.devices` |
 * `source.port`, `source.initiator`, `source.auth` |
 * | `iscsi-direct` | the units of an iSCSI target, which QEMU itself logs in at | `source.host`, `source.devices`,
 * `source.initiator` | `source.port`, `source.auth` |
 * | `scsi` | the devices of a SCSI or Fibre Channel adapter | `path`, `source.adapter` |  |
 * | `mpath` | the multipath devices of the host | `path` |  |
 * | `gluster` | a volume of GlusterFS, which QEMU itself opens | `source.hosts`, `source.name` | `source.dir` |
 * | `rbd` | a pool of Ceph | `source.hosts`, `source.name` | `source.auth` |
 * | `zfs` | a zpool, or a dataset in one | `source.name` | `source.devices`, `build`, `delete_data` |
 * | `vstorage` | a cluster of Virtuozzo Storage, mounted | `path`, `source.name` | `delete_data` |
 * | `sheepdog` | a cluster of Sheepdog | `source.hosts`, `source.name` |  |
 *
 * The directory of `dir`, `fs` and `netfs` is made where it is missing. No device is written to unless `build`
 * says so, and destroying the pool leaves what is in it, unless `delete_data` says otherwise. A pool that running
 * guests use is neither destroyed nor started again: what would take that is refused before anything is changed.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatstorage.html#storage-pool-xml
 */
export interface PoolConfig extends TerraformMetaArguments {
  /** Whether the pool is started. Default: `true`. */
  readonly active?: boolean | IResolvable;

  /** Whether libvirt starts the pool when the host starts. Default: `true`. */
  readonly autostart?: boolean | IResolvable;

  /**
   * Whether what the pool is made of is made with it: the file system of `fs`, the partition table of `disk`, the
   * volume group of `logical`, the zpool of `zfs`. `new` does that where libvirt finds nothing on the devices, and
   * fails otherwise. `overwrite` DESTROYS what is there. It is done once, when the pool is made. Unset: never. One
   * of `new`, `overwrite`.
   */
  readonly build?: string;

  /**
   * Whether destroying the pool also has libvirt delete what it is made of (`virsh pool-delete`): of `logical` the
   * volume group WITH ALL ITS VOLUMES, of `zfs` the zpool WITH ALL THAT IS IN IT, of `dir`, `fs`, `netfs` and
   * `vstorage` the directory, which must be empty by then. Refused while a domain has one of its volumes as a disk.
   * It must be applied before the pool is destroyed. Default: `false`.
   */
  readonly deleteData?: boolean | IResolvable;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The pool's name. A change replaces the object. */
  readonly name: string;

  /**
   * The directory on the host: that the volumes are in, or, of devices, where they are looked for
   * (`/dev/disk/by-path` names them alike after each start). Another one is used from then on, after a restart of
   * the pool; nothing is moved there. libvirt itself says what it is of `logical` and `zfs`.
   */
  readonly path?: string;

  /** What the pool is made of. Another source takes its place after a restart of the pool. */
  readonly source?: PoolSource | IResolvable;

  /**
   * Where the pool keeps its volumes; see above. One of `dir`, `fs`, `netfs`, `logical`, `disk`, `iscsi`,
   * `iscsi-direct`, `scsi`, `mpath`, `gluster`, `rbd`, `zfs`, `vstorage`, `sheepdog`. Default: `dir`. A change
   * replaces the object.
   */
  readonly type?: string;
}

/** What the pool is made of. Another source takes its place after a restart of the pool. */
export interface PoolSource {
  /** The adapter whose devices are the volumes of `scsi`. */
  readonly adapter?: PoolSourceAdapter | IResolvable;

  /** How the host logs in: of `iscsi`, `iscsi-direct` and `rbd`. */
  readonly auth?: PoolSourceAuth | IResolvable;

  /**
   * The devices, by a path that stays the same (`/dev/disk/by-id/...`): of `fs` and `disk` one, of `logical` and
   * `zfs` those that `build` makes it of; of `iscsi` and `iscsi-direct` the target's IQN.
   */
  readonly devices?: readonly string[];

  /**
   * What is served: of `netfs` a directory of NFS like `/srv/vms`, a volume of GlusterFS, a share of CIFS; of
   * `gluster` a directory in the volume, `/` where unset.
   */
  readonly dir?: string;

  /**
   * Of `netfs` how it is served, of `fs` the file system, of `disk` the kind of partition table, of `logical` the
   * kind of volume group.
   */
  readonly format?: string;

  /** The name or address of the machine that serves it: of `netfs`, `iscsi` and `iscsi-direct`. */
  readonly host?: string;

  /**
   * The machines that serve it together, with a port where it is not the protocol's own (`mon-1`, `mon-2:6789`,
   * `[2001:db8::1]:6789`): the monitors of `rbd`, the servers of `gluster` and `sheepdog`.
   */
  readonly hosts?: readonly string[];

  /** The IQN that the host calls itself by at an iSCSI target. `iscsi` has one of the host's own where this is unset. */
  readonly initiator?: string;

  /**
   * What it is called where it is kept: the volume group of `logical`, the volume of `gluster`, the Ceph pool of
   * `rbd`, the zpool of `zfs` (or a dataset in it), the cluster of `vstorage`.
   */
  readonly name?: string;

  /** The version of the NFS protocol, of `netfs`. Unset: what mount(8) finds out. */
  readonly nfsVersion?: string;

  /** Its port. Unset: the protocol's own. */
  readonly port?: number;
}

/** The adapter whose devices are the volumes of `scsi`. */
export interface PoolSourceAdapter {
  /** Of an `fc_host`: whether it is removed when the pool is stopped. */
  readonly managed?: boolean | IResolvable;

  /** Of a `scsi_host`, like `scsi_host1`. It may be another after a start of the host: `parent_address` stays. */
  readonly name?: string;

  /** Of an `fc_host`: the adapter that it is made on, like `scsi_host3`. */
  readonly parent?: string;

  /** Of a `scsi_host`: the PCI address of its controller, like `0000:00:1f.2`. */
  readonly parentAddress?: string;

  /**
   * `scsi_host` is one that the host has, `fc_host` a virtual one on Fibre Channel, by its world wide names. One of
   * `scsi_host`, `fc_host`. Default: `scsi_host`.
   */
  readonly type?: string;

  /** Which of the controller's hosts it is: the number in `/sys/class/scsi_host/hostN/unique_id`. */
  readonly uniqueId?: number;

  /** Of an `fc_host`: its world wide node name. */
  readonly wwnn?: string;

  /** Of an `fc_host`: its world wide port name. */
  readonly wwpn?: string;
}

/** How the host logs in: of `iscsi`, `iscsi-direct` and `rbd`. */
export interface PoolSourceAuth {
  /** The `uuid` of the `libvirt_secret` with the password, on the same host. */
  readonly secretUuid: string;

  /** `chap` with iSCSI, `ceph` with `rbd`. One of `chap`, `ceph`. */
  readonly type: string;

  /** The user: of Ceph without `client.`. */
  readonly username: string;
}

/**
 * A storage pool: a place on a host that volumes are made in. What each `type` takes:
 *
 * | type | what it is | needs | takes |
 * |---|---|---|---|
 * | `dir` | a directory | `path` | `delete_data` |
 * | `fs` | a file system on a device, mounted | `path`, `source.devices` | `source.format`, `build`, `delete_data`
 * |
 * | `netfs` | a file system of another machine, mounted | `path`, `source.host`, `source.dir` | `source.format`,
 * `source.nfs_version`, `delete_data` |
 * | `logical` | a volume group of LVM | `source.name` | `source.devices`, `source.format`, `build`, `delete_data`
 * |
 * | `disk` | the partitions of a disk | `path`, `source.devices` | `source.format`, `build` |
 * | `iscsi` | the units of an iSCSI target, as devices of the host | `path`, `source.host`, `source.devices` |
 * `source.port`, `source.initiator`, `source.auth` |
 * | `iscsi-direct` | the units of an iSCSI target, which QEMU itself logs in at | `source.host`, `source.devices`,
 * `source.initiator` | `source.port`, `source.auth` |
 * | `scsi` | the devices of a SCSI or Fibre Channel adapter | `path`, `source.adapter` |  |
 * | `mpath` | the multipath devices of the host | `path` |  |
 * | `gluster` | a volume of GlusterFS, which QEMU itself opens | `source.hosts`, `source.name` | `source.dir` |
 * | `rbd` | a pool of Ceph | `source.hosts`, `source.name` | `source.auth` |
 * | `zfs` | a zpool, or a dataset in one | `source.name` | `source.devices`, `build`, `delete_data` |
 * | `vstorage` | a cluster of Virtuozzo Storage, mounted | `path`, `source.name` | `delete_data` |
 * | `sheepdog` | a cluster of Sheepdog | `source.hosts`, `source.name` |  |
 *
 * The directory of `dir`, `fs` and `netfs` is made where it is missing. No device is written to unless `build`
 * says so, and destroying the pool leaves what is in it, unless `delete_data` says otherwise. A pool that running
 * guests use is neither destroyed nor started again: what would take that is refused before anything is changed.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatstorage.html#storage-pool-xml
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class Pool extends TerraformResource {
  public static readonly tfResourceType = "libvirt_pool";

  /**
   * Writes an import block. `cdktf diff` then shows the configuration of the existing object.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId the id that `terraform import` takes
   */
  public static generateConfigForImport(
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ): ImportableResource {
    return new ImportableResource(scope, importToId, {
      terraformResourceType: Pool.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<PoolConfig>;

  constructor(scope: Construct, id: string, config: PoolConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Pool.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** Whether the pool is started. Default: `true`. */
  public get active(): IResolvable {
    return this.getBooleanAttribute("active");
  }

  public set active(value: boolean | IResolvable | undefined) {
    this.inputs.active = value;
  }

  public get activeInput(): boolean | IResolvable | undefined {
    return this.inputs.active;
  }

  /** Whether libvirt starts the pool when the host starts. Default: `true`. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  public set autostart(value: boolean | IResolvable | undefined) {
    this.inputs.autostart = value;
  }

  public get autostartInput(): boolean | IResolvable | undefined {
    return this.inputs.autostart;
  }

  /**
   * Whether what the pool is made of is made with it: the file system of `fs`, the partition table of `disk`, the
   * volume group of `logical`, the zpool of `zfs`. `new` does that where libvirt finds nothing on the devices, and
   * fails otherwise. `overwrite` DESTROYS what is there. It is done once, when the pool is made. Unset: never. One
   * of `new`, `overwrite`.
   */
  public get build(): string {
    return this.getStringAttribute("build");
  }

  public set build(value: string | undefined) {
    this.inputs.build = value;
  }

  public get buildInput(): string | undefined {
    return this.inputs.build;
  }

  /**
   * Whether destroying the pool also has libvirt delete what it is made of (`virsh pool-delete`): of `logical` the
   * volume group WITH ALL ITS VOLUMES, of `zfs` the zpool WITH ALL THAT IS IN IT, of `dir`, `fs`, `netfs` and
   * `vstorage` the directory, which must be empty by then. Refused while a domain has one of its volumes as a disk.
   * It must be applied before the pool is destroyed. Default: `false`.
   */
  public get deleteData(): IResolvable {
    return this.getBooleanAttribute("delete_data");
  }

  public set deleteData(value: boolean | IResolvable | undefined) {
    this.inputs.deleteData = value;
  }

  public get deleteDataInput(): boolean | IResolvable | undefined {
    return this.inputs.deleteData;
  }

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** What `terraform import` takes: `host/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The pool's name. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /**
   * The directory on the host: that the volumes are in, or, of devices, where they are looked for
   * (`/dev/disk/by-path` names them alike after each start). Another one is used from then on, after a restart of
   * the pool; nothing is moved there. libvirt itself says what it is of `logical` and `zfs`.
   */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  public set path(value: string | undefined) {
    this.inputs.path = value;
  }

  public get pathInput(): string | undefined {
    return this.inputs.path;
  }

  /** What the pool is made of. Another source takes its place after a restart of the pool. */
  public get source(): IResolvable {
    return this.interpolationForAttribute("source");
  }

  public set source(value: PoolSource | IResolvable | undefined) {
    this.inputs.source = value;
  }

  public get sourceInput(): PoolSource | IResolvable | undefined {
    return this.inputs.source;
  }

  /**
   * Where the pool keeps its volumes; see above. One of `dir`, `fs`, `netfs`, `logical`, `disk`, `iscsi`,
   * `iscsi-direct`, `scsi`, `mpath`, `gluster`, `rbd`, `zfs`, `vstorage`, `sheepdog`. Default: `dir`. A change
   * replaces the object.
   */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  public set type(value: string | undefined) {
    this.inputs.type = value;
  }

  public get typeInput(): string | undefined {
    return this.inputs.type;
  }

  /** The UUID by which libvirt knows the pool. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      active: this.inputs.active,
      autostart: this.inputs.autostart,
      build: this.inputs.build,
      delete_data: this.inputs.deleteData,
      host: this.inputs.host,
      name: this.inputs.name,
      path: this.inputs.path,
      source: nestedSingle(this.inputs.source, poolSourceToTerraform),
      type: this.inputs.type,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function poolSourceToTerraform(value: PoolSource): Record<string, unknown> {
  return {
    adapter: nestedSingle(value.adapter, poolSourceAdapterToTerraform),
    auth: nestedSingle(value.auth, poolSourceAuthToTerraform),
    devices: value.devices,
    dir: value.dir,
    format: value.format,
    host: value.host,
    hosts: value.hosts,
    initiator: value.initiator,
    name: value.name,
    nfs_version: value.nfsVersion,
    port: value.port,
  };
}

function poolSourceAdapterToTerraform(value: PoolSourceAdapter): Record<string, unknown> {
  return {
    managed: value.managed,
    name: value.name,
    parent: value.parent,
    parent_address: value.parentAddress,
    type: value.type,
    unique_id: value.uniqueId,
    wwnn: value.wwnn,
    wwpn: value.wwpn,
  };
}

function poolSourceAuthToTerraform(value: PoolSourceAuth): Record<string, unknown> {
  return {
    secret_uuid: value.secretUuid,
    type: value.type,
    username: value.username,
  };
}
