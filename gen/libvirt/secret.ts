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
 * A secret on a host: the passphrase of an encrypted volume or TPM, the key of a Ceph user, the password of an
 * iSCSI target or of a TLS key. Pools and disks refer to it by its `uuid`.
 *
 * Its value is never part of a plan, a state or a log. The host stores it in /etc/libvirt/secrets, where root can
 * read it. If a secret has lost its value, for example because a person removed it, the plan shows that as
 * `has_value` and `value_version`, and the apply sets the value again.
 *
 * Import: `host/uuid`.
 *
 * See https://libvirt.org/formatsecret.html
 */
export interface SecretConfig extends TerraformMetaArguments {
  /** A description for people. It can have several lines. */
  readonly description?: string;

  /**
   * Whether the host keeps it only in the memory of libvirt, never on disk. It is lost when libvirt restarts, and
   * the next apply creates it again. Default: `false`.
   */
  readonly ephemeral?: boolean | IResolvable;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /**
   * The name, unique for its usage on a host. For `volume`, an absolute path, usually that of the volume. A change
   * replaces the object.
   */
  readonly name: string;

  /**
   * Whether libvirt never returns the value. A lost value is then not detected. Default: `false`. Changing it to
   * `false` replaces the secret: libvirt does not make a private secret readable.
   */
  readonly private?: boolean | IResolvable;

  /**
   * Whether a plan that destroys or replaces the secret is refused, also by `terraform destroy`. To destroy or
   * replace it, set this to `false` first, and apply that alone.
   */
  readonly protect?: boolean | IResolvable;

  /**
   * The purpose of the secret: `ceph` and `iscsi` log in to a server, `volume` opens an encrypted disk, `tls` a
   * private key, `vtpm` the state of a TPM. One of `ceph`, `iscsi`, `volume`, `tls`, `vtpm`. A change replaces the
   * object.
   */
  readonly usage: string;

  /**
   * The UUID by which pools and disks refer to it. If guests move between hosts, use the same UUID on each host.
   * Unset: a random UUID. A change replaces the object.
   */
  readonly uuid?: string;

  /**
   * The secret value, from an ephemeral variable or resource. Removing it from the configuration keeps it on the
   * host. It is not stored in the plan or the state. It is applied when the object is created, and again when
   * `value_version` changes.
   *
   * Sensitive: Terraform doesn't show it.
   *
   * Write-only: Terraform doesn't keep it in its state.
   */
  readonly value?: string;

  /**
   * The encoding of `value`. `base64` is for binary values, such as the keys that `ceph auth get-key` prints. One of
   * `text`, `base64`. Default: `text`.
   */
  readonly valueEncoding?: string;

  /** The version of `value`. Begin with 1 and increase it with each new value. */
  readonly valueVersion?: number;
}

/**
 * A secret on a host: the passphrase of an encrypted volume or TPM, the key of a Ceph user, the password of an
 * iSCSI target or of a TLS key. Pools and disks refer to it by its `uuid`.
 *
 * Its value is never part of a plan, a state or a log. The host stores it in /etc/libvirt/secrets, where root can
 * read it. If a secret has lost its value, for example because a person removed it, the plan shows that as
 * `has_value` and `value_version`, and the apply sets the value again.
 *
 * Import: `host/uuid`.
 *
 * See https://libvirt.org/formatsecret.html
 *
 * Reading an attribute returns a reference that Terraform fills in. `…Input` returns the value that was set.
 */
