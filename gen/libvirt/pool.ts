// Generated from the provider's schema by `npm run gen`. Do not edit.

import {
  ImportableResource,
  type TerraformMetaArguments,
  TerraformResource,
  TerraformProvider,
  type IResolvable,
} from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, toHclAttributes } from "../binding";

/** A storage pool. */
export interface PoolConfig extends TerraformMetaArguments {
  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  readonly host: string;

  /** The pool's name, unique on its host. A change replaces it. */
  readonly name: string;

  /** Kind of pool: `dir`. A change replaces it. */
  readonly type?: string;

  /** Absolute path of the pool's directory on the host. A change replaces it. */
  readonly path: string;

  /** Whether libvirt starts it with the host. Default: true. */
  readonly autostart?: boolean | IResolvable;

  /** Whether it is started. Default: true. */
  readonly active?: boolean | IResolvable;
}

/**
 * A storage pool.
 *
 * Reading an attribute gives a reference that Terraform fills in; `…Input` gives what was set here.
 */
export class Pool extends TerraformResource {
  public static readonly tfResourceType = "libvirt_pool";

  /**
   * Writes an import block: `cdktf diff` then shows the configuration of the object that exists already.
   *
   * @param importToId the id of the construct to generate
   * @param importFromId what `terraform import` takes for it
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

  /** What `terraform import` takes for it. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /** The host it is on: a key of the provider's `hosts`. A change replaces it. */
  public get host(): string {
    return this.getStringAttribute("host");
  }

  public set host(value: string) {
    this.inputs.host = value;
  }

  public get hostInput(): string {
    return this.inputs.host;
  }

  /** The pool's name, unique on its host. A change replaces it. */
  public get name(): string {
    return this.getStringAttribute("name");
  }

  public set name(value: string) {
    this.inputs.name = value;
  }

  public get nameInput(): string {
    return this.inputs.name;
  }

  /** The pool's UUID. */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  /** Kind of pool: `dir`. A change replaces it. */
  public get type(): string {
    return this.getStringAttribute("type");
  }

  public set type(value: string | undefined) {
    this.inputs.type = value;
  }

  public get typeInput(): string | undefined {
    return this.inputs.type;
  }

  /** Absolute path of the pool's directory on the host. A change replaces it. */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  public set path(value: string) {
    this.inputs.path = value;
  }

  public get pathInput(): string {
    return this.inputs.path;
  }

  /** Whether libvirt starts it with the host. Default: true. */
  public get autostart(): IResolvable {
    return this.getBooleanAttribute("autostart");
  }

  public set autostart(value: boolean | IResolvable | undefined) {
    this.inputs.autostart = value;
  }

  public get autostartInput(): boolean | IResolvable | undefined {
    return this.inputs.autostart;
  }

  /** Whether it is started. Default: true. */
  public get active(): IResolvable {
    return this.getBooleanAttribute("active");
  }

  public set active(value: boolean | IResolvable | undefined) {
    this.inputs.active = value;
  }

  public get activeInput(): boolean | IResolvable | undefined {
    return this.inputs.active;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      host: this.inputs.host,
      name: this.inputs.name,
      type: this.inputs.type,
      path: this.inputs.path,
      autostart: this.inputs.autostart,
      active: this.inputs.active,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
