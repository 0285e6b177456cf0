import type { SeparationReport } from "./report";

const WIDTH = 960;
const ROW = 96;
const BOX = { width: 260, height: 56, left: 350 };

interface Place {
  readonly name: string;
  readonly trust?: number;
  readonly networks: number;
  readonly machines: number;
  readonly y: number;
}

/** A picture: zones from the most trusted down, and an arrow for each pair that may talk; green for what a base did not have. */
export function svg({ model, cells, difference }: SeparationReport): string {
  const zones = [...model.zones].sort((one, other) => other.trust - one.trust || (one.name < other.name ? -1 : 1));
  const places: Place[] = zones.map(({ path, name, trust }, index) => {
    const networks = new Set(model.networks.filter(({ zone }) => zone === path).map((network) => network.path));
    const machines = model.machines.filter(({ legs }) => legs.some(({ network }) => networks.has(network ?? "")));
    return { name, trust, networks: networks.size, machines: machines.length, y: 24 + index * ROW };
  });
  places.push({ name: "outside", networks: 0, machines: 0, y: 24 + zones.length * ROW });
  const height = 24 + places.length * ROW;
  const opened = new Set(difference?.opened.map(({ from, to }) => `${from} ${to}`));
  const arrows = cells
    .filter(({ flows }) => flows.length > 0)
    .map(({ from, to, flows }, index) => {
      const [a, b] = [places.find(({ name }) => name === from), places.find(({ name }) => name === to)];
      const text = [...new Set(flows.map(({ flow }) => flow))].join("; ");
      return a === undefined || b === undefined ? "" : arrow(a, b, text, index, opened.has(`${from} ${to}`));
    });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13">`,
    `<title>What may talk to what</title>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...places.map(box),
    ...arrows,
    `</svg>`,
    "",
  ].join("\n");
}

function box({ name, trust, networks, machines, y }: Place): string {
  const dash = trust === undefined ? ` stroke-dasharray="5 4"` : "";
  const detail =
    trust === undefined
      ? "beyond the hosts' networks"
      : `trust ${trust}, ${count(networks, "network")}, ${count(machines, "machine")}`;
  const middle = BOX.left + BOX.width / 2;
  return (
    `<rect x="${BOX.left}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="#f3f5f8" stroke="#4a5568"${dash}/>` +
    `<text x="${middle}" y="${y + 24}" text-anchor="middle" font-weight="bold">${escape(name)}</text>` +
    `<text x="${middle}" y="${y + 43}" text-anchor="middle" fill="#4a5568">${escape(detail)}</text>`
  );
}

/** Down on the right, up on the left, each in a lane of its own. */
function arrow(from: Place, to: Place, text: string, index: number, isOpened: boolean): string {
  const colour = isOpened ? "#15803d" : "#1f4e9c";
  const down = to.y >= from.y;
  const edge = down ? BOX.left + BOX.width : BOX.left;
  const lane = 24 + (index % 5) * 14;
  const x = down ? edge + lane : edge - lane;
  const [y1, y2] = [from.y + BOX.height / 2 - 8, to.y + BOX.height / 2 + 8];
  const anchor = down ? "start" : "end";
  return (
    `<path d="M${edge} ${y1} H${x} V${y2} H${edge}" fill="none" stroke="${colour}" stroke-width="1.5" marker-end="url(#tip)"/>` +
    `<text x="${down ? x + 6 : x - 6}" y="${(y1 + y2) / 2 + 4}" text-anchor="${anchor}" fill="${colour}">${escape(`${from.name} > ${to.name}: ${text}`)}</text>`
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
