// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedMap, nestedSingle, toHclAttributes } from "../binding";

/**
 * A storage pool: a place on a host that contains volumes. Each `type` has its own attributes:
 *
 * | type | storage | required | optional |
 * |---|---|---|---|
 * | `dir` | a directory | `path` | `permissions`, `delete_data` |
 * | `fs` | a file system on a device, mounted | `path`, `source.devices` | `source.format`, `build`,
 * `permissions`, `delete_data` |
 * | `netfs` | a network file system, mounted | `path`, `source.host`, `source.dir` | `source.format`,
 * `source.nfs_version`, `delete_data` |
 * | `logical` | an LVM volume group | `source.name` | `source.devices`, `source.format`, `build`, `delete_data` |
 * | `disk` | the partitions of a disk | `path`, `source.devices` | `source.format`, `build` |
 * | `iscsi` | the units of an iSCSI target, as devices of the host | `path`, `source.host`, `source.devices` |
 * `source.port`, `source.initiator`, `source.auth` |
 * | `iscsi-direct` | the units of an iSCSI target, to which QEMU connects itself | `source.host`,
 * `source.devices`, `source.initiator` | `source.port`, `source.auth` |
 * | `scsi` | the devices of a SCSI or Fibre Channel adapter | `path`, `source.adapter` |  |
 * | `mpath` | the multipath devices of the host | `path` |  |
 * | `gluster` | a GlusterFS volume, which QEMU opens itself | `source.hosts`, `source.name` | `source.dir` |
 * | `rbd` | a Ceph pool | `source.hosts`, `source.name` | `source.auth` |
 * | `zfs` | a ZFS pool, or a dataset in one | `source.name` | `source.devices`, `build`, `delete_data` |
 * | `vstorage` | a Virtuozzo Storage cluster, mounted | `path`, `source.name` | `delete_data` |
 * | `sheepdog` | a Sheepdog cluster | `source.hosts`, `source.name` |  |
 *
 * libvirt creates the directory of `dir`, `fs` and `netfs` if it is missing. It writes to a device only if `build`
 * is set. Destroying the pool keeps its data unless `delete_data` is set. A pool that running guests use is
 * neither destroyed nor restarted: a change that requires this is refused before anything is changed.
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
   * Whether the storage is created with the pool: the file system of `fs`, the partition table of `disk`, the volume
   * group of `logical`, the zpool of `zfs`. `new` creates it if libvirt finds nothing on the devices, and fails
   * otherwise. `overwrite` DESTROYS the data on the devices. This happens once, when the pool is created. Unset:
   * never. One of `new`, `overwrite`.
   */
  readonly build?: string;

  /**
   * Whether destroying the pool also deletes its storage (`virsh pool-delete`): for `logical` the volume group WITH
   * ALL ITS VOLUMES, for `zfs` the zpool WITH ALL ITS DATA, for `dir`, `fs`, `netfs` and `vstorage` the directory,
   * which must be empty. It is refused while a domain has one of the volumes as a disk. Apply it before you destroy
   * the pool. Default: `false`.
   */
  readonly deleteData?: boolean | IResolvable;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The pool's name. A change replaces the object. */
  readonly name: string;

  /**
   * The directory on the host that contains the volumes, or in which libvirt looks for devices (names in
   * `/dev/disk/by-path` do not change when the host restarts). A new path takes effect with a restart of the pool;
   * nothing is moved there. libvirt sets the path of `logical` and `zfs`.
   */
  readonly path?: string;

  /**
   * The owner and the mode of the directory on the host. What is unset is not managed: libvirt chooses it, and
   * changes made outside Terraform stay. The pool's file system has them, if it is one, and not the directory that
   * it is mounted on. A change is made in place, while guests run. What another program changes shows after a
   * refresh of the pool.
   */
  readonly permissions?: PoolPermissions | IResolvable;

  /**
   * Whether a plan that destroys or replaces the pool is refused, also by `terraform destroy`. To destroy or replace
   * it, set this to `false` first, and apply that alone.
   */
  readonly protect?: boolean | IResolvable;

  /** The storage of the pool. A new source takes effect with a restart of the pool. */
  readonly source?: PoolSource | IResolvable;

  /**
   * The type of the storage; see above. One of `dir`, `fs`, `netfs`, `logical`, `disk`, `iscsi`, `iscsi-direct`,
   * `scsi`, `mpath`, `gluster`, `rbd`, `zfs`, `vstorage`, `sheepdog`. Default: `dir`. A change replaces the object.
   */
  readonly type?: string;

  /**
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. A change takes effect with a restart of the pool. If another program adds options of a mount or
   * of Ceph, `features`, `refresh`, or the `vendor` or `product` of the source, they are entries too, and the plan
   * removes them.
   */
  readonly xml?: Readonly<Record<string, PoolXml | IResolvable>> | IResolvable;
}

