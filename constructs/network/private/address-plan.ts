import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import type { Cidr } from "../../core/cidr";
import { addError } from "../../core/errors";
import { formatIpv4, parseIpv4 } from "../../core/ipv4";
import type { VirtualNetworkProps } from "../props";
import type { DhcpRange } from "../settings";

/** A network needs four addresses: the network address, the broadcast address, the gateway's, and one for a guest. */
const longestPrefix = 30;

/** libvirt 9.0 rejects a range of any length whose first two octets change as 'too large (> 65535)'. */
const rangeBlock = 2 ** 16;

/** The addresses of a network, and the owner of each. */
export class AddressPlan {
  /** The host's address on the network. */
  public readonly gateway: string;

  /** The range of addresses that DHCP assigns. Undefined without DHCP. */
  public readonly range?: DhcpRange;

  private readonly hasRoom: boolean;
  private readonly holders = new Map<number, string>();

  constructor(
    private readonly network: IConstruct,
    private readonly networkName: string,
    private readonly cidr: Cidr,
    props: Pick<VirtualNetworkProps, "gateway" | "dhcp" | "dhcpRange">,
  ) {
    this.hasRoom = this.validateRoom();
    this.hold(cidr.networkAddress, "the network's own address");
    this.hold(cidr.broadcastAddress, "the network's broadcast address");
    this.gateway = props.gateway ?? cidr.nth(this.hasRoom ? 1 : 0);
    if (!this.hasRoom) {
      return;
    }
    if (props.gateway !== undefined) {
      this.validateAddress(network, "gateway", props.gateway);
    }
    this.hold(this.gateway, "the gateway");
    if (props.dhcp !== false) {
      this.range = props.dhcpRange ?? this.defaultRange();
      this.validateRange(this.range);
    }
  }

  /** Assigns an address to an owner, or reports an error at the owner. */
  public take(owner: IConstruct, address: string): void {
    if (!this.hasRoom) {
      return;
    }
    if (this.range === undefined) {
      addError(
        owner,
        `'address' is not supported on network '${this.networkName}', which has no DHCP, got ${address}; turn on its 'dhcp'`,
      );
      return;
    }
    if (this.validateAddress(owner, "address", address)) {
      this.hold(address, owner.node.path);
    }
  }

  private hold(address: string, holder: string): void {
    const number = parseIpv4(address);
    if (number !== undefined) {
      this.holders.set(number, holder);
    }
  }

  private validateRoom(): boolean {
    const hasRoom = this.cidr.prefix <= longestPrefix;
    if (!hasRoom) {
      addError(
        this.network,
        `'cidr' must have a prefix of at most ${longestPrefix}, which has addresses for the host and a guest, got ${this.cidr.toString()}; ` +
          "choose a larger network",
      );
    }
    return hasRoom;
  }

  /** Reports whether the address can be assigned. Accepts a token unchecked. */
  private validateAddress(at: IConstruct, property: string, address: string): boolean {
    if (Token.isUnresolved(address)) {
      return true;
    }
    const number = parseIpv4(address);
    const choices = `choose an address from ${this.cidr.nth(1)} to ${this.cidr.nth(-2)}`;
    if (number === undefined) {
      addError(at, `'${property}' must be an IPv4 address, got '${address}'; ${choices}`);
      return false;
    }
    if (!this.cidr.contains(address)) {
      addError(
        at,
        `'${property}' must be in network '${this.networkName}' (${this.cidr.toString()}), got ${address}; ${choices}`,
      );
      return false;
    }
    const holder = this.holders.get(number);
    if (holder !== undefined) {
      addError(
        at,
        `'${property}' must be unique in network '${this.networkName}', ${address} is already used by ${holder}; choose another address`,
      );
    }
    return holder === undefined;
  }

  private defaultRange(): DhcpRange {
    const gateway = parseIpv4(this.gateway);
    const first = gateway === parseIpv4(this.cidr.nth(1)) ? this.cidr.nth(2) : this.cidr.nth(1);
    const beforeGateway = this.cidr.nth(-2) === this.gateway ? this.cidr.nth(-3) : this.cidr.nth(-2);
    const start = parseIpv4(first) ?? 0;
    const blockEnd = start - (start % rangeBlock) + rangeBlock - 1;
    return { start: first, end: formatIpv4(Math.min(blockEnd, parseIpv4(beforeGateway) ?? blockEnd)) };
  }

  private validateRange({ start, end }: DhcpRange): void {
    if (Token.isUnresolved(start) || Token.isUnresolved(end)) {
      return;
    }
    const [first, last] = [parseIpv4(start), parseIpv4(end)];
    const got = `got ${start} to ${end}`;
    const choices = `choose addresses from ${this.cidr.nth(1)} to ${this.cidr.nth(-2)}`;
    if (first === undefined || last === undefined) {
      addError(this.network, `'dhcpRange' must be two IPv4 addresses, ${got}; ${choices}`);
    } else if (first > last) {
      addError(this.network, `'dhcpRange' must not end before its start, ${got}; swap them`);
    } else if (!this.cidr.contains(start) || !this.cidr.contains(end)) {
      addError(
        this.network,
        `'dhcpRange' must be in network '${this.networkName}' (${this.cidr.toString()}), ${got}; ${choices}`,
      );
    } else if (start === this.cidr.networkAddress || end === this.cidr.broadcastAddress) {
      addError(
        this.network,
        `'dhcpRange' must not contain the network address or the broadcast address, ${got}; ${choices}`,
      );
    } else if (Math.floor(first / rangeBlock) !== Math.floor(last / rangeBlock)) {
      addError(this.network, `'dhcpRange' must be within one /16, ${got}; shorten it`);
    }
  }
}
