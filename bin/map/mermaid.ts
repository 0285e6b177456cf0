import { LIGHT } from "../picture/svg";
import type { FleetMap, MapKind, MapObject } from "./fleet-map";
import { KINDS, textOf } from "./svg";

/** The fleet as a Mermaid flowchart, which GitHub and GitLab draw in comments and pages. */
export function mermaid({ hosts, moves }: FleetMap): string {
  const machine = new Map<string, string>();
  const subgraphs = hosts.flatMap(({ name, pools, networks, machines }, host) => {
    const network = new Map(networks.map((it, index) => [it.name, `h${host}n${index}`]));
    return [
      `  subgraph h${host}["${escape(name)}"]`,
      ...pools.map((it, index) => `    h${host}p${index}[("${label("pool", it)}")]${classOf(it)}`),
      ...networks.map((it, index) => `    h${host}n${index}(["${label("network", it)}"])${classOf(it)}`),
      ...machines.flatMap((it, index) => {
        const id = `h${host}m${index}`;
        machine.set(`${name}/${it.name}`, id);
        const links = it.networks.map((on) => `    ${id} --- ${network.get(on) ?? ""}`);
        return [`    ${id}["${label("machine", it)}"]${classOf(it)}`, ...links];
      }),
      "  end",
    ];
  });
  const arrows = moves.map(({ machine: name, from, to, live }) => {
    const [start = "", end = ""] = [from, to].map((host) => machine.get(`${host}/${name}`));
    return `  ${start} -.->|${live ? "moves live" : "moves"}| ${end}`;
  });
  const classes = Object.entries(KINDS).map(
    ([kind, { colour, dashed }]) =>
      `  classDef ${kind} stroke:${LIGHT[colour]},stroke-width:2px${dashed === true ? ",stroke-dasharray:6 4" : ""}`,
  );
  return ["flowchart LR", ...subgraphs, ...arrows, ...classes, ""].join("\n");
}

/** Says what changes in words: Mermaid takes a sign at the beginning for a list. */
function label(what: string, it: MapObject): string {
  return escape(`${textOf(what, it)}${it.kind === "kept" ? "" : ` (${KINDS[it.kind].meaning})`}`);
}

function classOf({ kind }: { readonly kind: MapKind }): string {
  return kind === "kept" ? "" : `:::${kind}`;
}

/** Escapes what ends a label, and what begins an entity. */
function escape(text: string): string {
  return text.replace(/#/g, "#35;").replace(/"/g, "#quot;").replace(/</g, "#lt;").replace(/>/g, "#gt;");
}
