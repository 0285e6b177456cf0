const MAGIC = "\x7fELF";
const LITTLE_64 = Buffer.from([2, 1]);
const SECTION_STRINGS = 3;
const SECTION_DYNAMIC = 6;
const TAG_NEEDED = 1n;

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** For a dynamic section: the number of the section that holds its strings. */
  readonly link: number;
}

/**
 * Returns the shared libraries that a 64-bit program or library names as needed, such as `libc.so.6`.
 *
 * @see https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html
 */
export function neededLibraries(file: Buffer): string[] {
  const sections = readSections(file);
  const dynamic = sections.find((section) => section.type === SECTION_DYNAMIC);
  const strings = dynamic && sections[dynamic.link];
  if (!dynamic || strings?.type !== SECTION_STRINGS) return [];
  const names: string[] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    if (file.readBigUInt64LE(at) !== TAG_NEEDED) continue;
    const start = strings.offset + Number(file.readBigUInt64LE(at + 8));
    names.push(file.toString("latin1", start, file.indexOf(0, start)));
  }
  return names;
}

function readSections(file: Buffer): Section[] {
  if (file.toString("latin1", 0, 4) !== MAGIC || !file.subarray(4, 6).equals(LITTLE_64)) {
    throw new Error("not a 64-bit little-endian ELF file");
  }
  const table = Number(file.readBigUInt64LE(0x28));
  const size = file.readUInt16LE(0x3a);
  const count = file.readUInt16LE(0x3c);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return {
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
    };
  });
}

/** Returns the kernel modules that a module names as needed, in the module's own spelling. */
export function neededModules(file: Buffer): string[] {
  const key = "\0depends=";
  const start = file.indexOf(key, 0, "latin1");
  if (start < 0) throw new Error("not a kernel module: it does not say what it depends on");
  const value = file.toString("latin1", start + key.length, file.indexOf(0, start + key.length));
  return value === "" ? [] : value.split(",");
}
