import fs from "node:fs";

/**
 * A guest that consists of firmware only. It counts on its serial port: four hexadecimal digits a line, nine lines a second.
 *
 * It has no disk, is up at once, and runs 16-bit code, so it runs under KVM even where that runs no Linux. It halts between
 * two counts: a guest that spins would take a core from other tests.
 */
const PROGRAM = [
  ...[0xfa], //                                     cli
  ...[0x31, 0xc0], //                               xor ax, ax
  ...[0x8e, 0xd8], //                               mov ds, ax
  ...[0x8e, 0xd0], //                               mov ss, ax
  ...[0xbc, 0x00, 0x7c], //                         mov sp, 0x7c00
  ...[0x2e, 0x0f, 0x01, 0x16, 0x10, 0x02], //       lgdt [cs: 0x210]
  ...[0x0f, 0x20, 0xc0], //                         mov eax, cr0
  ...[0x0c, 0x01], //                               or al, 1: protected mode,
  ...[0x0f, 0x22, 0xc0], //                         mov cr0, eax
  ...[0xbb, 0x08, 0x00], //                         mov bx, 8: only for fs to reach all memory,
  ...[0x8e, 0xe3], //                               mov fs, bx
  ...[0x24, 0xfe], //                               and al, 0xfe: and back
  ...[0x0f, 0x22, 0xc0], //                         mov cr0, eax
  ...fsStore(0xfee000f0, 0x1ff), //                 local APIC: on,
  ...fsStore(0xfee00350, 0x700), //                 with the interrupt controller on its pin
  ...[0xc7, 0x06, 0x20, 0x00, 0x00, 0x01], //       mov word [8 * 4], 0x100
  ...[0xc7, 0x06, 0x22, 0x00, 0x00, 0xf0], //       mov word [8 * 4 + 2], 0xf000
  ...[0xb0, 0x11, 0xe6, 0x20], //                   interrupt controller: begin,
  ...[0xb0, 0x08, 0xe6, 0x21], //                   vectors from 8,
  ...[0xb0, 0x04, 0xe6, 0x21], //                   the second one at line 2,
  ...[0xb0, 0x01, 0xe6, 0x21], //                   8086 mode,
  ...[0xb0, 0xfe, 0xe6, 0x21], //                   and only the timer's line open
  ...[0xb0, 0x34, 0xe6, 0x43], //                   timer: 18.2 ticks a second
  ...[0xb0, 0x00, 0xe6, 0x40, 0xe6, 0x40], //
  ...[0xfb], //                                     sti
  ...[0x31, 0xdb], //                               xor bx, bx
  ...[0xb9, 0x04, 0x00], //                  line:  mov cx, 4
  ...[0xc1, 0xc3, 0x04], //                  digit: rol bx, 4
  ...[0x88, 0xd8], //                               mov al, bl
  ...[0x24, 0x0f], //                               and al, 0x0f
  ...[0x04, 0x30], //                               add al, '0'
  ...[0x3c, 0x3a], //                               cmp al, '9' + 1
  ...[0x72, 0x02], //                               jb send
  ...[0x04, 0x07], //                               add al, 'A' - '9' - 1
  ...[0xba, 0xf8, 0x03], //                  send:  mov dx, 0x3f8
  ...[0xee], //                                     out dx, al
  ...[0xe2, 0xeb], //                               loop digit
  ...[0xb0, 0x0a], //                               mov al, '\n'
  ...[0xee], //                                     out dx, al
  ...[0x43], //                                     inc bx
  ...[0xb9, 0x02, 0x00], //                         mov cx, 2
  ...[0xf4], //                              wait:  hlt
  ...[0xe2, 0xfd], //                               loop wait
  ...[0xeb, 0xdc], //                               jmp line
];

/** The one segment that reaches all memory, marked as accessed so that no processor wants to write here. */
const SEGMENTS = [...Array<number>(8).fill(0), 0xff, 0xff, 0x00, 0x00, 0x00, 0x93, 0xcf, 0x00];

/** The length and the address of the table of segments. */
const SEGMENTS_POINTER = [0x0f, 0x00, 0x00, 0x02, 0x0f, 0x00];

/** The handler of the timer's interrupt. */
const ON_TICK = [
  ...[0x50], //             push ax
  ...[0xb0, 0x20, 0xe6, 0x20], // tell the interrupt controller that it is served
  ...[0x58], //             pop ax
  ...[0xcf], //             iret
];

/** A processor starts 16 bytes below the end of its firmware: jmp 0xf000:0 */
const RESET_VECTOR = [0xea, 0x00, 0x00, 0x00, 0xf0];
const FIRMWARE_SIZE = 64 * 1024;

/** The code of `mov dword [fs: address], value`. */
function fsStore(address: number, value: number): number[] {
  const operands = Buffer.alloc(8);
  operands.writeUInt32LE(address, 0);
  operands.writeUInt32LE(value, 4);
  return [0x64, 0x67, 0x66, 0xc7, 0x05, ...operands];
}

/** Writes the guest's firmware to a file. */
export function writeCountingFirmware(file: string): void {
  const firmware = Buffer.alloc(FIRMWARE_SIZE);
  Buffer.from(PROGRAM).copy(firmware);
  Buffer.from(ON_TICK).copy(firmware, 0x100);
  Buffer.from(SEGMENTS).copy(firmware, 0x200);
  Buffer.from(SEGMENTS_POINTER).copy(firmware, 0x210);
  Buffer.from(RESET_VECTOR).copy(firmware, FIRMWARE_SIZE - 16);
  fs.writeFileSync(file, firmware);
}

export interface CountingGuest {
  readonly name: string;
  readonly firmware: string;
  readonly accelerator: "kvm" | "qemu";
  /** The file for its count, on each host that it runs on. */
  readonly log: string;
  /** A raw image for its disk, which it does not read. */
  readonly disk?: string;
}

/** The guest's domain. */
export function countingDomain({ name, firmware, accelerator, log, disk }: CountingGuest): string {
  const disks =
    disk === undefined ? "" : `<disk type='file'><source file='${disk}'/><target dev='vda' bus='virtio'/></disk>`;
  return `<domain type='${accelerator}'>
    <name>${name}</name>
    <memory unit='MiB'>16</memory>
    <vcpu>1</vcpu>
    <os><type arch='x86_64'>hvm</type><loader readonly='yes' type='rom'>${firmware}</loader></os>
    <devices>
      ${disks}
      <serial type='file'><source path='${log}' append='on'/></serial>
      <memballoon model='none'/>
    </devices>
  </domain>`;
}

/** The counts in a serial log, oldest first, without an unfinished last line. */
export function countsIn(log: string): number[] {
  if (!fs.existsSync(log)) return [];
  const lines = fs.readFileSync(log, "latin1").split("\n").slice(0, -1);
  return lines.filter((line) => /^[0-9A-F]{4}$/.test(line)).map((line) => parseInt(line, 16));
}
