// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type IResolvable,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/**
 * A snapshot of a virtual machine's disks, with or without its memory. The content of the disks is frozen, and the
 * machine then writes to overlay files. Changing `revert` reverts the machine. Destroying the snapshot merges the
 * overlays into the disks: the machine keeps its present content. Use the domain's attributes for `host` and
 * `domain`, so that Terraform destroys the snapshot before the domain.
 *
 * Import: `host/domain/name`.
 *
 * See https://libvirt.org/formatsnapshot.html
 */
export interface DomainSnapshotConfig extends TerraformMetaArguments {
  /** A description for people. It can have several lines. */
  readonly description?: string;

  /**
   * The directory on the host for the overlay files and the memory's file. Unset: beside each disk, the memory
   * beside the first one. A change replaces the object.
   */
  readonly directory?: string;

  /** The domain's name, on the same host. A change replaces the object. */
  readonly domain: string;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /**
   * Whether the guest's memory is saved too. The guest must be running or paused; it continues while its memory is
   * written, and after a revert it continues from the snapshot. Without memory, a revert starts it as after a power
   * failure. Both bring back the UEFI variables and the state of an emulated TPM; without memory, the snapshot keeps
   * copies of them beside its overlays. Default: `false`. A change replaces the object.
   */
  readonly memory?: boolean | IResolvable;

  /** The snapshot's name, which is part of its files' names. A change replaces the object. */
  readonly name: string;

  /**
   * Whether a plan that destroys or replaces the snapshot is refused, also by `terraform destroy`. To destroy or
   * replace it, set this to `false` first, and apply that alone.
   */
  readonly protect?: boolean | IResolvable;

  /**
   * Whether the guest agent flushes and freezes the guest's file systems during the snapshot. It only applies when
   * the snapshot is created. Default: `false`.
   */
  readonly quiesce?: boolean | IResolvable;

  /**
   * Changing this to another text reverts the machine to the snapshot once. Data written since then is lost. The
   * snapshot is kept, and the machine can be reverted again. It must be the latest snapshot. The text at the
   * creation of the snapshot has no effect.
   */
  readonly revert?: string;
}

/**
 * A snapshot of a virtual machine's disks, with or without its memory. The content of the disks is frozen, and the
 * machine then writes to overlay files. Changing `revert` reverts the machine. Destroying the snapshot merges the
 * overlays into the disks: the machine keeps its present content. Use the domain's attributes for `host` and
 * `domain`, so that Terraform destroys the snapshot before the domain.
 *
 * Import: `host/domain/name`.
 *
 * See https://libvirt.org/formatsnapshot.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class DomainSnapshot extends TerraformResource {
  public static readonly tfResourceType = "libvirt_domain_snapshot";

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
      terraformResourceType: DomainSnapshot.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<DomainSnapshotConfig>;

  constructor(scope: Construct, id: string, config: DomainSnapshotConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: DomainSnapshot.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
  }

  /** When the snapshot was created, for example `2026-01-31T12:00:00Z`. */
  public get created(): string {
    return this.getStringAttribute("created");
  }

  /** A description for people. It can have several lines. */
  public get description(): string {
    return this.getStringAttribute("description");
  }

  public set description(value: string | undefined) {
    this.inputs.description = value;
  }

  public get descriptionInput(): string | undefined {
    return this.inputs.description;
  }

  /**
   * The directory on the host for the overlay files and the memory's file. Unset: beside each disk, the memory
   * beside the first one. A change replaces the object.
   */
  public get directory(): string {
    return this.getStringAttribute("directory");
  }

  public set directory(value: string | undefined) {
    this.inputs.directory = value;
  }

  public get directoryInput(): string | undefined {
    return this.inputs.directory;
  }

  /** The disks of the snapshot, by target name. Read-only disks and CD-ROMs are left out. */
  public get disks(): IResolvable {
    return this.interpolationForAttribute("disks");
  }

  /** The domain's name, on the same host. A change replaces the object. */
  public get domain(): string {
    return this.getStringAttribute("domain");
  }

  public set domain(value: string) {
    this.inputs.domain = value;
  }

  public get domainInput(): string {
    return this.inputs.domain;
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

  /** The import ID: `host/domain/name`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /**
   * Whether the guest's memory is saved too. The guest must be running or paused; it continues while its memory is
   * written, and after a revert it continues from the snapshot. Without memory, a revert starts it as after a power
   * failure. Both bring back the UEFI variables and the state of an emulated TPM; without memory, the snapshot keeps
   * copies of them beside its overlays. Default: `false`. A change replaces the object.
   */
  public get memory(): IResolvable {
    return this.getBooleanAttribute("memory");
  }

  public set memory(value: boolean | IResolvable | undefined) {
    this.inputs.memory = value;
  }

  public get memoryInput(): boolean | IResolvable | undefined {
    return this.inputs.memory;
  }

  /** The file that holds the memory; empty without `memory`. */
  public get memoryFile(): string {
    return this.getStringAttribute("memory_file");
  }

  /** The snapshot's name, which is part of its files' names. A change replaces the object. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The previous snapshot; empty for the first one. */
  public get parent(): string {
    return this.getStringAttribute("parent");
  }

  /**
   * Whether a plan that destroys or replaces the snapshot is refused, also by `terraform destroy`. To destroy or
   * replace it, set this to `false` first, and apply that alone.
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

  /**
   * Whether the guest agent flushes and freezes the guest's file systems during the snapshot. It only applies when
   * the snapshot is created. Default: `false`.
   */
  public get quiesce(): IResolvable {
    return this.getBooleanAttribute("quiesce");
  }

  public set quiesce(value: boolean | IResolvable | undefined) {
    this.inputs.quiesce = value;
  }

  public get quiesceInput(): boolean | IResolvable | undefined {
    return this.inputs.quiesce;
  }

  /**
   * Changing this to another text reverts the machine to the snapshot once. Data written since then is lost. The
   * snapshot is kept, and the machine can be reverted again. It must be the latest snapshot. The text at the
   * creation of the snapshot has no effect.
   */
  public get revert(): string {
    return this.getStringAttribute("revert");
  }

  public set revert(value: string | undefined) {
    this.inputs.revert = value;
  }

  public get revertInput(): string | undefined {
    return this.inputs.revert;
  }

  /** The state of the guest at the snapshot: `running`, `paused` or `stopped`. A revert restores it. */
  public get state(): string {
    return this.getStringAttribute("state");
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      description: this.inputs.description,
      directory: this.inputs.directory,
      domain: this.inputs.domain,
      host: this.inputs.host,
      memory: this.inputs.memory,
      name: this.inputs.name,
      protect: this.inputs.protect,
      quiesce: this.inputs.quiesce,
      revert: this.inputs.revert,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
