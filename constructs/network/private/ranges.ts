import type { IConstruct } from "constructs";
import type { Cidr } from "../../core/cidr";
import { ConstructState } from "../../core/construct-state";
import { addCheck, withPath } from "../../core/errors";
import type { IHost } from "../../host/types";

interface Range {
  readonly owner: IConstruct;
  readonly host: IHost;
  readonly cidr: Cidr;
}

/** The ranges of each construct tree, by the URI of their host. Each tree compares them once, when it is complete. */
const trees = new ConstructState(() => ({ byHost: new Map<string, Range[]>(), isChecked: false }));

/** Records the addresses of a network, to compare them with those of the other networks on its host. */
export function reserveRange(owner: IConstruct, host: IHost, cidr: Cidr | undefined): void {
  if (cidr === undefined) {
    return;
  }
  const tree = trees.of(owner.node.root);
  const { byHost } = tree;
  if (!tree.isChecked) {
    tree.isChecked = true;
    addCheck(owner, () => [...byHost.values()].flatMap(findOverlaps));
  }
  const ranges = byHost.get(host.uri) ?? [];
  byHost.set(host.uri, ranges);
  ranges.push({ owner, host, cidr });
}

/**
 * Finds the ranges that overlap.
 *
 * Two CIDRs are either disjoint or one contains the other. In the order of their addresses, each range is therefore
 * compared with one other range only.
 */
function findOverlaps(ranges: readonly Range[]): string[] {
  const ordered = [...ranges].sort((one, other) => one.cidr.compare(other.cidr));
  let outer: Range | undefined;
  const messages: string[] = [];
  for (const range of ordered) {
    if (outer?.cidr.contains(range.cidr) === true) {
      messages.push(
        withPath(
          range.owner,
          `'cidr' must not overlap that of another network on host '${range.host.hostName}', got ${range.cidr.toString()}, ` +
            `which overlaps ${outer.cidr.toString()} of ${outer.owner.node.path}; change one of them`,
        ),
      );
    } else {
      outer = range;
    }
  }
  return messages;
}
