import { Secret as SecretResource } from "@cdktf/provider-libvirt";
import { TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { checkName } from "../core/names";
import { checkAddress } from "../core/resource-address";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { nameUuid } from "./private/name-uuid";
import type { ISecret, SecretUsage } from "./types";

/** A secret that is there already. */
export interface SecretAttributes {
  /** The host that keeps it. */
  readonly host: IHost;

  /** Its UUID, in lower case. */
  readonly secretUuid: string;
}

/** Properties of a secret. */
export interface SecretProps {
  /** The host that keeps it. */
  readonly host: IHost;

  /** What it is for. A change replaces it. */
  readonly usage: SecretUsage;

  /**
   * The name by which libvirt knows it, one of its usage on the host; of a `volume` the absolute path of that. A change
   * replaces it.
   *
   * @default - the construct's id
   */
  readonly secretName?: string;

  /**
   * Name of the Terraform variable that brings its value, in letters, digits and '_'. It is made, in the stack, sensitive and
   * ephemeral; give it in the environment: `TF_VAR_san_password` for `san_password`. Secrets that name the same have the
   * same value.
   *
   * @default - `value`
   */
  readonly variable?: string;

  /**
   * The value, as a reference: to an ephemeral variable or resource. Text is refused: it would be in cdk.tf.json for all to
   * read.
   *
   * @default - `variable`; without that either, somebody sets it on the host
   */
  readonly value?: string;

  /**
   * To be raised with each new value: Terraform keeps no value, and can't see that it is another.
   *
   * @default 1
   */
  readonly version?: number;

  /**
   * How the value is written: `base64` is for what is no text. Ceph prints its keys that way.
   *
   * @default - "base64" for Ceph, and otherwise "text"
   */
  readonly encoding?: "text" | "base64";

  /**
   * The UUID by which the host knows it, in lower case. A change replaces it.
   *
   * @default - one that follows from `usage` and `secretName`: a machine that moves finds the same on its other host
   */
  readonly uuid?: string;

  /**
   * What a person should know about it.
   *
   * @default - nothing
   */
  readonly description?: string;

  /**
   * Whether libvirt tells its value to nobody. Then nobody sees either that it has none any more.
   *
   * @default false
   */
  readonly private?: boolean;

  /**
   * Whether it is in the memory of the host's libvirt alone. It is gone when libvirt is started again, and made anew by the
   * next deployment.
   *
   * @default false
   */
  readonly ephemeral?: boolean;
}

/**
 * A secret that a host keeps: for storage servers and encrypted volumes.
 *
 * Its value is in no file of the stack, no plan and no state.
 *
 * @example
 * const secret = new Secret(this, "san", { host, usage: "iscsi", variable: "san_password" });
 * StoragePool.iscsi(this, "luns", {
 *   host,
 *   server: "san.example",
 *   target: "iqn.2013-06.com.example:san",
 *   chap: { username: "fleet", secret },
 * });
 *
 * @see https://libvirt.org/formatsecret.html
 */
export class Secret extends Construct implements ISecret {
  /** Refers to a secret that is there already and stays as it is. */
  public static fromSecretAttributes(scope: Construct, id: string, attributes: SecretAttributes): ISecret {
    return new ExistingSecret(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly secretUuid: string;
  public readonly usage: SecretUsage;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    this.host = props.host;
    this.usage = props.usage;
    const { usage, secretName = this.node.id, uuid = nameUuid(`${usage} secret ${secretName}`) } = props;

    checkHost(this, this.host);
    this.validateName(secretName);
    this.validateUuid(uuid);
    this.validateValue(props);
    reserveOnHost(this, `${usage} secret`, secretName, this.host);

    const value = this.readValue(props);
    const resource = new SecretResource(this, "Default", {
      host: this.host.hostName,
      usage,
      name: secretName,
      uuid,
      description: props.description,
      private: props.private,
      ephemeral: props.ephemeral,
      value,
      valueVersion: value === undefined ? undefined : (props.version ?? 1),
      valueEncoding: props.encoding ?? (usage === "ceph" ? "base64" : undefined),
    });
    checkAddress(resource);
    this.secretUuid = resource.uuid;
  }

  private readValue({ variable, value }: SecretProps): string | undefined {
    if (variable === undefined || !isVariableName(variable)) {
      // Text, which is refused, is not put anywhere.
      return value !== undefined && Token.isUnresolved(value) ? value : undefined;
    }
    const stack = TerraformStack.of(this);
    const existing = stack.node.tryFindChild(variable);
    if (existing instanceof TerraformVariable) {
      return existing.stringValue;
    }
    if (existing !== undefined) {
      addError(
        this,
        `'variable' must not be the id of another construct, got '${variable}' of ${existing.node.path}; choose another`,
      );
      return undefined;
    }
    const made = new TerraformVariable(stack, variable, { type: "string", sensitive: true, nullable: false });
    // A plan that is kept in a file has the values of all other variables in it.
    made.addOverride("ephemeral", true);
    return made.stringValue;
  }

  private validateName(name: string): void {
    if (this.usage !== "volume") {
      checkName(this, "secretName", name);
    } else if (!Token.isUnresolved(name) && !name.startsWith("/")) {
      addError(
        this,
        `'secretName' must be an absolute path with usage 'volume', got '${name}'; say which volume it opens`,
      );
    }
  }

  private validateUuid(uuid: string): void {
    if (!Token.isUnresolved(uuid) && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
      addError(this, `'uuid' must be a UUID in lower case, got '${uuid}'; leave it out to have one made`);
    }
  }

  private validateValue({ variable, value, version }: SecretProps): void {
    if (value !== undefined && !Token.isUnresolved(value)) {
      addError(
        this,
        "'value' must be a reference, got text, which would be in cdk.tf.json for all to read; " +
          "name a 'variable' instead, and give that in the environment",
      );
    }
    if (value !== undefined && variable !== undefined) {
      addError(this, "'value' and 'variable' must not both be given; leave one out");
    }
    if (variable !== undefined && !isVariableName(variable)) {
      addError(
        this,
        `'variable' must be letters, digits and '_' and begin with a letter, got '${variable}'; name it like 'san_password'`,
      );
    }
    if (version !== undefined && !Token.isUnresolved(version) && !(Number.isInteger(version) && version >= 1)) {
      addError(this, `'version' must be a whole number of at least 1, got ${version}; count the values`);
    }
  }
}

function isVariableName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name);
}

class ExistingSecret extends Construct implements ISecret {
  public readonly host: IHost;
  public readonly secretUuid: string;

  constructor(scope: Construct, id: string, attributes: SecretAttributes) {
    super(scope, id);
    this.host = attributes.host;
    this.secretUuid = attributes.secretUuid;

    checkHost(this, this.host);
  }
}
