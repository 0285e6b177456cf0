import { Construct } from "constructs";
import { isSameHost } from "./same-host";
import type { IHost } from "./types";

/**
 * What each host of a fleet has: a pool, an image, a network. `Fleet.onEachHost` creates it.
 *
 * @example
 * const fleet = new Fleet(this, "fleet", { hosts: [host] });
 * const pools = fleet.onEachHost((each) => new StoragePool(each, "vms", { host: each, path: "/var/lib/libvirt/vms" }));
 * pools.on(host)?.poolName;
 *
 * @typeParam T what a host has
 */
export class PerHost<T> {
  private readonly entries: readonly (readonly [IHost, T | undefined])[];

  /**
   * @param hosts the hosts of the fleet
   * @param create returns what a host has; undefined for a host without it
   */
  constructor(hosts: readonly IHost[], create: (host: IHost & Construct) => T | undefined) {
    this.entries = hosts
      .filter((host): host is IHost & Construct => Construct.isConstruct(host))
      .map((host) => [host, create(host)]);
  }

  /** What a host has; undefined if it has none. */
  public on(host: IHost): T | undefined {
    return this.entries.find(([each]) => isSameHost(each, host))?.[1];
  }

  /** What all hosts have, in the order of the fleet. */
  public get all(): readonly T[] {
    return this.entries.map(([, value]) => value).filter((value) => value !== undefined);
  }
}
