const SECTOR = 512;
const CODE_SIZE = 440;
const TABLE = 446;
const ENTRY_SIZE = 16;
const SIGNATURE = 0xaa55;
const ACTIVE = 0x80;
/** The cylinder, head and sector of a partition that is addressed only by sector number. */
const BEYOND_CHS = [0xfe, 0xff, 0xff];

/** A partition of a disk. Its start and size are in bytes. */
export interface Partition {
  readonly start: number;
  readonly size: number;
  readonly type: number;
  /** Whether the boot code starts this partition. */
  readonly active: boolean;
}

/** Returns a disk's first sector: boot code, the disk's identity, and up to four partitions. */
export function partitionTable(bootCode: Buffer, identity: number, partitions: readonly Partition[]): Buffer {
  if (bootCode.length > CODE_SIZE)
    throw new Error(`boot code must be at most ${CODE_SIZE} bytes, got ${bootCode.length}`);
  if (partitions.length > 4) throw new Error(`a disk has at most 4 partitions, got ${partitions.length}`);
  const sector = Buffer.alloc(SECTOR);
  bootCode.copy(sector);
  sector.writeUInt32LE(identity, CODE_SIZE);
  partitions.forEach(({ start, size, type, active }, index) => {
    const at = TABLE + index * ENTRY_SIZE;
    sector.set([active ? ACTIVE : 0, ...BEYOND_CHS, type, ...BEYOND_CHS], at);
    sector.writeUInt32LE(start / SECTOR, at + 8);
    sector.writeUInt32LE(size / SECTOR, at + 12);
  });
  sector.writeUInt16LE(SIGNATURE, SECTOR - 2);
  return sector;
}
