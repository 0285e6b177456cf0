/** How a conversion treats a size that is not a whole number of the unit. */
export type SizeRounding = "refuse" | "down" | "up";

const units = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

type Unit = keyof typeof units;

/**
 * An amount of memory or storage, a whole number of bytes.
 *
 * A size must be known at synthesis: it cannot be a token.
 *
 * @example
 * Size.gibibytes(20);
 * Size.parse("512MiB");
 */
export class Size {
  /** @param amount bytes, a whole number */
  public static bytes(amount: number): Size {
    return Size.of(amount, "B");
  }

  /** @param amount units of 1024 bytes */
  public static kibibytes(amount: number): Size {
    return Size.of(amount, "KiB");
  }

  /** @param amount units of 1024 KiB */
  public static mebibytes(amount: number): Size {
    return Size.of(amount, "MiB");
  }

  /** @param amount units of 1024 MiB */
  public static gibibytes(amount: number): Size {
    return Size.of(amount, "GiB");
  }

  /** @param amount units of 1024 GiB */
  public static tebibytes(amount: number): Size {
    return Size.of(amount, "TiB");
  }

  /**
   * Parses a number with a binary unit: `512MiB`, `1.5 GiB`, `1048576B`.
   *
   * `20G` and `20GB` are refused, because tools disagree about their meaning.
   */
  public static parse(text: string): Size {
    const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|TiB)\s*$/.exec(text) ?? [];
    if (amount === undefined || unit === undefined) {
      throw new Error(
        `a size must be a number with the unit B, KiB, MiB, GiB or TiB, got '${text}'; write it like '20GiB'`,
      );
    }
    return Size.of(Number(amount), unit as Unit);
  }

  private static of(amount: number, unit: Unit): Size {
    const bytes = amount * units[unit];
    if (!Number.isSafeInteger(bytes) || bytes < 0) {
      throw new Error(
        `a size must be a whole number of bytes from 0 to ${Number.MAX_SAFE_INTEGER}, got ${amount} ${unit}; ` +
          "give an amount that is known before deployment",
      );
    }
    return new Size(bytes);
  }

  private constructor(private readonly amount: number) {}

  public toBytes(): number {
    return this.amount;
  }

  /** @param rounding how to treat a remainder. By default it is an error. */
  public toKibibytes(rounding: SizeRounding = "refuse"): number {
    return this.to("KiB", rounding);
  }

  /** @param rounding how to treat a remainder. By default it is an error. */
  public toMebibytes(rounding: SizeRounding = "refuse"): number {
    return this.to("MiB", rounding);
  }

  /** @param rounding how to treat a remainder. By default it is an error. */
  public toGibibytes(rounding: SizeRounding = "refuse"): number {
    return this.to("GiB", rounding);
  }

  public plus(other: Size): Size {
    return Size.bytes(this.amount + other.amount);
  }

  public times(factor: number): Size {
    return Size.bytes(this.amount * factor);
  }

  public isLessThan(other: Size): boolean {
    return this.amount < other.amount;
  }

  public equals(other: Size): boolean {
    return this.amount === other.amount;
  }

  public isMultipleOf(other: Size): boolean {
    return this.amount % other.amount === 0;
  }

  /** Formats the size in the largest unit without a fraction: `20 GiB`, `1536 MiB`, `1000 bytes`. */
  public toString(): string {
    const unit = (["TiB", "GiB", "MiB", "KiB"] as const).find(
      (candidate) => this.amount > 0 && this.amount % units[candidate] === 0,
    );
    return unit === undefined ? `${this.amount} bytes` : `${this.amount / units[unit]} ${unit}`;
  }

  private to(unit: Unit, rounding: SizeRounding): number {
    const amount = this.amount / units[unit];
    if (rounding === "down") {
      return Math.floor(amount);
    }
    if (rounding === "up") {
      return Math.ceil(amount);
    }
    if (!Number.isInteger(amount)) {
      throw new Error(`${this.toString()} is not a whole number of ${unit}; say whether to round it 'up' or 'down'`);
    }
    return amount;
  }
}