/**
 * The owner and the mode of the directory on the host. What is unset is not managed: libvirt chooses it, and
 * changes made outside Terraform stay. The pool's file system has them, if it is one, and not the directory that
 * it is mounted on. A change is made in place, while guests run. What another program changes shows after a
 * refresh of the pool.
 */
export interface PoolPermissions {
  /** The group ID. */
  readonly group?: number;

  /** The mode as three octal digits, with or without a leading 0: `0640`. */
  readonly mode?: string;

  /** The user ID of the owner. */
  readonly owner?: number;
}

/** The storage of the pool. A new source takes effect with a restart of the pool. */
export interface PoolSource {
  /** The adapter whose devices are the volumes of `scsi`. */
  readonly adapter?: PoolSourceAdapter | IResolvable;

  /** How the host authenticates, for `iscsi`, `iscsi-direct` and `rbd`. */
  readonly auth?: PoolSourceAuth | IResolvable;

  /**
   * The devices, by a stable path (`/dev/disk/by-id/...`): one for `fs` and `disk`; for `logical` and `zfs` those
   * that `build` uses; for `iscsi` and `iscsi-direct` the IQN of the target.
   */
  readonly devices?: readonly string[];

  /**
   * The exported directory: for `netfs` an NFS directory such as `/srv/vms`, a GlusterFS volume or a CIFS share; for
   * `gluster` a directory in the volume. Unset: `/` for `gluster`.
   */
  readonly dir?: string;

  /**
   * The format: the protocol of `netfs`, the file system of `fs`, the partition table of `disk`, the volume group
   * format of `logical`. Unset: libvirt's default.
   */
  readonly format?: string;

  /** The name or address of the server, for `netfs`, `iscsi` and `iscsi-direct`. */
  readonly host?: string;

  /**
   * The servers, with a port if it is not the protocol's default (`mon-1`, `mon-2:6789`, `[2001:db8::1]:6789`): the
   * monitors of `rbd`, the servers of `gluster` and `sheepdog`.
   */
  readonly hosts?: readonly string[];

  /** The IQN of the host as an iSCSI initiator. Unset: for `iscsi`, the host's own. */
  readonly initiator?: string;

  /**
   * The name in the storage system: the volume group of `logical`, the volume of `gluster`, the Ceph pool of `rbd`,
   * the zpool of `zfs` (or a dataset in it), the cluster of `vstorage`.
   */
  readonly name?: string;

  /** The version of the NFS protocol, for `netfs`. Unset: mount(8) negotiates it. */
  readonly nfsVersion?: string;

  /** The port of the server. Unset: the protocol's default. */
  readonly port?: number;
}

/** The adapter whose devices are the volumes of `scsi`. */
export interface PoolSourceAdapter {
  /** Whether libvirt removes the `fc_host` when the pool is stopped. */
  readonly managed?: boolean | IResolvable;

  /**
   * The name of a `scsi_host`, such as `scsi_host1`. It may change when the host restarts; `parent_address` does
   * not.
   */
  readonly name?: string;

  /** The parent adapter of an `fc_host`, such as `scsi_host3`. */
  readonly parent?: string;

  /** The PCI address of the controller of a `scsi_host`, such as `0000:00:1f.2`. */
  readonly parentAddress?: string;

  /**
   * `scsi_host` is an adapter of the host, `fc_host` a virtual Fibre Channel adapter, identified by its world wide
   * names. One of `scsi_host`, `fc_host`. Default: `scsi_host`.
   */
  readonly type?: string;

