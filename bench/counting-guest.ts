import fs from "node:fs";

/** Counts per second: enough to time the pause of a migration, at a cost of 4 % of a processor. */
const RATE = 1000;

/** The frequency of the timer's clock in hertz. */
const CLOCK = 1_193_182;
const DIVISOR = Math.round(CLOCK / RATE);

/** The address that the firmware loads a boot sector to. */
const ORIGIN = 0x7c00;

const MAIN = [
  ...[0xfa], //                         cli
  ...[0x31, 0xc0], //                   xor ax, ax
  ...[0x8e, 0xd8], //                   mov ds, ax
  ...[0x8e, 0xd0], //                   mov ss, ax
  ...[0xbc, ...word(ORIGIN)], //        mov sp, origin
  ...[0xb0, 0x34, 0xe6, 0x43], //       out 0x43, 0x34: the timer's channel 0 interrupts periodically
  ...[0xb0, DIVISOR & 0xff, 0xe6, 0x40],
  ...[0xb0, DIVISOR >> 8, 0xe6, 0x40],
  ...[0xb0, 0xfe, 0xe6, 0x21], //       out 0x21, 0xfe: only the timer's interrupt
  ...[0xb0, 0xff, 0xe6, 0xa1], //       out 0xa1, 0xff
  ...[0xba, 0xf8, 0x03], //             mov dx, 0x3f8: the serial port
];

const COUNT = [
  ...[0xb0, 0x30], //                   zero: mov al, '0'
  ...[0xfb], //                         next: sti
  ...[0xf4], //                         hlt
  ...[0xee], //                         out dx, al
  ...[0x40], //                         inc ax
  ...[0x3c, 0x3a], //                   cmp al, '9' + 1
  ...[0x72, 0xf8], //                   jb next
  ...[0xeb, 0xf4], //                   jmp zero
];

const TICK = [
  ...[0x50], //                         push ax
  ...[0xb0, 0x20, 0xe6, 0x20], //       out 0x20, 0x20: end of interrupt
  ...[0x58], //                         pop ax
  ...[0xcf], //                         iret
];

/** The vector of the timer's interrupt. The firmware's handler is too slow for a thousand calls per second. */
const VECTOR = 0x20;

function setHandler(handler: number): number[] {
  return [
    ...[0xc7, 0x06, ...word(VECTOR), ...word(handler)], //    mov word [vector], handler
    ...[0xc7, 0x06, ...word(VECTOR + 2), ...word(0)], // mov word [vector + 2], 0
  ];
}

function bootSector(): number[] {
  const offset = ORIGIN + MAIN.length + setHandler(0).length + COUNT.length;
  return [...MAIN, ...setHandler(offset), ...COUNT, ...TICK];
}

function word(value: number): number[] {
  return [value & 0xff, value >> 8];
}

/**
 * Writes a guest over the beginning of a raw disk image.
 *
 * The guest repeatedly counts from 0 to 9 on its serial port, one digit per millisecond, and sleeps in between.
 */
export function writeCountingGuest(file: string): void {
  const sector = Buffer.alloc(512);
  Buffer.from(bootSector()).copy(sector);
  sector.set([0x55, 0xaa], 510);
  const image = fs.openSync(file, "r+");
  try {
    fs.writeSync(image, sector, 0, sector.length, 0);
  } finally {
    fs.closeSync(image);
  }
}
