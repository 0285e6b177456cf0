import { Pool } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import type { IHost } from "./host";
import { claim } from "./private/claims";
import { refuse } from "./private/findings";
import { checkHost } from "./private/host-agreement";
import { checkName, claimOnHost } from "./private/names";
import { checkAddress } from "./private/resource-address";

/** A storage pool, as other constructs refer to it. */
export interface IStoragePool extends IConstruct {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly poolName: string;

  /** The name as other resources give it: a reference, by which Terraform makes the pool first. */
  readonly poolReference: string;
}

/** A pool that is there already. */
export interface StoragePoolAttributes {
  /** The host it is on. */
  readonly host: IHost;

  /** Its name on the host. */
  readonly poolName: string;
}

/** Properties of a storage pool. */
export interface StoragePoolProps {
  /** The host it is on. */
  readonly host: IHost;

  /** Absolute path of its directory on the host, which is made when it is missing. A change replaces the pool. */
  readonly path: string;

  /**
   * Its name on the host. A change replaces the pool.
   *
   * @default - the construct's id
   */
  readonly poolName?: string;

  /**
   * Whether libvirt starts it with the host.
   *
   * @default true
   */
  readonly autostart?: boolean;
}

/**
 * A directory on a host, where volumes are kept.
 *
 * @example
 * new StoragePool(this, "images", { host, path: "/var/lib/libvirt/images/fleet" });
 *
 * @see https://libvirt.org/storage.html#directory-pool
 */
export class StoragePool extends Construct implements IStoragePool {
  /** Refers to a pool that is there already and stays as it is. */
  public static fromStoragePoolAttributes(
    scope: Construct,
    id: string,
    attributes: StoragePoolAttributes,
  ): IStoragePool {
    return new ExistingStoragePool(scope, id, attributes);
  }

  public readonly host: IHost;
  public readonly poolName: string;
  public readonly poolReference: string;

  constructor(scope: Construct, id: string, props: StoragePoolProps) {
    super(scope, id);
    this.host = props.host;
    this.poolName = props.poolName ?? this.node.id;

    checkHost(this, this.host);
    checkName(this, "poolName", this.poolName);
    claimOnHost(this, "pool", this.poolName, this.host);
    this.validatePath(props.path);

    const resource = new Pool(this, "Default", {
      host: this.host.hostName,
      name: this.poolName,
      path: props.path,
      autostart: props.autostart,
    });
    checkAddress(resource);
    this.poolReference = resource.name;
  }

  private validatePath(path: string): void {
    if (!Token.isUnresolved(path) && !path.startsWith("/")) {
      refuse(this, `'path' must be absolute, got '${path}'; write it from the root of the host, '/'`);
    }
    const holder = claim(this, this.host.uri, "pool path", path);
    if (holder !== undefined) {
      refuse(
        this,
        `'path' must be of this pool alone on host '${this.host.hostName}', got '${path}' as for ${holder.node.path}; ` +
          "choose another directory, or use that pool",
      );
    }
  }
}

class ExistingStoragePool extends Construct implements IStoragePool {
  public readonly host: IHost;
  public readonly poolName: string;
  public readonly poolReference: string;

  constructor(scope: Construct, id: string, attributes: StoragePoolAttributes) {
    super(scope, id);
    this.host = attributes.host;
    this.poolName = attributes.poolName;
    this.poolReference = attributes.poolName;

    checkHost(this, this.host);
    checkName(this, "poolName", this.poolName);
  }
}
