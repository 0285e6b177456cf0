import { compile } from "./compile";
import { type InterfaceGroup, ModelIndex } from "./model-index";
import { flowText, type Model, type Selector, selectorKey } from "./model";
import { Reachability } from "./reachability";

/** Why some machines can talk to others, or why not. */
export interface Explanation {
  readonly from: string;
  readonly to: string;
  /** What is allowed between all or some of them. */
  readonly flows: readonly ExplainedFlow[];
  /** Where nothing is allowed: what holds it back. */
  readonly denialReasons: readonly string[];
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
interface NamedEnd {
  readonly label: string;
  readonly groups: readonly InterfaceGroup[];
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
  const index = new ModelIndex(model);
  const reach = new Reachability(index);
  const [source, target] = [resolveName(index, reach, from), resolveName(index, reach, to)];
  if (source === undefined || target === undefined) {
    return { unknown: source === undefined ? from : to };
  }
  const rules = model.rules.filter(
    (rule) => selectsSome(index, rule.from, source) && selectsSome(index, rule.to, target),
  );
  const filters = filtersByInterface(model);
  const leaves = filterHops(filters, source, "leaves");
  const arrives = filterHops(filters, target, "reaches");
  const flows = rules.map((rule): ExplainedFlow => {
    const way = reach.findRoute(source.segments, target.segments, rule.name);
    const hops = way?.map(({ text }) => text) ?? [
      "no bridge that they share, no host that routes between them, no gateway",
    ];
    const all = way === undefined ? hops : [...leaves, ...hops, ...arrives];
    return { rule: rule.name, flow: flowText(rule), reason: rule.reason, hops: all, possible: way !== undefined };
  });
  return {
    from: source.label,
    to: target.label,
    flows,
    denialReasons: flows.length > 0 ? [] : reasonsOf(reach, source, target, leaves),
  };
}

function reasonsOf(reach: Reachability, source: NamedEnd, target: NamedEnd, leaves: readonly string[]): string[] {
  const way = reach.findRoute(source.segments, target.segments);
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

function resolveName(index: ModelIndex, reach: Reachability, name: string): NamedEnd | undefined {
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
    return namedEnd(
      `zone '${zone.name}'`,
      index.groups.filter((group) => group.zone === zone),
    );
  }
  if (machine !== undefined) {
    const own = index.groups
      .map((group) => ({ ...group, members: group.members.filter((member) => member.machine === machine) }))
      .filter(({ members }) => members.length > 0);
    return { ...namedEnd(`'${machine.name}'`, own), machine: machine.path };
  }
  if (network !== undefined) {
    return namedEnd(
      `network '${network.name}'`,
      index.groups.filter((group) => group.network === network),
    );
  }
  const tagged = index.groups
    .map((group) => ({ ...group, members: group.members.filter((member) => member.machine.tags.includes(name)) }))
    .filter(({ members }) => members.length > 0);
  return tagged.length > 0 ? namedEnd(`machines tagged '${name}'`, tagged) : undefined;
}

function namedEnd(label: string, groups: readonly InterfaceGroup[]): NamedEnd {
  return { label, groups, segments: [...new Set(groups.flatMap(({ segments }) => segments))], isOutside: false };
}

/** Whether the end of a rule names some of them. */
function selectsSome(index: ModelIndex, selector: Selector, { groups, isOutside }: NamedEnd): boolean {
  if (selector.kind === "outside" || isOutside) {
    return selector.kind === "outside" && isOutside;
  }
  const keys = new Set(index.groupsOf(selector).map(({ key }) => key));
  return groups.some(({ key, selectors }) => keys.has(key) && selectors.includes(selectorKey(selector)));
}

function filtersByInterface(model: Model): ReadonlyMap<string, string> {
  return new Map(
    compile(model).assignments.map(({ machine, interfaceName, filter }) => [
      JSON.stringify([machine, interfaceName]),
      filter,
    ]),
  );
}

/** The filters of a single machine; of many there would be too many to read. */
function filterHops(filters: ReadonlyMap<string, string>, { groups, machine }: NamedEnd, verb: string): string[] {
  if (machine === undefined) {
    return [];
  }
  return groups.flatMap(({ members }) =>
    members.flatMap(({ machine: { name }, nic }) => {
      const filter = filters.get(JSON.stringify([machine, nic.name]));
      return filter === undefined ? [] : [`${verb} '${name}' by '${nic.name}', whose filter is '${filter}'`];
    }),
  );
}
