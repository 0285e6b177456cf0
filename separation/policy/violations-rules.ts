import { flowText, type NetworkNode, type Rule, type Selector, selectorKey, type Violation, type Zone } from "./model";
import type { ModelIndex } from "./model-index";
import { smallestBlocks } from "./ip-addresses";
import type { RuleRoutes } from "./reachability";

/** What is wrong with rules: those that say nothing, that can't be, or that their zones don't allow. */
export function ruleViolations(index: ModelIndex, ways: RuleRoutes): Violation[] {
  return index.model.rules.flatMap((rule, place) => {
    const empty = unmatchedSelector(index, rule);
    if (empty.length > 0) {
      return empty;
    }
    return [
      ...redundantRule(index, rule, index.model.rules.slice(0, place)),
      ...missingRoute(index, rule, ways),
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
  const what = empty.kind === "tag" ? `tag '${empty.label}'` : `${empty.kind} '${empty.label}'`;
  return [
    { at, message: `rule '${name}' must be about somebody, got ${what}, which no interface is in; take the rule out` },
  ];
}

/** Whether there is anybody. On a bridge of the host's there may be machines that are none of the app's. */
function matchesInterfaces(index: ModelIndex, selector: Selector): boolean {
  const isOthers = index.networksOf(selector).some(({ mode, cidr }) => mode === "bridge" && cidr !== undefined);
  return selector.kind === "outside" || isOthers || index.groupsOf(selector).length > 0;
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
          message: `rule '${name}' must add something, got nothing that rule '${other.name}' does not allow already; take one of them out`,
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

function missingRoute(index: ModelIndex, rule: Rule, ways: RuleRoutes): Violation[] {
  const { path: at, name, from, to } = rule;
  if (ways.get(rule) !== undefined) {
    return [];
  }
  const none = `rule '${name}' must have a way, got none from '${from.label}' to '${to.label}'`;
  const translated = natNetworkOf(index, rule);
  const why =
    translated === undefined
      ? "they share no bridge, no host routes between them, and no Gateway forwards the rule; make one, or take the rule out"
      : `the host translates what begins on network '${translated.name}', to a Gateway there as well; begin on another network`;
  return [{ at, message: `${none}: ${why}` }];
}

/** The network behind address translation on which a gateway is to forward a rule. */
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
  const kept = end === undefined ? undefined : zonesOf(index, end).find(({ internet }) => !internet);
  if (kept === undefined) {
    return [];
  }
  const fix = "take the rule out, or say so of the zone";
  return [
    {
      at,
      message: `rule '${name}' must not be between the outside and zone '${kept.name}', which may not reach the internet; ${fix}`,
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
  const who = low === undefined ? "what is outside" : `zone '${low.name}' (trust ${low.trust})`;
  return [
    {
      at,
      message: `rule '${name}' must have a 'reason', got none for ${flowText(rule)} from ${who} to zone '${high.name}' (trust ${high.trust}); say who approved it and why`,
    },
  ];
}

function zonesOf(index: ModelIndex, selector: Selector): readonly Zone[] {
  const names = index.zoneNamesOf(selector);
  return index.model.zones.filter(({ name }) => names.includes(name));
}
