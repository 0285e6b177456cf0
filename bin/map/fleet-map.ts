import type { Model } from "../../separation";
import { type HostAddresses, hostsOf } from "../pipeline/provider-command";
import type { Stack } from "../pipeline/stacks";
import type { Change, PlanJson, ResourceChange, Values } from "../review/plan-json";
import { inBytes, isReplaced, namedObject } from "../review/review";

/** Where the objects of a fleet are, and what a change does with them. */
export interface FleetMap {
  readonly hosts: readonly MapHost[];
  readonly moves: readonly MapMove[];
  /** Whether it shows a change. Otherwise everything is kept. */
  readonly isChange: boolean;
}

export interface MapHost {
  readonly name: string;
  readonly pools: readonly MapObject[];
  readonly networks: readonly MapObject[];
  readonly machines: readonly MapMachine[];
}

export interface MapObject {
  /** Path of the construct, or the address of what no construct declares any more. */
  readonly name: string;
  readonly kind: MapKind;
  /** What else is to be said, in words. Empty for nothing. */
  readonly detail: string;
}

export interface MapMachine extends MapObject {
  /** The networks of the host that it is on, by the names in the map. */
  readonly networks: readonly string[];
}

/** A machine that changes its host. It is on both in the map. */
export interface MapMove {
  readonly machine: string;
  readonly from: string;
  readonly to: string;
  readonly live: boolean;
}

/** What a change does with an object. A machine that moves is `moved` on both hosts. */
export type MapKind = "kept" | "changed" | "added" | "removed" | "replaced" | "moved";

/** A stack, and its plan if a change is shown. */
export interface MappedStack {
  readonly stack: Stack;
  readonly plan?: PlanJson;
}

/** An object of a stack with its values before and after. */
interface Item {
  readonly name: string;
  readonly change: Change;
}

const TYPES = { pools: "libvirt_pool", networks: "libvirt_network", machines: "libvirt_domain" } as const;

/**
 * Maps a fleet.
 *
 * @param model the zones of an app that has some
 */
export function mapOf(mapped: readonly MappedStack[], model?: Model): FleetMap {
  const stacks = mapped.map(({ stack }) => stack);
  const zones = zonesOf(hostsOf(stacks), model);
  const items = (type: string): readonly Item[] => mapped.flatMap((it) => itemsOf(it, type, mapped.length > 1));
  const [pools, networks, machines] = [items(TYPES.pools), items(TYPES.networks), items(TYPES.machines)];
  const names = [
    ...Object.keys(hostsOf(stacks)),
    ...[...pools, ...networks, ...machines].flatMap(({ change: { before, after } }) => [before?.host, after?.host]),
  ].filter((name) => name !== undefined);
  return {
    hosts: [...new Set(names)].sort().map((host) => ({
      name: host,
      pools: pools.flatMap((it) => objectOn(host, it, () => "")).sort(byName),
      networks: networks
        .flatMap((it) => objectOn(host, it, ({ name }) => zones.get(`${host}/${name ?? ""}`) ?? ""))
        .sort(byName),
      machines: machines.flatMap((it) => machineOn(host, it, networks)).sort(byName),
    })),
    moves: machines.flatMap(moveOf).sort((one, other) => (one.machine < other.machine ? -1 : 1)),
    isChange: mapped.some(({ plan }) => plan !== undefined),
  };
}

/** The zone of each network, in words, by host and name. */
function zonesOf(hosts: HostAddresses, model: Model | undefined): ReadonlyMap<string, string> {
  const named = new Map(Object.entries(hosts).map(([name, { uri }]) => [uri, name]));
  const zones = new Map(model?.zones.map(({ path, name }) => [path, name]));
  return new Map(
    model?.networks.flatMap(({ host, name, zone = "" }) => {
      const zoneName = zones.get(zone);
      return zoneName === undefined ? [] : [[`${named.get(host) ?? host}/${name}`, `zone ${zoneName}`] as const];
    }),
  );
}

/** The objects of a type. Without a plan, the stack declares them and nothing changes. */
function itemsOf({ stack, plan }: MappedStack, type: string, several: boolean): readonly Item[] {
  const changes = plan?.resource_changes ?? declared(stack, type);
  return changes
    .filter((it) => it.mode === "managed" && it.type === type)
    .map((it) => ({
      name: `${several ? `${stack.name}/` : ""}${namedObject(stack, it).object}`,
      change: it.change,
    }));
}

function declared({ configuration: { resource = {} } }: Stack, type: string): readonly ResourceChange[] {
  return Object.entries(resource[type] ?? {}).map(([name, values]) => {
    const known = withNames(values as Values, resource.libvirt_network);
    const change: Change = { actions: ["no-op"], before: known, after: known };
    return { address: `${type}.${name}`, mode: "managed", type, name, change };
  });
}

/** Replaces references to networks by their names. */
function withNames(values: Values, networks: Readonly<Record<string, object>> = {}): Values {
  if (values.interfaces === undefined) return values;
  const interfaces = Object.entries(values.interfaces ?? {}).map(([name, { network }]) => {
    const [, id = ""] = /^\$\{libvirt_network\.(.+)\.name\}$/.exec(network ?? "") ?? [];
    return [name, { network: (networks[id] as Values | undefined)?.name ?? network }] as const;
  });
  return { ...values, interfaces: Object.fromEntries(interfaces) };
}

/** Returns an object if it is on a host, before or after the change. */
function objectOn(host: string, { name, change }: Item, detailOf: (values: Values) => string): readonly MapObject[] {
  const { before, after } = change;
  const values = after?.host === host ? after : before?.host === host ? before : undefined;
  if (values === undefined) return [];
  return [{ name, kind: kindOn(host, change), detail: detailOf(values) }];
}

function kindOn(host: string, change: Change): MapKind {
  const { actions, before, after } = change;
  if (before?.host === host && after?.host === host) {
    if (isReplaced(change)) return "replaced";
    return actions.includes("update") ? "changed" : "kept";
  }
  if (before !== null && after !== null && !isReplaced(change)) return "moved";
  return after?.host === host ? "added" : "removed";
}

function machineOn(host: string, item: Item, networks: readonly Item[]): readonly MapMachine[] {
  const { before, after } = item.change;
  const values = after?.host === host ? after : before;
  return objectOn(host, item, (it) => {
    const moved = before?.host !== undefined && after?.host !== undefined && before.host !== after.host;
    const way =
      moved && !isReplaced(item.change) ? (host === after.host ? `from ${before.host}` : `to ${after.host}`) : "";
    const memory = it.memory === undefined ? "" : inBytes(it.memory * 1024);
    return [way, it.state === undefined || it.state === "running" ? "" : it.state, memory]
      .filter((part) => part !== "")
      .join(", ");
  }).map((machine) => ({
    ...machine,
    networks: Object.values(values?.interfaces ?? {}).flatMap(({ network }) =>
      networks.filter((it) => hasName(host, it, network)).map(({ name }) => name),
    ),
  }));
}

function hasName(host: string, { change: { before, after } }: Item, name: string | null | undefined): boolean {
  const values = after?.host === host ? after : before;
  return values?.host === host && values.name === name;
}

function moveOf({ name, change }: Item): readonly MapMove[] {
  const { before, after } = change;
  if (before?.host === undefined || after?.host === undefined || before.host === after.host) return [];
  if (isReplaced(change)) return [];
  return [{ machine: name, from: before.host, to: after.host, live: after.effect?.action === "migrate-live" }];
}

function byName(one: MapObject, other: MapObject): number {
  return one.name < other.name ? -1 : 1;
}
