import { flowText, type Model, outside, type Violation } from "./model";
import { ModelIndex } from "./model-index";
import { Reachability, type RuleRoutes } from "./reachability";
import { violationsOf } from "./violations";

/** The result of checking a model against its policy, before anything is deployed. */
export interface Analysis {
  /** The matrix: a cell for each ordered pair of zones, the outside included, in the order of the zones' names. */
  readonly cells: readonly Cell[];
  /** One line for each network and device whose traffic no filter sees, so that only its cabling separates it. */
  readonly unfiltered: readonly string[];
  readonly violations: readonly Violation[];
}

/** The flows that machines of one zone may initiate to machines of another. */
export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly flows: readonly RoutedFlow[];
}

/** An allowed flow, and the route that its packets take. */
export interface RoutedFlow {
  readonly rule: string;
  /** Labels of the rule's ends. */
  readonly from: string;
  readonly to: string;
  readonly flow: string;
  readonly reason?: string;
  /** The hops. Empty if there is no route. */
  readonly route: readonly string[];
}

/** Checks a model: a pure function. */
export function analyze(model: Model): Analysis {
  const index = new ModelIndex(model);
  const reachability = new Reachability(index);
  const routes = new Map(model.rules.map((rule) => [rule, reachability.routeOf(rule)]));
  return { cells: cellsOf(index, routes), unfiltered: unfilteredOf(index), violations: violationsOf(index, routes) };
}

function cellsOf(index: ModelIndex, routes: RuleRoutes): Cell[] {
  const names = [...index.model.zones.map(({ name }) => name).sort(), outside];
  const cells = new Map<string, RoutedFlow[]>();
  for (const [rule, route] of routes) {
    const path: RoutedFlow = {
      rule: rule.name,
      from: rule.from.label,
      to: rule.to.label,
      flow: flowText(rule),
      reason: rule.reason,
      route: (route ?? []).map(({ text }) => text),
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
