import { Failure } from "../failure";
import { constructPath, type DomainResource, type Stack } from "./stacks";

/** A machine that a stack declares. */
export interface DeclaredMachine {
  /** Path of the construct. */
  readonly path: string;
  /** Its name in libvirt. */
  readonly domain: string;
  readonly resource: DomainResource;
}

/** Finds machines, as `findMachine` does. */
export function findMachines(stacks: readonly Stack[], names: readonly string[]): readonly DeclaredMachine[] {
  return names.map((name) => findMachine(stacks, name));
}

/**
 * Finds a machine by the name of its domain, or by the path of its construct, with or without the stack.
 *
 * A name that two machines have must be given as a path.
 */
export function findMachine(stacks: readonly Stack[], name: string): DeclaredMachine {
  const all = stacks.flatMap(machinesOf);
  const found = all.filter(({ path, domain }) => name === domain || path === name || path.endsWith(`/${name}`));
  const [machine, other] = found;
  if (machine === undefined) {
    const known = all.map(({ domain }) => domain).join(", ") || "none";
    throw new Failure(`no machine is named '${name}'; the machines are ${known}`);
  }
  if (other !== undefined) {
    throw new Failure(`'${name}' could be ${found.map(({ path }) => path).join(" or ")}; name one of them`);
  }
  return machine;
}

/** Lists the machines of a stack. */
export function machinesOf({ name, configuration }: Stack): readonly DeclaredMachine[] {
  return Object.entries(configuration.resource?.libvirt_domain ?? {}).map(([id, resource]) => ({
    path: constructPath(resource) ?? `${name}/${id}`,
    domain: resource.name ?? id,
    resource,
  }));
}
