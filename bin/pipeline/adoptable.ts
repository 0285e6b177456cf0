import { type HostAddresses, runProviderCommand } from "./provider-command";
import { checkShape } from "./shape";
import type { Stack } from "./stacks";

/** What hosts have, each object as the configuration that an import of it needs. */
export interface Adoptable {
  readonly hosts: readonly AdoptableHost[];
}

export interface AdoptableHost {
  readonly name: string;
  readonly uri: string;
  /** Why the host could not be asked; empty where it answered. */
  readonly error: string;
  readonly domains: readonly AdoptableDomain[];
  readonly networks: readonly AdoptableObject[];
  readonly pools: readonly { readonly object: AdoptableObject; readonly volumes: number }[];
  /** The volumes that are disks of domains, and the images below them. */
  readonly volumes: readonly AdoptableVolume[];
  readonly filters: readonly string[];
  readonly secrets: readonly { readonly uuid: string; readonly usage: string }[];
}

/** The attributes of a resource, without those that have their default. */
export type Attributes = Readonly<Record<string, unknown>>;

export interface AdoptableObject {
  readonly name: string;
  /** The id by which Terraform imports it. */
  readonly id: string;
  /** Whether libvirt keeps no definition of it. */
  readonly transient: boolean;
  readonly config: Attributes;
  /** Why it could not be read; empty where it was. */
  readonly error: string;
}

export interface AdoptableDomain {
  readonly object: AdoptableObject;
  readonly state: string;
  /** The attributes that wait for the next start of the guest. */
  readonly pending: string;
  /** The devices and settings for which there is no attribute. */
  readonly undeclared: string;
}

export interface AdoptableVolume {
  readonly object: AdoptableObject;
  readonly pool: string;
  readonly path: string;
}

/** Asks all hosts at once. */
export async function readAdoptable(stacks: readonly Stack[], hosts: HostAddresses): Promise<Adoptable> {
  return parseAdoptable(await runProviderCommand(stacks, "adoptable", "read what the hosts have", { hosts }));
}

/** Checks the report that the provider prints. */
export function parseAdoptable(value: unknown): Adoptable {
  const object = { name: "string", id: "string", transient: "boolean", config: "any", error: "string" } as const;
  checkShape(value, {
    hosts: [
      {
        name: "string",
        uri: "string",
        error: "string",
        domains: [{ object, state: "string", pending: "string", undeclared: "string" }],
        networks: [object],
        pools: [{ object, volumes: "number" }],
        volumes: [{ object, pool: "string", path: "string" }],
        filters: ["string"],
        secrets: [{ uuid: "string", usage: "string" }],
      },
    ],
  });
  return value as Adoptable;
}
