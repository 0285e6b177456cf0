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
 * What a guest configures itself with: an ISO image with a label and files (Rock Ridge and Joliet names, so that
 * Linux and Windows find them), in a pool. A domain uses it as a read-only disk, or as a `cdrom` on `sata` where
 * the guest has no virtio drivers. Set one of `cloud_init`, `config_drive`, `ignition`, `combustion`, `label` or
 * `content`.
 *
 * New content is written in place, and a guest reads it when it next starts. The plan says what the guest then
 * does with it: most of it is done once, at the first boot. To start over with a new system, name `digest` in
 * `replace_triggered_by` of the domain and of its root volume.
 *
 * While a domain uses the seed, another `host` or `pool` does not create a new one: the seed moves with the
 * machine.
 *
 * Import: `host/pool/name`.
 *
 * See https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 */
export interface SeedConfig extends TerraformMetaArguments {
  /** Files for cloud-init and cloudbase-init (their NoCloud data source), with the label `cidata`. */
  readonly cloudInit?: SeedCloudInit | IResolvable;

  /**
   * The script of Combustion, with the label `combustion`, for openSUSE MicroOS and SLE Micro. Set `files` for what
   * the script uses.
   */
  readonly combustion?: SeedCombustion | IResolvable;

  /**
   * Files of an OpenStack config drive, with the label `config-2`, for cloud-init, cloudbase-init, Ignition and
   * others.
   */
  readonly configDrive?: SeedConfigDrive | IResolvable;

  /**
   * The content of a plain file, without a label or a file system: what a domain passes to the guest by QEMU's
   * `fw_cfg`. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly content?: string;

  /**
   * Files by their paths on the disk, such as `install/answer.xml`: with `label`, or in addition to those of a typed
   * seed. Each part of a path has at most 64 characters.
   */
  readonly files?: Readonly<Record<string, SeedFiles | IResolvable>> | IResolvable;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /**
   * The file of Ignition, with the label `ignition`, as openSUSE MicroOS finds it. Fedora CoreOS and Flatcar read a
   * file by QEMU's `fw_cfg` instead: set `content`.
   */
  readonly ignition?: SeedIgnition | IResolvable;

  /**
   * The label of a disk with any `files`: 1 to 16 ASCII characters. A change is in effect after the guest's next
   * start.
   */
  readonly label?: string;

  /** The seed's name. A change replaces the object. */
  readonly name: string;

  /**
   * The owner and the mode of the seed on the host. What is unset is not managed: libvirt chooses it, and changes
   * made outside Terraform stay. Volumes of `dir`, `fs`, `netfs`, `vstorage` and `logical` pools have them. A change
   * is made in place and keeps the data; it is refused while a running guest uses the volume. On most hosts libvirt
   * gives a disk to the user of QEMU while a guest runs, and back when the guest stops: that is not a difference.
   */
  readonly permissions?: SeedPermissions | IResolvable;

  /** The name of the pool, on the same host. A change replaces the object. */
  readonly pool: string;
}

/** Files for cloud-init and cloudbase-init (their NoCloud data source), with the label `cidata`. */
export interface SeedCloudInit {
  /**
   * YAML with `instance-id` and `local-hostname`. cloud-init runs as at the first boot when `instance-id` changes. A
   * change is in effect after the guest's next start.
   */
  readonly metaData: string;

  /**
   * The network configuration: YAML, version 1 or 2. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly networkConfig?: string;

  /**
   * What cloud-init does: `#cloud-config` YAML, a script that begins with `#!`, or a MIME multipart document with
   * several of them. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly userData: string;

  /**
   * As `user_data`, which takes precedence. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly vendorData?: string;
}

/**
 * The script of Combustion, with the label `combustion`, for openSUSE MicroOS and SLE Micro. Set `files` for what
 * the script uses.
 */
export interface SeedCombustion {
  /**
   * The shell script that runs at the first boot. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly script: string;
}

/**
 * Files of an OpenStack config drive, with the label `config-2`, for cloud-init, cloudbase-init, Ignition and
 * others.
 */
export interface SeedConfigDrive {
  /**
   * JSON with `uuid` and `hostname`. cloud-init runs as at the first boot when `uuid` changes. A change is in effect
   * after the guest's next start.
   */
  readonly metaData: string;

