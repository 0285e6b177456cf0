import {
  type Assignment,
  domainOf,
  type Finding,
  hasLabels,
  type HostNode,
  type MachineNode,
  mostIn,
  type PlacementModel,
  type Rule,
} from "./model";
import { nameOf, quantity } from "./quantity";

/** What is wrong with a placement: each machine, each required rule and each host. It does not depend on how the placement was found. */
export function check(model: PlacementModel, assignment: Assignment): Finding[] {
  const hosts = new Map(model.hosts.map((host) => [host.name, host]));
  const hostOf = (path: string) => hosts.get(assignment.get(path) ?? "");
  return [
    ...model.machines.flatMap((machine) => {
      const message = problemOf(machine, hostOf(machine.path));
      return message === undefined ? [] : [{ at: machine.path, message }];
    }),
    ...model.rules.filter(({ required }) => required).flatMap((rule) => brokenRule(model, rule, hostOf)),
    ...model.hosts.flatMap((host) => overuse(model, host, assignment)),
  ];
}

/** The preferences that a placement does not meet. */
export function unmetPreferences(model: PlacementModel, assignment: Assignment): Finding[] {
  const hosts = new Map(model.hosts.map((host) => [host.name, host]));
  const hostOf = (path: string) => hosts.get(assignment.get(path) ?? "");
  return [
    ...model.rules.filter(({ required }) => !required).flatMap((rule) => brokenRule(model, rule, hostOf)),
    ...model.machines.flatMap(({ path, prefers }) => {
      const host = hostOf(path);
      return host === undefined || hasLabels(host, prefers)
        ? []
        : [{ at: path, message: `'${host.name}' lacks the preferred ${inWords(prefers)}` }];
    }),
  ];
}

/** Labels for people: `disk=ssd, rack=r1`. */
export function inWords(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${value}`)
    .join(", ");
}

/** Why a machine alone may not be on a host. Undefined if it may. */
export function problemOf(machine: MachineNode, host: HostNode | undefined): string | undefined {
  if (host === undefined) return "no host is decided";
  const { name } = host;
  // The app states the host of other machines.
  if (machine.fleet === undefined) return undefined;
  const excluded = machine.excluded[name];
  if (excluded !== undefined) return `'${name}': ${excluded}`;
  if (!machine.candidates.includes(name)) return `'${name}' is not a host of its fleet`;
  if (host.maintenance) return `'${name}' is in maintenance`;
  if (!hasLabels(host, machine.requires)) return `'${name}' lacks the required ${inWords(machine.requires)}`;
  return undefined;
}

/** How many domains the machines of a rule can be in. */
function domainsFor(model: PlacementModel, rule: Rule): number {
  const members = new Set(rule.machines);
  const names = new Set(
    model.machines
      .filter(({ path }) => members.has(path))
      .flatMap((machine) =>
        model.hosts.filter((host) => machine.candidates.includes(host.name) && problemOf(machine, host) === undefined),
      )
      .map((host) => domainOf(host, rule.domain)),
  );
  names.delete(undefined);
  return names.size;
}

function brokenRule(model: PlacementModel, rule: Rule, hostOf: (path: string) => HostNode | undefined): Finding[] {
  const places = new Map<string, string[]>();
  for (const path of rule.machines) {
    const host = hostOf(path);
    if (host === undefined) continue;
    const domain = domainOf(host, rule.domain);
    if (domain === undefined) {
      return [{ at: rule.path, message: `${path} is on '${host.name}', which has no label '${rule.domain ?? ""}'` }];
    }
    places.set(domain, [...(places.get(domain) ?? []), path]);
  }
  const where = rule.domain === undefined ? "" : `${rule.domain} `;
  if (rule.kind === "together") {
    return places.size <= 1
      ? []
      : [
          {
            at: rule.path,
            message: `the machines must be together, got ${[...places.keys()].map((place) => `'${place}'`).join(", ")}`,
          },
        ];
  }
  const most = mostIn(rule, domainsFor(model, rule));
  return [...places]
    .filter(([, paths]) => paths.length > most)
    .map(([place, paths]) => ({
      at: rule.path,
      message: `at most ${most} of the machines may be on ${where}'${place}', got ${paths.join(", ")}`,
    }));
}

function overuse(model: PlacementModel, host: HostNode, assignment: Assignment): Finding[] {
  const there = model.machines.filter(({ path }) => assignment.get(path) === host.name);
  const resources = new Set(there.flatMap(({ demand }) => Object.keys(demand)));
  return [...resources].sort().flatMap((resource) => {
    const needed = there.reduce((sum, { demand }) => sum + (demand[resource] ?? 0), 0);
    const available = host.capacity[resource] ?? 0;
    return needed <= available
      ? []
      : [
          {
            at: host.path,
            message: `its machines need ${quantity(resource, needed)}, got ${quantity(resource, available)}; move some, or give the host more ${nameOf(resource)}`,
          },
        ];
  });
}
