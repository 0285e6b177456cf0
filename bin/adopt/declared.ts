import { constructPath, type Resource, type Stack } from "../pipeline/stacks";
import { keyOf } from "./part";

/** An object that the app declares. */
export interface DeclaredObject {
  readonly key: string;
  readonly stack: string;
  /** The address of its resource. */
  readonly address: string;
  /** The path of its construct. */
  readonly path: string;
  /** Its attributes in the synthesized stack. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The part of a resource that says which object of a host it is. */
interface NamedResource extends Resource {
  readonly host?: string;
  readonly name?: string;
  readonly pool?: string;
}

/** The objects of hosts that synthesized stacks declare. */
export function declaredObjects(stacks: readonly Stack[]): readonly DeclaredObject[] {
  return stacks.flatMap(({ name: stack, configuration: { resource = {} } }) =>
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).flatMap(([local, it]) => {
        const { host, name, pool } = it as NamedResource;
        if (host === undefined || name === undefined) return [];
        const poolName = pool === undefined ? undefined : nameIn(pool, resource.libvirt_pool ?? {});
        const key = keyOf(type, [host, ...(poolName === undefined ? [] : [poolName]), name].join("/"));
        return [
          {
            key,
            stack,
            address: `${type}.${local}`,
            path: constructPath(it) ?? local,
            attributes: { ...it },
          },
        ];
      }),
    ),
  );
}

/** The name of a pool, which a resource states or refers to. */
function nameIn(pool: string, pools: Readonly<Record<string, NamedResource>>): string {
  const local = /^\$\{libvirt_pool\.([\w-]+)\.name\}$/.exec(pool)?.[1];
  return local === undefined ? pool : (pools[local]?.name ?? pool);
}