  /** The number of the host at the controller, from `/sys/class/scsi_host/hostN/unique_id`. */
  readonly uniqueId?: number;

  /** The world wide node name of an `fc_host`. */
  readonly wwnn?: string;

  /** The world wide port name of an `fc_host`. */
  readonly wwpn?: string;
}

/** How the host authenticates, for `iscsi`, `iscsi-direct` and `rbd`. */
export interface PoolSourceAuth {
  /** The `uuid` of the `libvirt_secret` with the password, on the same host. */
  readonly secretUuid: string;

  /** `chap` for iSCSI, `ceph` for `rbd`. One of `chap`, `ceph`. */
  readonly type: string;

  /** The user. A Ceph user is given without `client.`. */
  readonly username: string;
}

/**
 * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
 * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
 * with its entry. A change takes effect with a restart of the pool. If another program adds options of a mount or
 * of Ceph, `features`, `refresh`, or the `vendor` or `product` of the source, they are entries too, and the plan
 * removes them.
 */
export interface PoolXml {
  /**
   * XML attributes of the element that `under` names, instead of an `element`: `{ part_separator = "no" }`. The
   * element keeps its other attributes.
   */
  readonly attributes?: Readonly<Record<string, string>>;

  /**
   * The element, as libvirt returns it: `<refresh><volume allocation="capacity"/></refresh>`. Additions by libvirt
   * are not a difference. The element declares its prefixes: `<fs:mount_opts
   * xmlns:fs="http://libvirt.org/schemas/storagepool/fs/1.0">`.
   */
  readonly element?: string;

  /**
   * The path of the element that contains the `element` or has the `attributes`, below `pool`: `source`. Of several
   * elements with one name it takes the first, or the one with a number: `source/device[2]`. Empty: `pool` itself.
   * Default: ``.
   */
  readonly under?: string;
}

