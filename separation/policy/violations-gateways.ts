import type { GatewayNode, Rule, Violation } from "./model";
import type { ModelIndex } from "./model-index";

/** Finds gateways whose zones or rules do not match their machine and the policy. */
export function gatewayViolations(index: ModelIndex): Violation[] {
  const { gateways } = index.model;
  const found = gateways.flatMap((gateway) => violationsOfGateway(index, gateway));
  gateways.forEach(({ path: at, machine }, place) => {
    const other = gateways.slice(0, place).find((each) => each.machine === machine);
    if (other !== undefined) {
      const fix = "list all zones and rules in one Gateway";
      found.push({
        at,
        message: `'vm' must be unique, '${machine}' is already used by ${other.path}; ${fix}`,
      });
    }
  });
  return found;
}

function violationsOfGateway(index: ModelIndex, gateway: GatewayNode): Violation[] {
  const { path: at } = gateway;
  const machine = index.machines.get(gateway.machine);
  if (machine === undefined) {
    return [
      {
        at,
        message: `'vm' must be a machine of this app, got '${gateway.machine}'; use a VirtualMachine`,
      },
    ];
  }
  const quotable = (names: readonly string[]) => [...names].sort().join("', '") || "none";
  const declared = gateway.zones.map((path) => index.zones.get(path)?.name ?? path);
  const actual = index.zonesOf(machine).map(({ name }) => name);
  if (quotable(declared) !== quotable(actual)) {
    return [
      {
        at,
        message: `'zones' must be the zones that '${machine.name}' has interfaces in, '${quotable(actual)}', got '${quotable(declared)}'; list exactly these`,
      },
    ];
  }
  const rules = new Map(index.model.rules.map((rule) => [rule.name, rule]));
  return gateway.forwards.flatMap((name) => {
    const rule = rules.get(name);
    if (rule === undefined) {
      return [
        { at, message: `'forwards' must list rules of the app's policy, got '${name}'; add the rule to the policy` },
      ];
    }
    return [...foreignZone(index, at, rule, declared), ...forbiddenInternet(index, at, rule, declared)];
  });
}

/** Finds an end of a rule in a zone that the gateway does not connect. */
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
      message: `'forwards' must list rules between zones '${between}', got '${rule.name}' with an end in zone '${foreign}'; remove it`,
    },
  ];
}

/** A route to the internet through a gateway needs a zone with internet access like any other. */
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
          message: `'forwards' must not lead outside from zone '${kept.name}', which has no internet access, got '${name}'; remove it`,
        },
      ];
}
