import type { IConstruct } from "constructs";
import type { Cidr } from "../../core/cidr";
import { Findings, withPath } from "../../core/errors";
import type { IHost } from "../../host/types";

interface Range {
  readonly owner: IConstruct;
  readonly host: IHost;
  readonly cidr: Cidr;
}

const trees = new WeakMap<IConstruct, Map<string, Range[]>>();

/** Notes the addresses of a network, to be compared with those of the other networks on its host at the end. */
export function claimRange(owner: IConstruct, host: IHost, cidr: Cidr | undefined): void {
  if (cidr === undefined) {
    return;
  }
  const root = owner.node.root;
  const byHost = trees.get(root) ?? new Map<string, Range[]>();
  if (!trees.has(root)) {
    trees.set(root, byHost);
    Findings.of(owner).addCheck(owner, () => [...byHost.values()].flatMap(findOverlaps));
  }
  const ranges = byHost.get(host.uri) ?? [];
  byHost.set(host.uri, ranges);
  ranges.push({ owner, host, cidr });
}

/** CIDRs are either apart or one inside the other, so in order of address each need only be compared with one. */
function findOverlaps(ranges: readonly Range[]): string[] {
  const ordered = [...ranges].sort((one, other) => one.cidr.compare(other.cidr));
  let outer: Range | undefined;
  const messages: string[] = [];
  for (const range of ordered) {
    if (outer?.cidr.contains(range.cidr) === true) {
      messages.push(
        withPath(
          range.owner,
          `'cidr' must be apart from those of other networks on host '${range.host.hostName}', got ${range.cidr.toString()}, ` +
            `which overlaps ${outer.cidr.toString()} of ${outer.owner.node.path}; choose other addresses for one of them`,
        ),
      );
    } else {
      outer = range;
    }
  }
  return messages;
}
