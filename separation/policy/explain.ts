import { compile } from "./compile";
import { type Group, Index } from "./model-index";
import { flowOf, type Model, type Selector, selectorKey } from "./model";
import { Reach } from "./reachability";

/** Why some machines can talk to others, or why not. */
export interface Explanation {
  readonly from: string;
  readonly to: string;
  /** What is allowed between all or some of them. */
  readonly flows: readonly ExplainedFlow[];
  /** Where nothing is allowed: what holds it back. */
  readonly denied: readonly string[];
}

export interface ExplainedFlow {
  readonly rule: string;
  readonly flow: string;
  readonly reason?: string;
  /** What it passes, one after the other; what is missing, where it can't. */
  readonly hops: readonly string[];
  readonly possible: boolean;
}

/** Who is meant by a name. */
interface Named {
  readonly label: string;
  readonly groups: readonly Group[];
  readonly segments: readonly string[];
  readonly isOutside: boolean;
  /** The ends of rules that name them, beside those of their groups. */
  readonly machine?: string;
}

/**
 * Explains what lies between two ends: zones, tags, networks or machines by name or path, or `outside`.
 *
 * @returns the name that nobody has, where there is one
 */
export function explain(model: Model, from: string, to: string): Explanation | { readonly unknown: string } {
  const index = new Index(model);
  const reach = new Reach(index);
  const [source, target] = [find(index, reach, from), find(index, reach, to)];
  if (source === undefined || target === undefined) {
    return { unknown: source === undefined ? from : to };
  }
  const rules = model.rules.filter((rule) => isAbout(index, rule.from, source) && isAbout(index, rule.to, target));
  const filters = filtersOf(model);
  const leaves = filterText(filters, source, "leaves");
  const arrives = filterText(filters, target, "reaches");
  const flows = rules.map((rule): ExplainedFlow => {
    const way = reach.way(source.segments, target.segments, rule.name);
    const hops = way?.map(({ text }) => text) ?? [
      "no bridge that they share, no host that routes between them, no gateway",
    ];
    const all = way === undefined ? hops : [...leaves, ...hops, ...arrives];
    return { rule: rule.name, flow: flowOf(rule), reason: rule.reason, hops: all, possible: way !== undefined };
  });
  return {
    from: source.label,
    to: target.label,
    flows,
    denied: flows.length > 0 ? [] : denied(reach, source, target, leaves),
  };
}

function denied(reach: Reach, source: Named, target: Named, leaves: readonly string[]): string[] {
  const way = reach.way(source.segments, target.segments);
  const rule = `no rule of the policy lets ${source.label} begin to talk to ${target.label}`;
  if (way === undefined) {
    return [rule, "and there is no way: no bridge that they share, and no host that routes between them"];
  }
  const hops = way.map(({ text }) => text).join(", ");
  const held = leaves.length > 0 ? leaves.map((text) => text.replace(/^leaves/, "it is dropped as it leaves")) : [];
  return [
    rule,
    `packets would have a way: ${hops}`,
    ...(held.length > 0 ? held : [`it is dropped by the filter of each of ${target.label}`]),
  ];
}

function find(index: Index, reach: Reach, name: string): Named | undefined {
  if (name === "outside") {
    const selector: Selector = { kind: "outside", cidrs: [], label: name };
    return { label: "what is outside", groups: [], segments: reach.segmentsOf(selector), isOutside: true };
  }
  const { zones, networks, machines } = index.model;
  const is = (each: { readonly name: string; readonly path: string }) => each.name === name || each.path === name;
  const zone = zones.find(is);
  const machine = machines.find(is);
  const network = networks.find(is);
  if (zone !== undefined) {
    return named(
      `zone '${zone.name}'`,
      index.groups.filter((group) => group.zone === zone),
    );
  }
  if (machine !== undefined) {
    const own = index.groups
      .map((group) => ({ ...group, members: group.members.filter((member) => member.machine === machine) }))
      .filter(({ members }) => members.length > 0);
    return { ...named(`'${machine.name}'`, own), machine: machine.path };
  }
  if (network !== undefined) {
    return named(
      `network '${network.name}'`,
      index.groups.filter((group) => group.network === network),
    );
  }
  const tagged = index.groups
    .map((group) => ({ ...group, members: group.members.filter((member) => member.machine.tags.includes(name)) }))
    .filter(({ members }) => members.length > 0);
  return tagged.length > 0 ? named(`machines tagged '${name}'`, tagged) : undefined;
}

function named(label: string, groups: readonly Group[]): Named {
  return { label, groups, segments: [...new Set(groups.flatMap(({ segments }) => segments))], isOutside: false };
}

/** Whether the end of a rule names some of them. */
function isAbout(index: Index, selector: Selector, { groups, isOutside }: Named): boolean {
  if (selector.kind === "outside" || isOutside) {
    return selector.kind === "outside" && isOutside;
  }
  const keys = new Set(index.groupsOf(selector).map(({ key }) => key));
  return groups.some(({ key, selectors }) => keys.has(key) && selectors.includes(selectorKey(selector)));
}

function filtersOf(model: Model): ReadonlyMap<string, string> {
  return new Map(
    compile(model).assignments.map(({ machine, leg, filter }) => [JSON.stringify([machine, leg]), filter]),
  );
}

/** The filters of a single machine; of many there would be too many to read. */
function filterText(filters: ReadonlyMap<string, string>, { groups, machine }: Named, verb: string): string[] {
  if (machine === undefined) {
    return [];
  }
  return groups.flatMap(({ members }) =>
    members.flatMap(({ machine: { name }, leg }) => {
      const filter = filters.get(JSON.stringify([machine, leg.name]));
      return filter === undefined ? [] : [`${verb} '${name}' by '${leg.name}', whose filter is '${filter}'`];
    }),
  );
}
