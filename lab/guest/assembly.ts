const JUMP = 0xeb;
const JUMP_IF_ZERO = 0x74;
const CALL = 0xe8;

/**
 * 16-bit x86 machine code with labels. Callers give instructions as bytes. Only distances and addresses are computed.
 *
 * @see https://www.felixcloutier.com/x86/
 */
export class Assembly {
  private readonly bytes: number[] = [];
  private readonly labels = new Map<string, number>();
  private readonly references: { readonly at: number; readonly label: string; readonly size: 1 | 2 | "absolute" }[] =
    [];

  /** @param origin the address that the first byte is loaded at */
  constructor(private readonly origin: number) {}

  /** Appends instructions or data, as they are in memory. */
  emit(...bytes: number[]): this {
    this.bytes.push(...bytes);
    return this;
  }

  /** Appends characters, followed by a zero byte. */
  text(characters: string): this {
    return this.emit(...Buffer.from(characters, "latin1"), 0);
  }

  /** Gives the next byte a name. */
  label(name: string): this {
    if (this.labels.has(name)) throw new Error(`label '${name}' must be unique`);
    this.labels.set(name, this.bytes.length);
    return this;
  }

  jump(label: string): this {
    return this.emit(JUMP).refer(label, 1);
  }

  jumpIfZero(label: string): this {
    return this.emit(JUMP_IF_ZERO).refer(label, 1);
  }

  call(label: string): this {
    return this.emit(CALL).refer(label, 2);
  }

  /** Appends an instruction whose last two bytes are a label's address. */
  withAddress(label: string, ...instruction: number[]): this {
    return this.emit(...instruction).refer(label, "absolute");
  }

  /** Returns the program with all references resolved. */
  assemble(): Buffer {
    const program = Buffer.from(this.bytes);
    for (const { at, label, size } of this.references) {
      const target = this.labels.get(label);
      if (target === undefined) throw new Error(`label '${label}' does not exist`);
      if (size === "absolute") program.writeUInt16LE(this.origin + target, at);
      else if (size === 2) program.writeInt16LE(target - (at + 2), at);
      // writeInt8 fails if the distance does not fit into one byte.
      else program.writeInt8(target - (at + 1), at);
    }
    return program;
  }

  private refer(label: string, size: 1 | 2 | "absolute"): this {
    this.references.push({ at: this.bytes.length, label, size });
    return this.emit(...(size === 1 ? [0] : [0, 0]));
  }
}
