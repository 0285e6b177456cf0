import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { ConstructState } from "./construct-state";

/**
 * The owner of each name: one map for each construct tree, so that a look-up takes the same time in a fleet of any
 * size.
 */
const holders = new ConstructState(() => new Map<string, IConstruct>());

/**
 * Reserves a name for a construct, in the namespace that the words before it describe.
 *
 * @returns the construct that already has the name; undefined when it was free, or when part of it is a token
 */
export function reserve(owner: IConstruct, ...name: readonly string[]): IConstruct | undefined {
  if (name.some((part) => Token.isUnresolved(part))) {
    return undefined;
  }
  const tree = holders.of(owner.node.root);
  const key = JSON.stringify(name);
  const holder = tree.get(key);
  if (holder === undefined) {
    tree.set(key, owner);
  }
  return holder;
}
