import { Secret as SecretResource } from "@cdktf/provider-libvirt";
import { TerraformStack, TerraformVariable, Token } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { originalId } from "../core/former-paths";
import { type MovableProps, movedFrom } from "../core/formerly";
import { checkName } from "../core/names";
import type { ProtectableProps } from "../core/protectable";
import { checkAddress } from "../core/resource-address";
import { reserveOnHost } from "../host/reserve-on-host";
import { checkHost } from "../host/same-host";
import type { IHost } from "../host/types";
import { nameUuid } from "./private/name-uuid";
import type { ISecret, SecretUsage } from "./types";

/** An existing secret that this app does not manage. */
export interface SecretAttributes {
  /** The host that stores the secret. */
  readonly host: IHost;

  /** The UUID of the secret, in lower case. */
  readonly secretUuid: string;
}

/** Properties of a secret. */
export interface SecretProps extends MovableProps, ProtectableProps {
  /** The host that stores the secret. */
  readonly host: IHost;

  /** What the secret is for. A change replaces the secret. */
  readonly usage: SecretUsage;

  /**
   * Name of the secret, unique among the secrets of its usage on the host. For usage `volume` it is the absolute path
   * of the volume. A change replaces the secret.
   *
   * @default - the construct's id
   */
  readonly secretName?: string;

  /**
   * Name of the Terraform variable that supplies the value: letters, digits and '_'.
   *
   * The variable is created in the stack, sensitive and ephemeral. Set it in the environment: `TF_VAR_san_password` for
   * `san_password`. Secrets with the same variable have the same value.
   *
   * @default - `value`
   */
  readonly variable?: string;

  /**
   * The value, as a reference to an ephemeral variable or resource. Plain text is refused, because it would be readable
   * in cdk.tf.json.
   *
   * @default - `variable`; without either, the value is set outside Terraform
   */
  readonly value?: string;

  /**
   * Version of the value. Increase it with each new value: Terraform does not store the value and cannot detect a
   * change.
   *
   * @default 1
   */
  readonly version?: number;

  /**
   * The encoding of the value. Use `base64` for binary data. Ceph prints its keys in base64.
   *
   * @default - "base64" for Ceph, "text" otherwise
   */
  readonly encoding?: "text" | "base64";

  /**
   * The UUID of the secret on the host, in lower case. A change replaces the secret.
   *
   * @default - derived from `usage` and `secretName`, so that a machine that migrates finds the same UUID on its new
   * host
   */
  readonly uuid?: string;

  /**
   * A description for people.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Whether libvirt never discloses the value. Then Terraform cannot detect that the value was removed.
   *
   * @default false
   */
  readonly private?: boolean;

  /**
   * Whether the secret is kept only in the memory of the host's libvirt. It is lost when libvirt restarts, and the next
   * deployment creates it again.
   *
   * @default false
   */
  readonly ephemeral?: boolean;
}

/**
 * A secret that a host stores, for storage servers and encrypted volumes.
 *
 * Its value is in no file of the stack, in no plan and in no state.
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
  /** Refers to an existing secret, which Terraform does not manage. */
  public static fromSecretAttributes(scope: Construct, id: string, attributes: SecretAttributes): ISecret {
    return new ExistingSecret(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly secretUuid: string;
  public readonly usage: SecretUsage;

  constructor(scope: Construct, id: string, props: SecretProps) {
    super(scope, id);
    movedFrom(this, props.formerly);
    this.host = props.host;
    this.usage = props.usage;
    const { usage, secretName = originalId(this), uuid = nameUuid(`${usage} secret ${secretName}`) } = props;

    checkHost(this, this.host);
    this.validateName(secretName);
    this.validateUuid(uuid);
    this.validateValue(props);
    this.validateProtection(props);
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
      protect: props.protect,
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
        `'variable' must not be the id of another construct, '${variable}' is already used by ${existing.node.path}; choose another name`,
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
        `'secretName' must be an absolute path for usage 'volume', got '${name}'; set the path of the volume`,
      );
    }
  }

  private validateUuid(uuid: string): void {
    if (!Token.isUnresolved(uuid) && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
      addError(this, `'uuid' must be a UUID in lower case, got '${uuid}'; remove it to derive one`);
    }
  }

  private validateProtection({ protect, ephemeral }: SecretProps): void {
    if (protect === true && ephemeral === true) {
      addError(
        this,
        "'protect' cannot be combined with 'ephemeral': libvirt loses an ephemeral secret when it restarts; remove one of them",
      );
    }
  }

  private validateValue({ variable, value, version }: SecretProps): void {
    if (value !== undefined && !Token.isUnresolved(value)) {
      addError(
        this,
        "'value' must be a reference, got text, which would be readable in cdk.tf.json; " +
          "set 'variable' instead, and its value in the environment",
      );
    }
    if (value !== undefined && variable !== undefined) {
      addError(this, "'value' cannot be combined with 'variable'; remove one of them");
    }
    if (variable !== undefined && !isVariableName(variable)) {
      addError(
        this,
        `'variable' must be letters, digits and '_' and begin with a letter, got '${variable}'; name it like 'san_password'`,
      );
    }
    if (version !== undefined && !Token.isUnresolved(version) && !(Number.isInteger(version) && version >= 1)) {
      addError(this, `'version' must be a whole number of at least 1, got ${version}; increase it with each new value`);
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
