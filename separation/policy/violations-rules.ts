import { smallestBlocks } from "./ip-addresses";
import { flowText, type NetworkNode, type Rule, type Selector, selectorKey, type Violation, type Zone } from "./model";
import type { ModelIndex } from "./model-index";
import type { RuleRoutes } from "./reachability";

/** Finds rules that match nothing, are redundant, have no route, or break the limits of their zones. */
export function ruleViolations(index: ModelIndex, routes: RuleRoutes): Violation[] {
  return index.model.rules.flatMap((rule, place) => {
    const empty = unmatchedSelector(index, rule);
    if (empty.length > 0) {
      return empty;
    }
    return [
      ...redundantRule(index, rule, index.model.rules.slice(0, place)),
      ...missingRoute(index, rule, routes),
      ...forbiddenInternet(index, rule),
      ...missingReason(index, rule),
    ];
  });
}

function unmatchedSelector(index: ModelIndex, { path: at, name, from, to }: Rule): Violation[] {
  const empty = [from, to].find((end) => !matchesInterfaces(index, end));
  if (empty === undefined) {
    return [];
  }
  const relation = { tag: "has", zone: "is in", network: "is on", machine: "belongs to", outside: "is" }[empty.kind];
  const message = `rule '${name}' matches nothing: no interface ${relation} ${empty.kind} '${empty.label}'; remove the rule`;
  return [{ at, message }];
}

/** Reports whether a selector can match anything. A bridge of the host may have machines that the app does not define. */
function matchesInterfaces(index: ModelIndex, selector: Selector): boolean {
  const mayHaveOthers = index.networksOf(selector).some(({ mode, cidr }) => mode === "bridge" && cidr !== undefined);
  return selector.kind === "outside" || mayHaveOthers || index.groupsOf(selector).length > 0;
}

function redundantRule(index: ModelIndex, rule: Rule, before: readonly Rule[]): Violation[] {
  const { path: at, name } = rule;
  const other = before.find(
    (each) => covers(index, each.from, rule.from) && covers(index, each.to, rule.to) && coversFlow(each, rule),
  );
  return other === undefined
    ? []
    : [
        {
          at,
          message: `rule '${name}' is redundant, because rule '${other.name}' already allows everything that it allows; remove one of them`,
        },
      ];
}

function covers(index: ModelIndex, wide: Selector, narrow: Selector): boolean {
  if (selectorKey(wide) === selectorKey(narrow)) {
    return true;
  }
  if (wide.kind === "outside" || narrow.kind === "outside") {
    return wide.kind === "outside" && narrow.kind === "outside" && coversBlocks(wide.cidrs, narrow.cidrs);
  }
  const networks = new Set(index.networksOf(wide));
  const groups = new Set(index.groupsOf(wide));
  return (
    index.networksOf(narrow).every((network) => networks.has(network)) &&
    index.groupsOf(narrow).every((group) => groups.has(group))
  );
}

function coversBlocks(wide: readonly string[], narrow: readonly string[]): boolean {
  return ([4, 6] as const).every((family) => {
    const of = (blocks: readonly string[]) => blocks.filter((block) => block.includes(":") === (family === 6));
    const both = smallestBlocks([...of(wide), ...of(narrow)], family);
    return JSON.stringify(both) === JSON.stringify(smallestBlocks(of(wide), family));
  });
}

function coversFlow(wide: Rule, narrow: Rule): boolean {
  if (wide.protocol === "any") {
    return true;
  }
  const isIn = ([start, end]: readonly [number, number]) =>
    wide.ports.some(([first, last]) => first <= start && end <= last);
  return wide.protocol === narrow.protocol && narrow.ports.every(isIn);
}

function missingRoute(index: ModelIndex, rule: Rule, routes: RuleRoutes): Violation[] {
  const { path: at, name, from, to } = rule;
  if (routes.get(rule) !== undefined) {
    return [];
  }
  const none = `rule '${name}' must have a route, but there is none from '${from.label}' to '${to.label}'`;
  const translated = natNetworkOf(index, rule);
  const why =
    translated === undefined
      ? "they share no bridge, no host routes between them, and no Gateway forwards the rule; add one of these, or remove the rule"
      : `the host translates addresses of all traffic from network '${translated.name}', also to a Gateway there; start on another network`;
  return [{ at, message: `${none}: ${why}` }];
}

/** Finds a network behind address translation (NAT) from which a gateway would have to forward the rule. */
function natNetworkOf(index: ModelIndex, { name, from }: Rule): NetworkNode | undefined {
  const gateways = index.model.gateways.filter(({ forwards }) => forwards.includes(name));
  const interfaces = gateways.flatMap(({ machine }) => index.machines.get(machine)?.interfaces ?? []);
  return index
    .groupsOf(from)
    .map(({ network }) => network)
    .find((network) => network.mode === "nat" && interfaces.some((nic) => nic.network === network.path));
}

function forbiddenInternet(index: ModelIndex, { path: at, name, from, to }: Rule): Violation[] {
  const end = to.kind === "outside" ? from : from.kind === "outside" ? to : undefined;
  const restricted = end === undefined ? undefined : zonesOf(index, end).find(({ internet }) => !internet);
  if (restricted === undefined) {
    return [];
  }
  return [
    {
      at,
      message: `rule '${name}' must not connect zone '${restricted.name}' with outside addresses, because the zone has no internet access; remove the rule, or set 'internet' of the zone`,
    },
  ];
}

function missingReason(index: ModelIndex, rule: Rule): Violation[] {
  const { path: at, name, from, to, reason } = rule;
  if (reason !== undefined) {
    return [];
  }
  const least = (zones: readonly Zone[]) => zones.reduce((one, other) => (other.trust < one.trust ? other : one));
  const most = (zones: readonly Zone[]) => zones.reduce((one, other) => (other.trust > one.trust ? other : one));
  const [sources, targets] = [zonesOf(index, from), zonesOf(index, to)];
  if (targets.length === 0 || (from.kind !== "outside" && sources.length === 0)) {
    return [];
  }
  const high = most(targets);
  const low = from.kind === "outside" ? undefined : least(sources);
  if (low !== undefined && low.trust >= high.trust) {
    return [];
  }
  const source = low === undefined ? "outside addresses" : `zone '${low.name}' (trust ${low.trust})`;
  return [
    {
      at,
      message: `rule '${name}' requires 'reason', because it allows ${flowText(rule)} from ${source} to the more trusted zone '${high.name}' (trust ${high.trust}); state who approved it and why`,
    },
  ];
}

function zonesOf(index: ModelIndex, selector: Selector): readonly Zone[] {
  const names = index.zoneNamesOf(selector);
  return index.model.zones.filter(({ name }) => names.includes(name));
}
