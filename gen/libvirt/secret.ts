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

/**
 * A secret that a host keeps: the passphrase of an encrypted volume or TPM, the key of a Ceph user, the password
 * of an iSCSI target or of a TLS key. Pools and disks name it by its `uuid`.
 *
 * Its value is in no plan, no state and no log. The host keeps it below /etc/libvirt/secrets, where root can read
 * it. A secret that has lost its value, by a person's hand, shows in the plan as `has_value` and `value_version`,
 * and is given it again.
 *
 * Import: `host/uuid`.
 *
 * See https://libvirt.org/formatsecret.html
 */
export interface SecretConfig extends TerraformMetaArguments {
  /** What a person should know about it. */
  readonly description?: string;

  /**
   * Whether it is in the memory of the host's libvirt alone, never on its disk. It is gone when libvirt is started
   * again, and the next apply makes it anew. Default: `false`.
   */
  readonly ephemeral?: boolean | IResolvable;

  /** The host, as named in the provider's `hosts`. A change replaces the object. */
  readonly host: string;

  /**
   * The name that libvirt knows it by, one of its usage on a host; of a `volume`, the absolute path of what it
   * opens, as a rule. A change replaces the object.
   */
  readonly name: string;

  /**
   * Whether libvirt tells its value to nobody. Then nobody sees either that it has none any more. Default: `false`.
   * No longer private, it is replaced: libvirt does not publish one that was.
   */
  readonly private?: boolean | IResolvable;

  /**
   * What it is for: `ceph` and `iscsi` log in at a server, `volume` opens an encrypted disk, `tls` a private key,
   * `vtpm` the state of a TPM. One of `ceph`, `iscsi`, `volume`, `tls`, `vtpm`. A change replaces the object.
   */
  readonly usage: string;

  /**
   * The UUID by which pools and disks refer to it. Where guests move from host to host, give it the same on each. A
   * change replaces the object.
   */
  readonly uuid?: string;

  /**
   * The secret itself, from an ephemeral variable or resource. Taken out of the configuration, it stays on the host.
   * It is kept in no plan and no state: it is written when this is made, and again when `value_version` changes.
   *
   * Sensitive: Terraform doesn't show it.
   *
   * Write-only: Terraform doesn't keep it in its state.
   */
  readonly value?: string;

  /**
   * How `value` is written. `base64` is for what is no text: `ceph auth get-key` prints a key that way. One of
   * `text`, `base64`. Default: `text`.
   */
  readonly valueEncoding?: string;

  /** To be set with `value`, and to be raised with each new one: begin with 1. */
  readonly valueVersion?: number;
}

/**
 * A secret that a host keeps: the passphrase of an encrypted volume or TPM, the key of a Ceph user, the password
 * of an iSCSI target or of a TLS key. Pools and disks name it by its `uuid`.
 *
 * Its value is in no plan, no state and no log. The host keeps it below /etc/libvirt/secrets, where root can read
 * it. A secret that has lost its value, by a person's hand, shows in the plan as `has_value` and `value_version`,
 * and is given it again.
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

  /** What a person should know about it. */
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
   * Whether it is in the memory of the host's libvirt alone, never on its disk. It is gone when libvirt is started
   * again, and the next apply makes it anew. Default: `false`.
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

  /** Whether the host has a value for it; null where it is private, which nobody is told of. */
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

  /** What `terraform import` takes: `host/uuid`. */
  public get id(): string {
    return this.getStringAttribute("id");
  }

  /**
   * The name that libvirt knows it by, one of its usage on a host; of a `volume`, the absolute path of what it
   * opens, as a rule. A change replaces the object.
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
   * Whether libvirt tells its value to nobody. Then nobody sees either that it has none any more. Default: `false`.
   * No longer private, it is replaced: libvirt does not publish one that was.
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
   * What it is for: `ceph` and `iscsi` log in at a server, `volume` opens an encrypted disk, `tls` a private key,
   * `vtpm` the state of a TPM. One of `ceph`, `iscsi`, `volume`, `tls`, `vtpm`. A change replaces the object.
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
   * The UUID by which pools and disks refer to it. Where guests move from host to host, give it the same on each. A
   * change replaces the object.
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
   * The secret itself, from an ephemeral variable or resource. Taken out of the configuration, it stays on the host.
   * It is kept in no plan and no state: it is written when this is made, and again when `value_version` changes.
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
   * How `value` is written. `base64` is for what is no text: `ceph auth get-key` prints a key that way. One of
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

  /** To be set with `value`, and to be raised with each new one: begin with 1. */
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
