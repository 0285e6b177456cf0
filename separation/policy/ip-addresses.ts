import { isIPv4, isIPv6 } from "node:net";

/** A CIDR block, in the form in which filter rules take it. */
export interface CidrBlock {
  readonly address: string;
  readonly prefix: number;
}

interface Range {
  first: bigint;
  last: bigint;
}

/** Merges addresses and CIDR blocks of one family into the smallest number of blocks, in ascending order. */
export function smallestBlocks(texts: readonly string[], family: 4 | 6): CidrBlock[] {
  const ranges = texts.map((text) => rangeOf(text, family)).sort((one, other) => compare(one.first, other.first));
  const merged: Range[] = [];
  for (const range of ranges) {
    const before = merged[merged.length - 1];
    if (before !== undefined && range.first <= before.last + 1n) {
      before.last = range.last > before.last ? range.last : before.last;
    } else {
      merged.push({ ...range });
    }
  }
  return merged.flatMap((range) => blocksInRange(range, family));
}

/** Formats a block: `10.1.0.0/24`, or `10.1.0.1` for a single address. */
export function blockText({ address, prefix }: CidrBlock): string {
  return prefix === (address.includes(":") ? 128 : 32) ? address : `${address}/${prefix}`;
}

/** Reports whether two addresses or CIDR blocks have an address in common. */
export function overlaps(one: string, other: string): boolean {
  const family = one.includes(":") ? 6 : 4;
  if (family !== (other.includes(":") ? 6 : 4)) {
    return false;
  }
  const [a, b] = [rangeOf(one, family), rangeOf(other, family)];
  return a.first <= b.last && b.first <= a.last;
}

/** Reports whether the text is an IPv4 or IPv6 address or CIDR block. */
export function isAddressOrCidr(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && bits > 0 && (prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= bits));
}

/** The CIDR of the network that contains an address: `10.1.0.7` with prefix 24 is in `10.1.0.0/24`. */
export function networkCidr(address: string, prefix: number, family: 4 | 6): string {
  const size = 1n << BigInt(bitsOf(family) - prefix);
  const number = parseAddress(address, family);
  return `${formatAddress(number - (number % size), family)}/${prefix}`;
}

/**
 * The address that a guest derives from its MAC address in a 64-bit prefix (EUI-64), including its link-local address.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4291#appendix-A
 */
export function eui64(prefix: string, mac: string): string {
  const octets = mac.split(":").map((octet) => BigInt(`0x${octet}`));
  const [first = 0n, second = 0n, third = 0n, ...rest] = octets;
  const identifier = [first ^ 2n, second, third, 0xffn, 0xfen, ...rest].reduce((sum, octet) => (sum << 8n) | octet, 0n);
  return formatAddress(((parseAddress(prefix, 6) >> 64n) << 64n) | identifier, 6);
}

/** The canonical form of an address, so that two addresses can be compared as text. */
export function canonicalAddress(address: string): string {
  return address.includes(":") ? formatAddress(parseAddress(address, 6), 6) : address;
}

function rangeOf(text: string, family: 4 | 6): Range {
  const [address = "", prefix = String(bitsOf(family))] = text.split("/");
  const size = 1n << BigInt(bitsOf(family) - Number(prefix));
  const number = parseAddress(address, family);
  const first = number - (number % size);
  return { first, last: first + size - 1n };
}

function blocksInRange({ first, last }: Range, family: 4 | 6): CidrBlock[] {
  const blocks: CidrBlock[] = [];
  const bits = bitsOf(family);
  for (let at = first; at <= last;) {
    let size = 1n;
    let prefix = bits;
    while (prefix > 0 && at % (size * 2n) === 0n && at + size * 2n - 1n <= last) {
      size *= 2n;
      prefix--;
    }
    blocks.push({ address: formatAddress(at, family), prefix });
    at += size;
  }
  return blocks;
}

function bitsOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

function parseAddress(address: string, family: 4 | 6): bigint {
  if (family === 4) {
    return address.split(".").reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  }
  const [head = "", tail] = withHexWords(address).split("::");
  const words = (part: string) => (part === "" ? [] : part.split(":"));
  const [before, after] = [words(head), words(tail ?? "")];
  const zeros = Array<string>(tail === undefined ? 0 : 8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].reduce((sum, word) => (sum << 16n) | BigInt(`0x${word}`), 0n);
}

/** Rewrites the last 32 bits of an address such as `::ffff:10.0.0.1` as two hexadecimal words. */
function withHexWords(address: string): string {
  const dotted = /[\d.]+$/.exec(address)?.[0];
  if (dotted?.includes(".") !== true) {
    return address;
  }
  const number = parseAddress(dotted, 4);
  return `${address.slice(0, -dotted.length)}${(number >> 16n).toString(16)}:${(number & 0xffffn).toString(16)}`;
}

/** Formats an address as inet_ntop does: the longest run of two or more zero words becomes `::`. */
function formatAddress(number: bigint, family: 4 | 6): string {
  if (family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => ((number >> shift) & 255n).toString()).join(".");
  }
  const words = Array.from({ length: 8 }, (_, index) => ((number >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  let run = { start: 0, length: 0 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (words[start + length] === "0") length++;
    run = length > run.length ? { start, length } : run;
  }
  if (run.length < 2) {
    return words.join(":");
  }
  return `${words.slice(0, run.start).join(":")}::${words.slice(run.start + run.length).join(":")}`;
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