/**
 * A storage pool: a place on a host that contains volumes. Each `type` has its own attributes:
 *
 * | type | storage | required | optional |
 * |---|---|---|---|
 * | `dir` | a directory | `path` | `permissions`, `delete_data` |
 * | `fs` | a file system on a device, mounted | `path`, `source.devices` | `source.format`, `build`,
 * `permissions`, `delete_data` |
 * | `netfs` | a network file system, mounted | `path`, `source.host`, `source.dir` | `source.format`,
 * `source.nfs_version`, `delete_data` |
 * | `logical` | an LVM volume group | `source.name` | `source.devices`, `source.format`, `build`, `delete_data` |
 * | `disk` | the partitions of a disk | `path`, `source.devices` | `source.format`, `build` |
 * | `iscsi` | the units of an iSCSI target, as devices of the host | `path`, `source.host`, `source.devices` |
 * `source.port`, `source.initiator`, `source.auth` |
 * | `iscsi-direct` | the units of an iSCSI target, to which QEMU connects itself | `source.host`,
 * `source.devices`, `source.initiator` | `source.port`, `source.auth` |
 * | `scsi` | the devices of a SCSI or Fibre Channel adapter | `path`, `source.adapter` |  |
 * | `mpath` | the multipath devices of the host | `path` |  |
 * | `gluster` | a GlusterFS volume, which QEMU opens itself | `source.hosts`, `source.name` | `source.dir` |
 * | `rbd` | a Ceph pool | `source.hosts`, `source.name` | `source.auth` |
 * | `zfs` | a ZFS pool, or a dataset in one | `source.name` | `source.devices`, `build`, `delete_data` |
 * | `vstorage` | a Virtuozzo Storage cluster, mounted | `path`, `source.name` | `delete_data` |
 * | `sheepdog` | a Sheepdog cluster | `source.hosts`, `source.name` |  |
 *
 * libvirt creates the directory of `dir`, `fs` and `netfs` if it is missing. It writes to a device only if `build`
 * is set. Destroying the pool keeps its data unless `delete_data` is set. A pool that running guests use is
 * neither destroyed nor restarted: a change that requires this is refused before anything is changed.
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
   * Whether the storage is created with the pool: the file system of `fs`, the partition table of `disk`, the volume
   * group of `logical`, the zpool of `zfs`. `new` creates it if libvirt finds nothing on the devices, and fails
   * otherwise. `overwrite` DESTROYS the data on the devices. This happens once, when the pool is created. Unset:
   * never. One of `new`, `overwrite`.
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
   * Whether destroying the pool also deletes its storage (`virsh pool-delete`): for `logical` the volume group WITH
   * ALL ITS VOLUMES, for `zfs` the zpool WITH ALL ITS DATA, for `dir`, `fs`, `netfs` and `vstorage` the directory,
   * which must be empty. It is refused while a domain has one of the volumes as a disk. Apply it before you destroy
   * the pool. Default: `false`.
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

  /** The import ID: `host/name`. */
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
   * Whether the next apply repairs it: its definition was changed since it was started, or a move to another
   * directory was interrupted.
   */
  public get needsRepair(): IResolvable {
    return this.getBooleanAttribute("needs_repair");
  }

  /**
   * The directory on the host that contains the volumes, or in which libvirt looks for devices (names in
   * `/dev/disk/by-path` do not change when the host restarts). A new path takes effect with a restart of the pool;
   * nothing is moved there. libvirt sets the path of `logical` and `zfs`.
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

  /**
   * The owner and the mode of the directory on the host. What is unset is not managed: libvirt chooses it, and
   * changes made outside Terraform stay. The pool's file system has them, if it is one, and not the directory that
   * it is mounted on. A change is made in place, while guests run. What another program changes shows after a
   * refresh of the pool.
   */
  public get permissions(): IResolvable {
    return this.interpolationForAttribute("permissions");
  }

  public set permissions(value: PoolPermissions | IResolvable | undefined) {
    this.inputs.permissions = value;
  }

  public get permissionsInput(): PoolPermissions | IResolvable | undefined {
    return this.inputs.permissions;
  }

  /**
   * Whether a plan that destroys or replaces the pool is refused, also by `terraform destroy`. To destroy or replace
   * it, set this to `false` first, and apply that alone.
   */
  public get protect(): IResolvable {
    return this.getBooleanAttribute("protect");
  }

  public set protect(value: boolean | IResolvable | undefined) {
    this.inputs.protect = value;
  }

  public get protectInput(): boolean | IResolvable | undefined {
    return this.inputs.protect;
  }

  /** The storage of the pool. A new source takes effect with a restart of the pool. */
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
   * The type of the storage; see above. One of `dir`, `fs`, `netfs`, `logical`, `disk`, `iscsi`, `iscsi-direct`,
   * `scsi`, `mpath`, `gluster`, `rbd`, `zfs`, `vstorage`, `sheepdog`. Default: `dir`. A change replaces the object.
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

  /**
   * Elements and attributes of libvirt's XML that no attribute stands for, by a name of your choice: each entry has
   * `element` or `attributes`. Every change keeps them. An element is recognized by all its content, and removed
   * with its entry. A change takes effect with a restart of the pool. If another program adds options of a mount or
   * of Ceph, `features`, `refresh`, or the `vendor` or `product` of the source, they are entries too, and the plan
   * removes them.
   */
  public get xml(): IResolvable {
    return this.interpolationForAttribute("xml");
  }

  public set xml(value: Readonly<Record<string, PoolXml | IResolvable>> | IResolvable | undefined) {
    this.inputs.xml = value;
  }

  public get xmlInput(): Readonly<Record<string, PoolXml | IResolvable>> | IResolvable | undefined {
    return this.inputs.xml;
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
      permissions: nestedSingle(this.inputs.permissions, poolPermissionsToTerraform),
      protect: this.inputs.protect,
      source: nestedSingle(this.inputs.source, poolSourceToTerraform),
      type: this.inputs.type,
      xml: nestedMap(this.inputs.xml, poolXmlToTerraform),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function poolPermissionsToTerraform(value: PoolPermissions): Record<string, unknown> {
  return {
    group: value.group,
    mode: value.mode,
    owner: value.owner,
  };
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

function poolXmlToTerraform(value: PoolXml): Record<string, unknown> {
  return {
    attributes: value.attributes,
    element: value.element,
    under: value.under,
  };
}
