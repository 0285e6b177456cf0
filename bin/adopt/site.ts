import type { AdoptableHost, AdoptableObject, AdoptableVolume } from "../pipeline/adoptable";
import type { Names } from "./names";

/** What decides which objects are adopted. */
export interface Choice {
  /** Whether a machine is asked for. */
  readonly wants: (machine: string) => boolean;
  /** Whether only some machines are asked for: then only what these use is adopted. */
  readonly isPartial: boolean;
  /** The keys of the objects that the app declares already. */
  readonly declared: ReadonlySet<string>;
  /** The keys of the objects that cannot be adopted, and why. */
  readonly failed: ReadonlyMap<string, string>;
}

/** A pool that other parts use. */
export interface UsedPool {
  readonly variable: string;
  /** Whether its volumes are files. */
  readonly storesFiles: boolean;
}

/** A network that other parts use. */
export interface UsedNetwork {
  readonly variable: string;
  readonly object: AdoptableObject;
  /** Whether this stack declares it, so that it can reserve addresses. */
  readonly isAdopted: boolean;
}

/** A volume that other parts use. */
export interface UsedVolume {
  readonly variable: string;
  readonly volume: AdoptableVolume;
}

/** What the code for a machine needs to know of its host. */
export interface Site {
  readonly host: AdoptableHost;
  /** The variable of the host. */
  readonly variable: string;
  readonly accelerator: "kvm" | "qemu";
  /** The ids of the constructs of machines. */
  readonly machineIds: Names;

  /** Returns a pool; undefined where the host has none of that name. */
  pool(name: string): UsedPool | undefined;

  /** Returns a network; undefined where the host has none of that name. */
  network(name: string): UsedNetwork | undefined;

  /**
   * Returns the volume at a path; undefined where no pool of files has it.
   *
   * @param isOwned whether the stack takes it over. It only refers to a medium, which others may use too
   */
  volume(path: string, isOwned: boolean): UsedVolume | undefined;

  /** The volume at a path. */
  volumeAt(path: string): AdoptableVolume | undefined;

  /** Whether this run adopts an object: no stack declares it yet, and it could be read. */
  adopts(key: string, object: AdoptableObject): boolean;

  /** A variable for a part of this host. */
  variableOf(name: string, kind: string): string;
}
