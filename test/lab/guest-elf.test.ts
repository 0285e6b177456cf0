import { readFileSync } from "node:fs";
import { neededLibraries, neededModules } from "../../lab/guest/elf";
import { inLoadingOrder } from "../../lab/guest/modules";

/** Builds the part of a kernel module that names its dependencies. */
function moduleThatNeeds(...names: string[]): Buffer {
  return Buffer.from(`ELF\0license=GPL\0depends=${names.join(",")}\0intree=Y\0`);
}

/** Builds a 64-bit ELF file whose dynamic section names these libraries as needed. */
function programThatNeeds(...names: string[]): Buffer {
  const [header, strings, dynamic, sections] = [0, 0x40, 0x200, 0x400];
  const file = Buffer.alloc(sections + 3 * 64);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1]).copy(file, header);
  file.writeBigUInt64LE(BigInt(sections), 0x28);
  file.writeUInt16LE(64, 0x3a);
  file.writeUInt16LE(3, 0x3c);
  let used = 1;
  names.forEach((name, index) => {
    file.write(`${name}\0`, strings + used, "latin1");
    file.writeBigUInt64LE(1n, dynamic + index * 16);
    file.writeBigUInt64LE(BigInt(used), dynamic + index * 16 + 8);
    used += name.length + 1;
  });
  const section = (number: number, type: number, offset: number, size: number, link: number) => {
    const at = sections + number * 64;
    file.writeUInt32LE(type, at + 4);
    file.writeBigUInt64LE(BigInt(offset), at + 24);
    file.writeBigUInt64LE(BigInt(size), at + 32);
    file.writeUInt32LE(link, at + 40);
  };
  section(1, 6, dynamic, (names.length + 1) * 16, 2);
  section(2, 3, strings, used, 0);
  return file;
}

describe("neededLibraries", () => {
  test("returns the libraries of a program", () => {
    expect(neededLibraries(programThatNeeds("libz.so.1", "libc.so.6"))).toEqual(["libz.so.1", "libc.so.6"]);
  });

  test("returns no libraries for a static program", () => {
    expect(neededLibraries(programThatNeeds())).toEqual([]);
  });

  test("reads a program of a real compiler", () => {
    const names = neededLibraries(readFileSync(process.execPath));
    expect(names.filter((name) => !/^[\w+.-]+\.so(\.\d+)*$/.test(name))).toEqual([]);
  });

  test("rejects a file that is not a 64-bit ELF file", () => {
    const message = "not a 64-bit little-endian ELF file";
    expect(() => neededLibraries(Buffer.from("#!/bin/sh\n"))).toThrow(message);
    expect(() => neededLibraries(Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1]))).toThrow(message);
  });
});

describe("neededModules", () => {
  test("returns the modules that a module needs", () => {
    expect(neededModules(moduleThatNeeds("virtio", "virtio_ring"))).toEqual(["virtio", "virtio_ring"]);
    expect(neededModules(moduleThatNeeds())).toEqual([]);
  });

  test("rejects a file that is not a kernel module", () => {
    expect(() => neededModules(Buffer.from("ELF\0"))).toThrow(
      "not a kernel module: it does not say what it depends on",
    );
  });
});

describe("inLoadingOrder", () => {
  const needs: Readonly<Record<string, string[]>> = {
    virtio: [],
    virtio_ring: ["virtio"],
    virtio_blk: ["virtio", "virtio_ring"],
    virtio_net: ["net_failover", "virtio_ring"],
    net_failover: ["failover"],
    failover: [],
  };

  test("lists each module once, after the modules that it needs", async () => {
    const read = jest.fn((name: string) => Promise.resolve(moduleThatNeeds(...(needs[name] ?? []))));
    const modules = await inLoadingOrder(["virtio_blk", "virtio_net", "virtio"], read);
    expect(modules.map(({ name }) => name)).toEqual(
      "virtio virtio_ring virtio_blk failover net_failover virtio_net".split(" "),
    );
    expect(read).toHaveBeenCalledTimes(modules.length);
  });
});