  /**
   * JSON of the network configuration. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly networkData?: string;

  /**
   * What the guest does. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly userData?: string;

  /**
   * JSON of the vendor. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly vendorData?: string;
}

/**
 * Files by their paths on the disk, such as `install/answer.xml`: with `label`, or in addition to those of a typed
 * seed. Each part of a path has at most 64 characters.
 */
export interface SeedFiles {
  /**
   * The content of the file, as text. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly content?: string;

  /**
   * The content of the file in base64, if it is no text. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly contentBase64?: string;
}

/**
 * The file of Ignition, with the label `ignition`, as openSUSE MicroOS finds it. Fedora CoreOS and Flatcar read a
 * file by QEMU's `fw_cfg` instead: set `content`.
 */
export interface SeedIgnition {
  /**
   * The configuration: JSON, as Butane writes it. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  readonly config: string;
}

/**
 * The owner and the mode of the seed on the host. What is unset is not managed: libvirt chooses it, and changes
 * made outside Terraform stay. Volumes of `dir`, `fs`, `netfs`, `vstorage` and `logical` pools have them. A change
 * is made in place and keeps the data; it is refused while a running guest uses the volume. On most hosts libvirt
 * gives a disk to the user of QEMU while a guest runs, and back when the guest stops: that is not a difference.
 */
export interface SeedPermissions {
  /** The group ID. */
  readonly group?: number;

  /** The mode as three octal digits, with or without a leading 0: `0640`. */
  readonly mode?: string;

  /** The user ID of the owner. */
  readonly owner?: number;
}

/**
 * What a guest configures itself with: an ISO image with a label and files (Rock Ridge and Joliet names, so that
 * Linux and Windows find them), in a pool. A domain uses it as a read-only disk, or as a `cdrom` on `sata` where
 * the guest has no virtio drivers. Set one of `cloud_init`, `config_drive`, `ignition`, `combustion`, `label` or
 * `content`.
 *
 * New content is written in place, and a guest reads it when it next starts. The plan says what the guest then
 * does with it: most of it is done once, at the first boot. To start over with a new system, name `digest` in
 * `replace_triggered_by` of the domain and of its root volume.
 *
 * While a domain uses the seed, another `host` or `pool` does not create a new one: the seed moves with the
 * machine.
 *
 * Import: `host/pool/name`.
 *
 * See https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class Seed extends TerraformResource {
  public static readonly tfResourceType = "libvirt_seed";

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
      terraformResourceType: Seed.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<SeedConfig>;

  constructor(scope: Construct, id: string, config: SeedConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Seed.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** Files for cloud-init and cloudbase-init (their NoCloud data source), with the label `cidata`. */
  public get cloudInit(): IResolvable {
    return this.interpolationForAttribute("cloud_init");
  }

  public set cloudInit(value: SeedCloudInit | IResolvable | undefined) {
    this.inputs.cloudInit = value;
  }

  public get cloudInitInput(): SeedCloudInit | IResolvable | undefined {
    return this.inputs.cloudInit;
  }

  /**
   * The script of Combustion, with the label `combustion`, for openSUSE MicroOS and SLE Micro. Set `files` for what
   * the script uses.
   */
  public get combustion(): IResolvable {
    return this.interpolationForAttribute("combustion");
  }

  public set combustion(value: SeedCombustion | IResolvable | undefined) {
    this.inputs.combustion = value;
  }

  public get combustionInput(): SeedCombustion | IResolvable | undefined {
    return this.inputs.combustion;
  }

  /**
   * Files of an OpenStack config drive, with the label `config-2`, for cloud-init, cloudbase-init, Ignition and
   * others.
   */
  public get configDrive(): IResolvable {
    return this.interpolationForAttribute("config_drive");
  }

  public set configDrive(value: SeedConfigDrive | IResolvable | undefined) {
    this.inputs.configDrive = value;
  }

  public get configDriveInput(): SeedConfigDrive | IResolvable | undefined {
    return this.inputs.configDrive;
  }

  /**
   * The content of a plain file, without a label or a file system: what a domain passes to the guest by QEMU's
   * `fw_cfg`. A change is in effect after the guest's next start.
   *
   * Sensitive: Terraform doesn't show it.
   */
  public get content(): string {
    return this.getStringAttribute("content");
  }

  public set content(value: string | undefined) {
    this.inputs.content = value;
  }

  public get contentInput(): string | undefined {
    return this.inputs.content;
  }

  /**
   * The SHA-256 of what the seed is configured to contain. It changes only with the content, not when the seed
   * moves.
   */
  public get digest(): string {
    return this.getStringAttribute("digest");
  }

