import { Lazy, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { ConstructState } from "../core/construct-state";
import { addCheck, addError, withPath } from "../core/errors";
import { isSameHost } from "../host/same-host";
import type { IHost } from "../host/types";
import type { IStoragePool } from "./types";

/** The pools of each stack with shared storage, by their identity: see `identityOf`. */
const sharedPools = new ConstructState(() => new Map<string, IStoragePool[]>());

/**
 * What makes pools of several hosts one: the same is mounted at the same path, and called the same.
 *
 * @returns undefined for a pool that no other host has
 */
function identityOf({ storage, poolName }: IStoragePool): string | undefined {
  return storage && JSON.stringify([storage.protocol, storage.server, storage.directory, storage.path, poolName]);
}

/** Notes a pool that other hosts may have too. */
export function shareStorage(pool: IStoragePool): void {
  const identity = identityOf(pool);
  if (identity === undefined) {
    return;
  }
  const pools = sharedPools.of(TerraformStack.of(pool));
  pools.set(identity, [...(pools.get(identity) ?? []), pool]);
}

/** The pool as a host has it: itself, or the one there with the same storage. */
function poolOn(host: IHost, pool: IStoragePool): IStoragePool | undefined {
  const identity = identityOf(pool);
  const alike = identity === undefined ? undefined : sharedPools.of(TerraformStack.of(pool)).get(identity);
  return isSameHost(pool.host, host) ? pool : alike?.find((other) => isSameHost(other.host, host));
}

/** Whether a host has a pool, or one with the same storage that was created before. */
export function isPoolOn(host: IHost, pool: IStoragePool): boolean {
  return poolOn(host, pool) !== undefined;
}

/** The name of the pool as resources on a host give it; known when the whole tree is there. */
export function poolReferenceOn(host: IHost, pool: IStoragePool): string {
  return isSameHost(pool.host, host)
    ? pool.poolReference
    : Lazy.stringValue({ produce: () => (poolOn(host, pool) ?? pool).poolReference });
}

/** The namespace of a pool's volume names: its host, or all hosts that share its storage. */
export function storageOf(pool: IStoragePool): string {
  return identityOf(pool) ?? JSON.stringify([pool.host.uri, pool.poolName]);
}

/**
 * Checks that an object that a construct uses is in a pool of the construct's host, or in a pool that the host shares.
 */
export function checkPoolOnHost(at: IConstruct, what: string, pool: IStoragePool, host: IHost, fix: string): void {
  if (isSameHost(pool.host, host)) {
    return;
  }
  const message = `${what} must be on host '${host.hostName}', got one on '${pool.host.hostName}'; ${fix}`;
  if (pool.storage === undefined) {
    addError(at, message);
    return;
  }
  const { protocol, server, directory, path } = pool.storage;
  const shared =
    `${what} must be in a pool that host '${host.hostName}' has too, got '${pool.poolName}' on '${pool.host.hostName}'; ` +
    `add a StoragePool of that name there for ${protocol} ${server}:${directory}${path === undefined ? "" : ` at '${path}'`}`;
  // The pool on the other host may be made after this.
  addCheck(at, () => (poolOn(host, pool) === undefined ? [withPath(at, shared)] : []));
}
