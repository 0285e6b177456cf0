import { type ArchiveEntry, cpio } from "../../lab/guest/cpio";

const entries: ArchiveEntry[] = [
  { path: "bin", kind: "folder", mode: 0o755 },
  { path: "bin/busybox", kind: "file", mode: 0o755, content: Buffer.from("12345") },
  { path: "bin/sh", kind: "link", target: "/bin/busybox" },
  { path: "console", kind: "device", mode: 0o600, major: 5, minor: 1 },
];

/** Returns the header fields of each record, in the order of the archive format. */
function records(archive: Buffer): { name: string; fields: number[]; content: Buffer }[] {
  const found = [];
  for (let at = 0; at < archive.length;) {
    expect(archive.toString("latin1", at, at + 6)).toBe("070701");
    const fields = Array.from({ length: 13 }, (_, index) =>
      parseInt(archive.toString("latin1", at + 6 + index * 8, at + 14 + index * 8), 16),
    );
    const [size = 0, nameSize = 0] = [fields[6], fields[11]];
    const name = archive.toString("latin1", at + 110, at + 110 + nameSize - 1);
    const start = (at + 110 + nameSize + 3) & ~3;
    found.push({ name, fields, content: archive.subarray(start, start + size) });
    at = (start + size + 3) & ~3;
  }
  return found;
}

describe("cpio", () => {
  test("writes every kind of entry and the trailer", () => {
    const read = records(cpio(entries));
    expect(read.map(({ name }) => name)).toEqual(["bin", "bin/busybox", "bin/sh", "console", "TRAILER!!!"]);
    expect(read.map(({ fields }) => fields[1]?.toString(8))).toEqual(["40755", "100755", "120777", "20600", "0"]);
    expect(read.map(({ content }) => content.toString())).toEqual(["", "12345", "/bin/busybox", "", ""]);
    expect(read[3]?.fields.slice(9, 11)).toEqual([5, 1]);
  });

  test("makes root the owner of every entry, with time 0 and a unique inode number", () => {
    const read = records(cpio(entries)).slice(0, -1);
    expect(read.map(({ fields }) => fields.slice(2, 4))).toEqual(read.map(() => [0, 0]));
    expect(read.map(({ fields }) => fields[5])).toEqual(read.map(() => 0));
    expect(new Set(read.map(({ fields }) => fields[0])).size).toBe(read.length);
  });
});
