import { partitionTable } from "../../lab/guest/mbr";

const MIB = 2 ** 20;

describe("partitionTable", () => {
  const code = Buffer.from([0xeb, 0xfe]);

  test("contains the boot code, the disk's identity, the partitions by sector number and the signature", () => {
    const sector = partitionTable(code, 0x01020304, [
      { start: MIB, size: 2 * MIB, type: 0xef, active: true },
      { start: 3 * MIB, size: MIB, type: 0xda, active: false },
    ]);
    expect(sector).toHaveLength(512);
    expect(sector.subarray(0, 3)).toEqual(Buffer.from([0xeb, 0xfe, 0]));
    expect(sector.subarray(440, 446).toString("hex")).toBe("040302010000");
    expect(sector.subarray(446, 462).toString("hex")).toBe("80feffffeffeffff0008000000100000");
    expect(sector.subarray(462, 478).toString("hex")).toBe("00feffffdafeffff0018000000080000");
    expect(sector.subarray(478).toString("hex")).toBe("00".repeat(32) + "55aa");
  });

  test("rejects boot code and partitions that do not fit", () => {
    const partition = { start: MIB, size: MIB, type: 0xda, active: false };
    expect(() => partitionTable(Buffer.alloc(441), 0, [])).toThrow("boot code must be at most 440 bytes, got 441");
    expect(() => partitionTable(code, 0, Array(5).fill(partition) as (typeof partition)[])).toThrow(
      "a disk has at most 4 partitions, got 5",
    );
  });
});
