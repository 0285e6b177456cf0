import { flowText, type Model, outside, type Violation } from "./model";
import { ModelIndex } from "./model-index";
import { Reachability, type RuleRoutes } from "./reachability";
import { violationsOf } from "./violations";

/** What is known of an app before it is deployed. */
export interface Analysis {
  /** A cell for each zone and what is outside with each other, itself included; in order of the zones' names. */
  readonly cells: readonly Cell[];
  /** What no filter sees, and only what it is plugged into separates: a line each. */
  readonly unfiltered: readonly string[];
  readonly violations: readonly Violation[];
}

/** Whether machines of one zone may begin to talk to those of another. */
export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly flows: readonly RoutedFlow[];
}

/** Something that is allowed, and the way it takes. */
export interface RoutedFlow {
  readonly rule: string;
  /** Its ends, where these are not the whole zones. */
  readonly from: string;
  readonly to: string;
  readonly flow: string;
  readonly reason?: string;
  /** Empty where there is none. */
  readonly route: readonly string[];
}

/** Everything that follows from the model: a pure function of it. */
export function analyze(model: Model): Analysis {
  const index = new ModelIndex(model);
  const reach = new Reachability(index);
  const ways = new Map(model.rules.map((rule) => [rule, reach.routeOf(rule)]));
  return { cells: cellsOf(index, ways), unfiltered: unfilteredOf(index), violations: violationsOf(index, ways) };
}

function cellsOf(index: ModelIndex, ways: RuleRoutes): Cell[] {
  const names = [...index.model.zones.map(({ name }) => name).sort(), outside];
  const cells = new Map<string, RoutedFlow[]>();
  for (const [rule, way] of ways) {
    const path: RoutedFlow = {
      rule: rule.name,
      from: rule.from.label,
      to: rule.to.label,
      flow: flowText(rule),
      reason: rule.reason,
      route: (way ?? []).map(({ text }) => text),
    };
    for (const from of index.zoneNamesOf(rule.from)) {
      for (const to of index.zoneNamesOf(rule.to)) {
        const key = JSON.stringify([from, to]);
        cells.set(key, [...(cells.get(key) ?? []), path]);
      }
    }
  }
  return names.flatMap((from) =>
    names
      .filter((to) => from !== outside || to !== outside)
      .map((to) => ({ from, to, flows: cells.get(JSON.stringify([from, to])) ?? [] })),
  );
}

function unfilteredOf(index: ModelIndex): string[] {
  const networks = index.model.networks.filter(({ filtered }) => !filtered);
  const devices = index.model.machines.flatMap(({ name, devices: own }) =>
    own.map((device) => `'${name}' by the host's device '${device}'`),
  );
  return [
    ...networks.map((network) => {
      const zone = index.zoneOf(network)?.name ?? "none";
      const by = network.uplinks.join("', '");
      return `guests of network '${network.name}' on host '${index.hostName(network.host)}' in zone '${zone}' by '${by}' (${network.mode ?? "unknown"})`;
    }),
    ...devices,
  ];
}
