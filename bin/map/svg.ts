import type { Line, Link, Row } from "../picture/layout";
import { svg as draw, type KindStyle } from "../picture/svg";
import type { FleetMap, MapHost, MapKind, MapMachine, MapObject } from "./fleet-map";

/** What a change does, in words and colours. What is kept has the colour of text. */
export const KINDS: Readonly<Record<Exclude<MapKind, "kept">, KindStyle>> = {
  added: { meaning: "added", colour: "green" },
  removed: { meaning: "removed", colour: "red", dashed: true },
  replaced: { meaning: "replaced", colour: "red" },
  moved: { meaning: "moved", colour: "amber" },
  changed: { meaning: "changed", colour: "blue" },
};

/** What stands before a name, so that colour is not the only sign. */
const SIGNS = { added: "+", removed: "-", replaced: "-/+", moved: ">", changed: "~" } as const;

/** The fleet as a picture: a box for each host, and an arrow for the machines that move from one to another. */
export function svg(map: FleetMap): string {
  return draw({
    title: "The fleet",
    rows: map.hosts.map(rowOf),
    links: linksOf(map),
    kinds: KINDS,
    legend: map.isChange,
    summary: { text: summaryOf(map) },
  });
}

/** The fleet as a page. */
export function html(map: FleetMap): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8"><title>The fleet</title><style>body{margin:0}svg{max-width:100%;height:auto}</style></head>',
    `<body>${svg(map)}</body>`,
    "</html>",
    "",
  ].join("\n");
}

/** An object in words. @param what its kind, such as `pool` */
export function textOf(what: string, { name, detail }: MapObject): string {
  return `${what} ${name}${detail === "" ? "" : `, ${detail}`}`;
}

function rowOf({ name, pools, networks, machines }: MapHost): Row<Exclude<MapKind, "kept">> {
  const lines = [
    ...pools.map((it) => lineOf(it, textOf("pool", it))),
    ...networks.map((it) => lineOf(it, textOf("network", it))),
    ...machines.map((it) => lineOf(it, machineText(it))),
  ];
  return { name, lines: lines.length === 0 ? [{ text: "nothing" }] : lines, isOutside: false };
}

function machineText(machine: MapMachine): string {
  const { networks } = machine;
  return `${textOf("machine", machine)}${networks.length === 0 ? "" : `, on ${networks.join(" and ")}`}`;
}

function lineOf({ kind }: MapObject, text: string): Line<Exclude<MapKind, "kept">> {
  return kind === "kept" ? { text } : { text: `${SIGNS[kind]} ${text}`, kind };
}

/** An arrow from each host to each other one, with the machines that move there. */
function linksOf({ hosts, moves }: FleetMap): readonly Link<"moved">[] {
  const row = (name: string): number => hosts.findIndex((host) => host.name === name);
  const ways = new Map<string, Link<"moved">>();
  for (const { machine, from, to, live } of moves) {
    const way = `${from} > ${to}`;
    const lines = [...(ways.get(way)?.lines ?? [way]), `${machine}${live ? ", live" : ""}`];
    ways.set(way, { from: row(from), to: row(to), kind: "moved", lines });
  }
  return [...ways.values()];
}

function summaryOf({ hosts, moves }: FleetMap): string {
  const count = (of: (host: MapHost) => readonly MapObject[]): number =>
    hosts.flatMap(of).filter(({ kind }) => kind !== "removed").length;
  const parts = [
    [hosts.length, "host"],
    [count(({ pools }) => pools), "pool"],
    [count(({ networks }) => networks), "network"],
    // A machine that moves is on two hosts of the map.
    [count(({ machines }) => machines) - moves.length, "machine"],
  ] as const;
  return parts.map(([number, what]) => `${number} ${what}${number === 1 ? "" : "s"}`).join(", ");
}
