import { Token } from "cdktf";
import type { IConstruct } from "constructs";

/**
 * Names of which there may be only one, and who has them.
 *
 * One map for the whole construct tree, so that a claim costs the same however large the fleet is.
 */
class Claims {
  private readonly holders = new Map<string, IConstruct>();

  /** Returns the construct that has the name already; undefined when it is now the claimant's. */
  public claim(claimant: IConstruct, ...name: readonly string[]): IConstruct | undefined {
    const key = JSON.stringify(name);
    const holder = this.holders.get(key);
    if (holder === undefined) {
      this.holders.set(key, claimant);
    }
    return holder;
  }
}

const trees = new WeakMap<IConstruct, Claims>();

/**
 * Claims a name for a construct, in the namespace that the words before it describe.
 *
 * @returns who has it already; undefined when nobody does, or when part of it is a token
 */
export function claim(claimant: IConstruct, ...name: readonly string[]): IConstruct | undefined {
  if (name.some((part) => Token.isUnresolved(part))) {
    return undefined;
  }
  const root = claimant.node.root;
  const claims = trees.get(root) ?? new Claims();
  trees.set(root, claims);
  return claims.claim(claimant, ...name);
}
