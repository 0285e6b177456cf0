import { formatIpv4, parseIpv4 } from "./ipv4";

const addressBits = 32;

/**
 * An IPv4 network: its first address and the length of its prefix.
 *
 * @example
 * const lan = Cidr.parse("10.1.0.0/24");
 * lan.nth(10); // "10.1.0.10"
 */
export class Cidr {
  /**
   * Parses an address and a prefix length, such as `10.1.0.0/24`.
   *
   * An address inside the network, such as `10.1.0.5/24`, is refused, because it may be a typing error.
   */
  public static parse(text: string): Cidr {
    const [, address, length] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
    const start = address === undefined ? undefined : parseIpv4(address);
    const prefix = Number(length);
    if (start === undefined || prefix > addressBits) {
      throw new Error(
        `a CIDR must be an IPv4 address and a prefix length from 0 to ${addressBits}, got '${text}'; ` +
          "write it like '10.1.0.0/24'",
      );
    }
    const size = 2 ** (addressBits - prefix);
    if (start % size !== 0) {
      throw new Error(
        `a CIDR must begin with the network's first address, got '${text}'; ` +
          `write '${formatIpv4(start - (start % size))}/${prefix}'`,
      );
    }
    return new Cidr(start, prefix);
  }

  private constructor(
    private readonly start: number,
    /** Length of the prefix in bits, 0 to 32. */
    public readonly prefix: number,
  ) {}

  /** Number of addresses, including the network address and the broadcast address. */
  public get size(): number {
    return 2 ** (addressBits - this.prefix);
  }

  /** Number of addresses that hosts can have: all except the network address and the broadcast address. */
  public get hosts(): number {
    return Math.max(this.size - 2, 0);
  }

  /** The network address, which is the first address. */
  public get networkAddress(): string {
    return formatIpv4(this.start);
  }

  /** The broadcast address, which is the last address. */
  public get broadcastAddress(): string {
    return formatIpv4(this.start + this.size - 1);
  }

  /** The netmask: `255.255.255.0` for a prefix of 24. */
  public get netmask(): string {
    return formatIpv4(2 ** addressBits - this.size);
  }

  /**
   * Returns an address by its index: 0 is the network address, 1 the first address for a host.
   *
   * Negative indexes count from the end: -1 is the broadcast address, -2 the last address for a host.
   */
  public nth(index: number): string {
    const offset = index < 0 ? this.size + index : index;
    if (!Number.isInteger(offset) || offset < 0 || offset >= this.size) {
      throw new Error(
        `the index of an address in ${this.toString()} must be a whole number from ${-this.size} to ${this.size - 1}, got ${index}`,
      );
    }
    return formatIpv4(this.start + offset);
  }

  /** Returns the subnet with that prefix length and index, counted from 0. */
  public subnet(prefix: number, index: number): Cidr {
    const size = 2 ** (addressBits - prefix);
    const count = this.size / size;
    if (!Number.isInteger(prefix) || prefix < this.prefix || prefix > addressBits) {
      throw new Error(
        `the prefix of a subnet of ${this.toString()} must be a whole number from ${this.prefix} to ${addressBits}, got ${prefix}`,
      );
    }
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new Error(
        `the index of a /${prefix} in ${this.toString()} must be a whole number from 0 to ${count - 1}, got ${index}`,
      );
    }
    return new Cidr(this.start + index * size, prefix);
  }

  /** Whether the address, or the whole of the other network, is in this network. */
  public contains(other: string | Cidr): boolean {
    if (other instanceof Cidr) {
      return other.prefix >= this.prefix && this.contains(other.networkAddress);
    }
    const address = parseIpv4(other);
    return address !== undefined && address >= this.start && address < this.start + this.size;
  }

  /** Whether the two networks have an address in common. */
  public overlaps(other: Cidr): boolean {
    return this.contains(other) || other.contains(this);
  }

  public equals(other: Cidr): boolean {
    return this.start === other.start && this.prefix === other.prefix;
  }

  /**
   * Orders networks by their first address, and the larger one first if that is the same. Negative if this one comes
   * first.
   */
  public compare(other: Cidr): number {
    return this.start - other.start || this.prefix - other.prefix;
  }

  public toString(): string {
    return `${formatIpv4(this.start)}/${this.prefix}`;
  }
}
