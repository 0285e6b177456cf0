import { compile } from "./compile";
import { flowText, type Model, type Selector, selectorKey } from "./model";
import { type InterfaceGroup, ModelIndex } from "./model-index";
import { Reachability } from "./reachability";

/** Why some machines can reach others, or why they cannot. */
export interface Explanation {
  readonly from: string;
  readonly to: string;
  /** The flows that are allowed between all or some of the machines. */
  readonly flows: readonly ExplainedFlow[];
  /** If no flow is allowed: what prevents traffic. */
  readonly denialReasons: readonly string[];
}

export interface ExplainedFlow {
  readonly rule: string;
  readonly flow: string;
  readonly reason?: string;
  /** The filters and the hops of the route, in order; if there is no route, why. */
  readonly hops: readonly string[];
  readonly possible: boolean;
}

/** The interfaces that a name stands for. */
interface NamedEnd {
  readonly label: string;
  readonly groups: readonly InterfaceGroup[];
  readonly segments: readonly string[];
  readonly isOutside: boolean;
  /** Path of the machine, if the name is a machine's. */
  readonly machine?: string;
}

/**
 * Explains whether and how one end reaches another. An end is a zone, tag, network or machine, by name or path, or `outside`.
 *
 * @returns the explanation, or the name that the model does not have
 */
export function explain(model: Model, from: string, to: string): Explanation | { readonly unknown: string } {
  const index = new ModelIndex(model);
  const reachability = new Reachability(index);
  const [source, target] = [resolveName(index, reachability, from), resolveName(index, reachability, to)];
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
    const route = reachability.findRoute(source.segments, target.segments, rule.name);
    const hops = route?.map(({ text }) => text) ?? [
      "there is no shared bridge, no host that routes between them, and no gateway",
    ];
    const all = route === undefined ? hops : [...leaves, ...hops, ...arrives];
    return { rule: rule.name, flow: flowText(rule), reason: rule.reason, hops: all, possible: route !== undefined };
  });
  return {
    from: source.label,
    to: target.label,
    flows,
    denialReasons: flows.length > 0 ? [] : reasonsOf(reachability, source, target, leaves),
  };
}

function reasonsOf(
  reachability: Reachability,
  source: NamedEnd,
  target: NamedEnd,
  leaves: readonly string[],
): string[] {
  const route = reachability.findRoute(source.segments, target.segments);
  const rule = `no rule allows ${source.label} to initiate traffic to ${target.label}`;
  if (route === undefined) {
    return [rule, "there is no route: no shared bridge, and no host that routes between them"];
  }
  const hops = route.map(({ text }) => text).join(", ");
  const drops = leaves.map((text) => text.replace(/^leaves/, "packets are dropped when they leave"));
  return [
    rule,
    `there is a route: ${hops}`,
    ...(drops.length > 0 ? drops : [`packets are dropped by the filters of ${target.label}`]),
  ];
}

function resolveName(index: ModelIndex, reachability: Reachability, name: string): NamedEnd | undefined {
  if (name === "outside") {
    const selector: Selector = { kind: "outside", cidrs: [], label: name };
    return { label: "outside addresses", groups: [], segments: reachability.segmentsOf(selector), isOutside: true };
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

/** Reports whether a selector matches some of the interfaces. */
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

/** The filters of a single machine. Those of several machines would be too many to read. */
function filterHops(filters: ReadonlyMap<string, string>, { groups, machine }: NamedEnd, verb: string): string[] {
  if (machine === undefined) {
    return [];
  }
  return groups.flatMap(({ members }) =>
    members.flatMap(({ machine: { name }, nic }) => {
      const filter = filters.get(JSON.stringify([machine, nic.name]));
      return filter === undefined ? [] : [`${verb} '${name}' through interface '${nic.name}', filter '${filter}'`];
    }),
  );
}
