import { CORES } from "./capacity";

const KIB_PER_GIB = 1 << 20;

/** An amount of a resource for people: `12.5 GiB of memory`, `8 virtual CPUs`. */
export function quantity(resource: string, amount: number): string {
  if (resource === "vcpus") return `${round(amount)} virtual CPUs`;
  if (resource === CORES) return `${round(amount)} cores for machines alone`;
  const size = `${round(amount / KIB_PER_GIB)} GiB`;
  return resource === "memory" ? `${size} of memory` : `${size} in ${pages(resource)}`;
}

/** A resource for people: `memory`, `virtual CPUs`, `huge pages of 2048 KiB`. */
export function nameOf(resource: string): string {
  if (resource === CORES) return "cores for machines alone";
  return resource === "vcpus" ? "virtual CPUs" : resource === "memory" ? resource : pages(resource);
}

function pages(resource: string): string {
  const [, size = "", node] = /^pages (\d+)(?: on node (\d+))?$/.exec(resource) ?? [];
  return `huge pages of ${size} KiB${node === undefined ? "" : ` on NUMA node ${node}`}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
