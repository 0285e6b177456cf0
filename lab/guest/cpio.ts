/** One file of an archive. All files belong to root and have the same time. */
export type ArchiveEntry =
  | { readonly path: string; readonly kind: "folder"; readonly mode: number }
  | { readonly path: string; readonly kind: "file"; readonly mode: number; readonly content: Buffer }
  | { readonly path: string; readonly kind: "link"; readonly target: string }
  | {
      readonly path: string;
      readonly kind: "device";
      readonly mode: number;
      readonly major: number;
      readonly minor: number;
    };

const TYPE = { folder: 0o040000, file: 0o100000, link: 0o120000, device: 0o020000 };
const MAGIC = "070701";
const END = "TRAILER!!!";

/**
 * Returns an archive in the format that the kernel unpacks at boot ("newc"). Times and inode numbers are fixed, so the same
 * entries always give the same bytes. Device nodes require no root.
 *
 * @see https://docs.kernel.org/driver-api/early-userspace/buffer-format.html
 */
export function cpio(entries: readonly ArchiveEntry[]): Buffer {
  const parts = entries.flatMap((entry, index) => record(entry.path, header(entry, index + 1), contentOf(entry)));
  return Buffer.concat([...parts, ...record(END, {}, Buffer.alloc(0))]);
}

interface Header {
  readonly inode?: number;
  readonly mode?: number;
  readonly links?: number;
  readonly major?: number;
  readonly minor?: number;
}

function header(entry: ArchiveEntry, inode: number): Header {
  const mode = TYPE[entry.kind] | (entry.kind === "link" ? 0o777 : entry.mode);
  const device = entry.kind === "device" ? { major: entry.major, minor: entry.minor } : {};
  return { inode, mode, links: entry.kind === "folder" ? 2 : 1, ...device };
}

function contentOf(entry: ArchiveEntry): Buffer {
  if (entry.kind === "file") return entry.content;
  return Buffer.from(entry.kind === "link" ? entry.target : "");
}

function record(name: string, fields: Header, content: Buffer): Buffer[] {
  const { inode = 0, mode = 0, links = 1, major = 0, minor = 0 } = fields;
  const nameSize = Buffer.byteLength(name) + 1;
  const [owner, group, time, deviceMajor, deviceMinor, check] = [0, 0, 0, 0, 0, 0];
  const numbers = [
    ...[inode, mode, owner, group, links, time, content.length],
    ...[deviceMajor, deviceMinor, major, minor, nameSize, check],
  ];
  const head = Buffer.from(`${MAGIC}${numbers.map(hexadecimal).join("")}${name}\0`);
  return [head, padding(head.length), content, padding(content.length)];
}

function hexadecimal(value: number): string {
  return value.toString(16).padStart(8, "0");
}

/** Returns the bytes that pad the length to a multiple of four. */
function padding(length: number): Buffer {
  return Buffer.alloc(-length & 3);
}
