import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Assembly } from "./assembly";
import { cacheFolder, digest } from "./cache";
import type { BuildOptions } from "./image";

/** The address that the BIOS loads a disk's first sector to. */
const LOADED_AT = 0x7c00;
const SECTOR = 512;
const SIGNATURE = [0x55, 0xaa];

/** SeaBIOS 1.16 counts a disk in cylinders of 504 KiB, and does not boot from a disk with less than one. */
const IMAGE_SIZE = 2 ** 20;

/**
 * The clock's registers, with one port for the number and one for the value. The program waits for the clock's interrupt at
 * each new second. The timer's interrupt would wake it 18 times per second, and KVM delivers missed timer interrupts later.
 *
 * @see https://wiki.osdev.org/RTC
 */
const CLOCK = { number: 0x70, value: 0x71, seconds: 0x00, statusB: 0x0b, everySecond: 0x10 };

/**
 * The interrupt controllers' masks.
 *
 * The clock uses the first input of the second controller, which uses the third input of the first.
 */
const INTERRUPTS = { first: 0x21, onlySecond: 0xff & ~0x04, second: 0xa1, onlyClock: 0xff & ~0x01 };

/** Registers of COM1. */
const COM1 = { data: 0x3f8, status: 0x3fd, ready: 0x20 };

/** A value that the clock's seconds never have. */
const NO_SECOND = 0xff;

/** The addresses at which SeaBIOS places the power management registers of QEMU's machines pc and q35. */
const ACPI = { status: 0x600, enable: 0x602, control: 0x604, powerButton: 0x0100, sleepS5: 0x2000 };

/**
 * Builds a raw disk image that contains only a boot sector, and returns its path.
 *
 * The program prints `count 1`, `count 2`, ... on the first serial port, one count per second, and halts in between. When the
 * power button is pressed, it prints `shutdown` and switches the machine off.
 *
 * It runs in 16-bit mode, so it also runs under a KVM that cannot start a 64-bit Linux. It needs a BIOS and little memory.
 */
export async function buildCounter({ report }: BuildOptions): Promise<string> {
  const image = counterImage();
  const file = path.join(cacheFolder(), `counter-${digest([image]).slice(0, 12)}.img`);
  const kept = await readFile(file).catch(() => undefined);
  if (kept?.equals(image)) return file;
  report("counter image: writing it");
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(path.join(cacheFolder(), "counter-"));
  try {
    const draft = path.join(work, "counter.img");
    await writeFile(draft, image);
    await rename(draft, file);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return file;
}

/** Returns the image's bytes. */
export function counterImage(): Buffer {
  const program = counterProgram();
  const room = SECTOR - SIGNATURE.length;
  if (program.length > room) throw new Error(`the program must fit into ${room} bytes, got ${program.length}`);
  const image = Buffer.alloc(IMAGE_SIZE);
  program.copy(image);
  image.set(SIGNATURE, room);
  return image;
}

/** Returns the program. SI holds the last printed number, and BL the second of the minute at which it was printed. */
function counterProgram(): Buffer {
  const code = new Assembly(LOADED_AT);
  code
    .emit(0xfa) // cli
    .emit(0x31, 0xc0) // xor ax, ax
    .emit(0x8e, 0xd8) // mov ds, ax
    .emit(0x8e, 0xd0) // mov ss, ax
    .emit(0xbc, ...word(LOADED_AT)) // mov sp, LOADED_AT: the stack grows down from the program
    .emit(0x31, 0xf6) // xor si, si
    .emit(0xb3, NO_SECOND) // mov bl: the program prints the first number at once
    .emit(0xb0, INTERRUPTS.onlySecond, 0xe6, INTERRUPTS.first) // mov al; out
    .emit(0xb0, INTERRUPTS.onlyClock, 0xe6, INTERRUPTS.second) // mov al; out
    .emit(0xb0, CLOCK.statusB, 0xe6, CLOCK.number, 0xe4, CLOCK.value) // mov al; out; in al
    .emit(0x0c, CLOCK.everySecond, 0x88, 0xc4) // or al; mov ah, al
    .emit(0xb0, CLOCK.statusB, 0xe6, CLOCK.number, 0x88, 0xe0, 0xe6, CLOCK.value) // mov al; out; mov al, ah; out
    // QEMU reports the button only to a guest that has enabled the event.
    .emit(0xba, ...word(ACPI.enable), 0xb8, ...word(ACPI.powerButton), 0xef) // mov dx; mov ax; out dx, ax
    .jump("second");
  code
    .label("wait")
    .emit(0xfb) // sti
    .emit(0xf4) // hlt: waits for the next interrupt without using processor time
    .emit(0xba, ...word(ACPI.status), 0xed) // mov dx; in ax, dx
    .emit(0xf6, 0xc4, ACPI.powerButton >> 8) // test ah, 1
    .jumpIfZero("second")
    .withAddress("shutdown", 0xbd) // mov bp, shutdown
    .call("print")
    .emit(0xba, ...word(ACPI.control), 0xb8, ...word(ACPI.sleepS5), 0xef) // mov dx; mov ax; out dx, ax
    .jump("wait");
  code
    .label("second")
    .emit(0xb0, CLOCK.seconds, 0xe6, CLOCK.number, 0xe4, CLOCK.value) // mov al; out; in al
    .emit(0x38, 0xd8) // cmp al, bl
    .jumpIfZero("wait") // another event woke the processor
    .emit(0x88, 0xc3) // mov bl, al
    .emit(0x46) // inc si
    .withAddress("count", 0xbd) // mov bp, count
    .call("print")
    .emit(0x89, 0xf0) // mov ax, si
    .call("number")
    .withAddress("end", 0xbd) // mov bp, end
    .call("print")
    .jump("wait");
  code
    .label("number") // prints AX: first the digits before the last digit
    .emit(0x31, 0xd2) // xor dx, dx
    .emit(0xb9, ...word(10)) // mov cx, 10
    .emit(0xf7, 0xf1) // div cx
    .emit(0x52) // push dx
    .emit(0x85, 0xc0) // test ax, ax
    .jumpIfZero("digit")
    .call("number")
    .label("digit")
    .emit(0x58) // pop ax
    .emit(0x04, "0".charCodeAt(0)) // add al, '0'
    .label("character") // prints AL
    .emit(0x88, 0xc4) // mov ah, al
    .emit(0xba, ...word(COM1.status)) // mov dx, status
    .label("busy")
    .emit(0xec) // in al, dx
    .emit(0xa8, COM1.ready) // test al, ready
    .jumpIfZero("busy")
    .emit(0x88, 0xe0) // mov al, ah
    .emit(0xba, ...word(COM1.data), 0xee) // mov dx, data; out dx, al
    .emit(0xc3); // ret
  code
    .label("print") // prints the text at BP, up to its zero byte
    .emit(0x3e, 0x8a, 0x46, 0x00) // mov al, ds:[bp]
    .emit(0x45) // inc bp
    .emit(0x84, 0xc0) // test al, al
    .jumpIfZero("printed")
    .call("character")
    .jump("print")
    .label("printed")
    .emit(0xc3); // ret
  return code.label("count").text("count ").label("shutdown").text("shutdown\r\n").label("end").text("\r\n").assemble();
}

function word(value: number): [number, number] {
  return [value & 0xff, value >> 8];
}