  /**
   * Files by their paths on the disk, such as `install/answer.xml`: with `label`, or in addition to those of a typed
   * seed. Each part of a path has at most 64 characters.
   */
  public get files(): IResolvable {
    return this.interpolationForAttribute("files");
  }

  public set files(value: Readonly<Record<string, SeedFiles | IResolvable>> | IResolvable | undefined) {
    this.inputs.files = value;
  }

  public get filesInput(): Readonly<Record<string, SeedFiles | IResolvable>> | IResolvable | undefined {
    return this.inputs.files;
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

  /** The import ID: `host/pool/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /**
   * The file of Ignition, with the label `ignition`, as openSUSE MicroOS finds it. Fedora CoreOS and Flatcar read a
   * file by QEMU's `fw_cfg` instead: set `content`.
   */
  public get ignition(): IResolvable {
    return this.interpolationForAttribute("ignition");
  }

  public set ignition(value: SeedIgnition | IResolvable | undefined) {
    this.inputs.ignition = value;
  }

  public get ignitionInput(): SeedIgnition | IResolvable | undefined {
    return this.inputs.ignition;
  }

  /**
   * The label of a disk with any `files`: 1 to 16 ASCII characters. A change is in effect after the guest's next
   * start.
   */
  public get label(): string {
    return this.getStringAttribute("label");
  }

  public set label(value: string | undefined) {
    this.inputs.label = value;
  }

  public get labelInput(): string | undefined {
    return this.inputs.label;
  }

  /** The seed's name. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The seed's path on the host. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  /**
   * The owner and the mode of the seed on the host. What is unset is not managed: libvirt chooses it, and changes
   * made outside Terraform stay. Volumes of `dir`, `fs`, `netfs`, `vstorage` and `logical` pools have them. A change
   * is made in place and keeps the data; it is refused while a running guest uses the volume. On most hosts libvirt
   * gives a disk to the user of QEMU while a guest runs, and back when the guest stops: that is not a difference.
   */
  public get permissions(): IResolvable {
    return this.interpolationForAttribute("permissions");
  }

  public set permissions(value: SeedPermissions | IResolvable | undefined) {
    this.inputs.permissions = value;
  }

  public get permissionsInput(): SeedPermissions | IResolvable | undefined {
    return this.inputs.permissions;
  }

  /** The name of the pool, on the same host. A change replaces the object. */
  public get pool(): string {
    return this.getStringAttribute("pool");
  }

  public set pool(value: string) {
    this.inputs.pool = value;
  }

  public get poolInput(): string {
    return this.inputs.pool;
  }

  /**
   * The size of the pool's file system, in bytes, when the seed was last read. Null if the pool is no directory. If
   * the seed is missing from a file system of another size, the plan fails and does not create it again.
   */
  public get poolCapacity(): number {
    return this.getNumberAttribute("pool_capacity");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      cloud_init: nestedSingle(this.inputs.cloudInit, seedCloudInitToTerraform),
      combustion: nestedSingle(this.inputs.combustion, seedCombustionToTerraform),
      config_drive: nestedSingle(this.inputs.configDrive, seedConfigDriveToTerraform),
      content: this.inputs.content,
      files: nestedMap(this.inputs.files, seedFilesToTerraform),
      host: this.inputs.host,
      ignition: nestedSingle(this.inputs.ignition, seedIgnitionToTerraform),
      label: this.inputs.label,
      name: this.inputs.name,
      permissions: nestedSingle(this.inputs.permissions, seedPermissionsToTerraform),
      pool: this.inputs.pool,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function seedCloudInitToTerraform(value: SeedCloudInit): Record<string, unknown> {
  return {
    meta_data: value.metaData,
    network_config: value.networkConfig,
    user_data: value.userData,
    vendor_data: value.vendorData,
  };
}

function seedCombustionToTerraform(value: SeedCombustion): Record<string, unknown> {
  return {
    script: value.script,
  };
}

function seedConfigDriveToTerraform(value: SeedConfigDrive): Record<string, unknown> {
  return {
    meta_data: value.metaData,
    network_data: value.networkData,
    user_data: value.userData,
    vendor_data: value.vendorData,
  };
}

function seedFilesToTerraform(value: SeedFiles): Record<string, unknown> {
  return {
    content: value.content,
    content_base64: value.contentBase64,
  };
}

function seedIgnitionToTerraform(value: SeedIgnition): Record<string, unknown> {
  return {
    config: value.config,
  };
}

function seedPermissionsToTerraform(value: SeedPermissions): Record<string, unknown> {
  return {
    group: value.group,
    mode: value.mode,
    owner: value.owner,
  };
}