export class Secret extends TerraformResource {
  public static readonly tfResourceType = "libvirt_secret";

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
      terraformResourceType: Secret.tfResourceType,
      importId: importFromId,
      provider,
    });
  }

  private readonly inputs: Inputs<SecretConfig>;

  constructor(scope: Construct, id: string, config: SecretConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: Secret.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
    });
    this.inputs = { ...config };
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
   * Whether the host keeps it only in the memory of libvirt, never on disk. It is lost when libvirt restarts, and
   * the next apply creates it again. Default: `false`.
   */
  public get ephemeral(): IResolvable {
    return this.getBooleanAttribute("ephemeral");
  }

  public set ephemeral(value: boolean | IResolvable | undefined) {
    this.inputs.ephemeral = value;
  }

  public get ephemeralInput(): boolean | IResolvable | undefined {
    return this.inputs.ephemeral;
  }

  /** Whether the secret has a value on the host; null for a private secret, whose value libvirt does not return. */
  public get hasValue(): IResolvable {
    return this.getBooleanAttribute("has_value");
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

  /** The import ID: `host/uuid`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /**
   * The name, unique for its usage on a host. For `volume`, an absolute path, usually that of the volume. A change
   * replaces the object.
   */
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
   * Whether libvirt never returns the value. A lost value is then not detected. Default: `false`. Changing it to
   * `false` replaces the secret: libvirt does not make a private secret readable.
   */
  public get private(): IResolvable {
    return this.getBooleanAttribute("private");
  }

  public set private(value: boolean | IResolvable | undefined) {
    this.inputs.private = value;
  }

  public get privateInput(): boolean | IResolvable | undefined {
    return this.inputs.private;
  }

  /**
   * Whether a plan that destroys or replaces the secret is refused, also by `terraform destroy`. To destroy or
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
   * The purpose of the secret: `ceph` and `iscsi` log in to a server, `volume` opens an encrypted disk, `tls` a
   * private key, `vtpm` the state of a TPM. One of `ceph`, `iscsi`, `volume`, `tls`, `vtpm`. A change replaces the
   * object.
   */
  public get usage(): string {
    return this.getStringAttribute("usage");
  }

  public set usage(value: string) {
    this.inputs.usage = value;
  }

  public get usageInput(): string {
    return this.inputs.usage;
  }

  /**
   * The UUID by which pools and disks refer to it. If guests move between hosts, use the same UUID on each host.
   * Unset: a random UUID. A change replaces the object.
   */
  public get uuid(): string {
    return this.getStringAttribute("uuid");
  }

  public set uuid(value: string | undefined) {
    this.inputs.uuid = value;
  }

  public get uuidInput(): string | undefined {
    return this.inputs.uuid;
  }

  /**
   * The secret value, from an ephemeral variable or resource. Removing it from the configuration keeps it on the
   * host. It is not stored in the plan or the state. It is applied when the object is created, and again when
   * `value_version` changes.
   *
   * Sensitive: Terraform doesn't show it.
   *
   * Write-only: Terraform doesn't keep it in its state.
   */
  public get value(): string {
    return this.getStringAttribute("value");
  }

  public set value(value: string | undefined) {
    this.inputs.value = value;
  }

  public get valueInput(): string | undefined {
    return this.inputs.value;
  }

  /**
   * The encoding of `value`. `base64` is for binary values, such as the keys that `ceph auth get-key` prints. One of
   * `text`, `base64`. Default: `text`.
   */
  public get valueEncoding(): string {
    return this.getStringAttribute("value_encoding");
  }

  public set valueEncoding(value: string | undefined) {
    this.inputs.valueEncoding = value;
  }

  public get valueEncodingInput(): string | undefined {
    return this.inputs.valueEncoding;
  }

  /** The version of `value`. Begin with 1 and increase it with each new value. */
  public get valueVersion(): number {
    return this.getNumberAttribute("value_version");
  }

  public set valueVersion(value: number | undefined) {
    this.inputs.valueVersion = value;
  }

  public get valueVersionInput(): number | undefined {
    return this.inputs.valueVersion;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      description: this.inputs.description,
      ephemeral: this.inputs.ephemeral,
      host: this.inputs.host,
      name: this.inputs.name,
      private: this.inputs.private,
      protect: this.inputs.protect,
      usage: this.inputs.usage,
      uuid: this.inputs.uuid,
      value: this.inputs.value,
      value_encoding: this.inputs.valueEncoding,
      value_version: this.inputs.valueVersion,
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}
