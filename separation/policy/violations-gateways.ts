import type { GatewayNode, Rule, Violation } from "./model";
import type { ModelIndex } from "./model-index";

/** What is wrong with gateways: those that are not exactly what they say. */
export function gatewayViolations(index: ModelIndex): Violation[] {
  const { gateways } = index.model;
  const found = gateways.flatMap((gateway) => violationsOfGateway(index, gateway));
  gateways.forEach(({ path: at, machine }, place) => {
    const other = gateways.slice(0, place).find((each) => each.machine === machine);
    if (other !== undefined) {
      const fix = "name all its zones and rules in one";
      found.push({ at, message: `a machine must have one Gateway, got ${machine}, which has ${other.path}; ${fix}` });
    }
  });
  return found;
}

function violationsOfGateway(index: ModelIndex, gateway: GatewayNode): Violation[] {
  const { path: at } = gateway;
  const machine = index.machines.get(gateway.machine);
  if (machine === undefined) {
    return [{ at, message: `'machine' must be one of this app, got ${gateway.machine}; make it a VirtualMachine` }];
  }
  const spell = (names: readonly string[]) => [...names].sort().join("', '") || "none";
  const said = gateway.zones.map((path) => index.zones.get(path)?.name ?? path);
  const has = index.zonesOf(machine).map(({ name }) => name);
  if (spell(said) !== spell(has)) {
    return [
      {
        at,
        message: `'zones' must be exactly those that '${machine.name}' has interfaces in, '${spell(has)}', got '${spell(said)}'; name these`,
      },
    ];
  }
  const rules = new Map(index.model.rules.map((rule) => [rule.name, rule]));
  return gateway.forwards.flatMap((name) => {
    const rule = rules.get(name);
    if (rule === undefined) {
      return [{ at, message: `'forwards' must be rules of the app's policy, got '${name}'; allow it there` }];
    }
    return [...foreignZone(index, at, rule, said), ...forbiddenInternet(index, at, rule, said)];
  });
}

/** Rules about zones that it does not stand between. */
function foreignZone(index: ModelIndex, at: string, rule: Rule, zones: readonly string[]): Violation[] {
  const ends = [...index.zoneNamesOf(rule.from), ...index.zoneNamesOf(rule.to)];
  const foreign = ends.find((zone) => zone !== "outside" && !zones.includes(zone));
  if (foreign === undefined) {
    return [];
  }
  const between = [...zones].sort().join("' and '");
  return [
    {
      at,
      message: `'forwards' must be rules between zones '${between}', got '${rule.name}' with an end in '${foreign}'; take it out`,
    },
  ];
}

/** A way to the internet by a gateway is one like any other. */
function forbiddenInternet(
  index: ModelIndex,
  at: string,
  { name, from, to }: Rule,
  zones: readonly string[],
): Violation[] {
  if (to.kind !== "outside") {
    return [];
  }
  const kept = index.model.zones.find((zone) => index.zoneNamesOf(from).includes(zone.name) && !zone.internet);
  return kept === undefined || !zones.includes(kept.name)
    ? []
    : [
        {
          at,
          message: `'forwards' must not let zone '${kept.name}' out, which may not reach the internet, got '${name}'; take it out`,
        },
      ];
}
