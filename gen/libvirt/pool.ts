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
 * A storage pool: a place on a host that volumes are made in. The directory is made where it is missing;
 * destroying the pool leaves the directory and what is in it. A pool that running guests use is neither destroyed
 * nor started again: what would take that is refused before anything is changed.
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

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /** The pool's name. A change replaces the object. */
  readonly name: string;

  /**
   * The directory on the host. Another one is used from then on, after a restart of the pool; nothing is moved
   * there.
   */
  readonly path: string;

  /** What a `netfs` pool mounts. Another one is mounted instead, after a restart of the pool. */
  readonly source?: PoolSource | IResolvable;

  /**
   * Where the pool keeps its volumes: `dir` is a directory, `netfs` a file system of another machine that is mounted
   * on one. One of `dir`, `netfs`. Default: `dir`. A change replaces the object.
   */
  readonly type?: string;
}

/** What a `netfs` pool mounts. Another one is mounted instead, after a restart of the pool. */
export interface PoolSource {
  /** What it serves: a directory of NFS like `/srv/vms`, a volume of GlusterFS, a share of CIFS. */
  readonly dir: string;

  /**
   * How it is served. `auto` lets mount(8) find out, which works for NFS. One of `auto`, `nfs`, `glusterfs`, `cifs`.
   * Default: `auto`.
   */
  readonly format?: string;

  /** The name or address of the machine that serves it. */
  readonly host: string;
}

/**
 * A storage pool: a place on a host that volumes are made in. The directory is made where it is missing;
 * destroying the pool leaves the directory and what is in it. A pool that running guests use is neither destroyed
 * nor started again: what would take that is refused before anything is changed.
 *
 * Import: `host/name`.
 *
 * See https://libvirt.org/formatstorage.html#storage-pool-xml
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
   * The directory on the host. Another one is used from then on, after a restart of the pool; nothing is moved
   * there.
   */
  public get path(): string {
    return this.getStringAttribute("path");
  }

  public set path(value: string) {
    this.inputs.path = value;
  }

  public get pathInput(): string {
    return this.inputs.path;
  }

  /** What a `netfs` pool mounts. Another one is mounted instead, after a restart of the pool. */
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
   * Where the pool keeps its volumes: `dir` is a directory, `netfs` a file system of another machine that is mounted
   * on one. One of `dir`, `netfs`. Default: `dir`. A change replaces the object.
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
    dir: value.dir,
    format: value.format,
    host: value.host,
  };
}
