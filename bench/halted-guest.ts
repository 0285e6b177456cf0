import fs from "node:fs";

/**
 * A boot sector that stops the timer and halts permanently. The guest runs without using processor time, whereas a hundred
 * guests that wake once per second would disturb the measurement.
 */
const BOOT_SECTOR = [
  ...[0xfa], //             cli
  ...[0xb0, 0x30], //       mov al, 0x30: the timer's channel 0 counts once, after its count is set
  ...[0xe6, 0x43], //       out 0x43, al
  ...[0xb0, 0xff], //       mov al, 0xff: disables the interrupts of both controllers
  ...[0xe6, 0x21], //       out 0x21, al
  ...[0xe6, 0xa1], //       out 0xa1, al
  ...[0xf4], //       halt: hlt
  ...[0xeb, 0xfd], //       jmp halt
];

/** SeaBIOS does not boot from a smaller disk. */
const IMAGE_SIZE = 2 ** 20;

/** Writes the guest to a file, as a raw disk image. */
export function writeHaltedGuest(file: string): void {
  const image = Buffer.alloc(IMAGE_SIZE);
  Buffer.from(BOOT_SECTOR).copy(image);
  image.set([0x55, 0xaa], 510);
  fs.writeFileSync(file, image);
}
