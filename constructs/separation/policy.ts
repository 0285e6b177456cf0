import { Construct } from "constructs";
import { flowText, type PortSpan, type Rule, type Selector } from "../../separation";
import { addError } from "../core/errors";
import type { PortRange } from "../core/port-range";
import type { IVirtualMachine } from "../machine/types";
import type { INetwork, INetworkZone } from "../network/types";
import { Peers } from "./peers";
import { Separation } from "./private/registry";
import type { AllowedFlow, FlowProtocol, ISeparationPolicy } from "./types";

/** An end of a flow: all machines in a zone or on a network, those with a tag, one machine, or what is outside. */
export type FlowPeer = INetworkZone | INetwork | IVirtualMachine | Peers;

/** What may go from one end to the other, and its answers back. */
export interface Flow {
  /** What is spoken; `any` is every protocol over IP. */
  readonly protocol: FlowProtocol;

  /**
   * The ports at the other end, singly or as ranges; required for `tcp`, `udp` and `sctp`.
   *
   * @default - none
   */
  readonly ports?: readonly (number | PortRange)[];

  /**
   * Why it is allowed, in plain ASCII without quotes: it stays in the filters on the hosts. Required where less trusted
   * machines reach more trusted ones.
   *
   * @default - none
   */
  readonly reason?: string;

  /**
   * Its name in filters and reports: letters, digits, '-', '_' and '.'.
   *
   * @default - its ends and what is spoken, such as `web-to-db-tcp-5432`
   */
  readonly name?: string;
}

/**
 * What may talk to what. All else is denied between all machines on networks of zones, in both directions, IPv4 and IPv6,
 * within a zone as between them. There is one in an app, and it holds in all stacks.
 *
 * Each interface gets a filter on its host: it sends from its own addresses alone, and exactly what is allowed; answers
 * come back because connections are known. Where this would not hold, synthesis fails.
 *
 * @example
 * const plant = new NetworkZone(this, "plant", { trust: 90 });
 * const network = new IsolatedNetwork(this, "controllers", { host, zone: plant, cidr: Cidr.parse("10.9.0.0/24") });
 * const memory = Size.gibibytes(1);
 * new VirtualMachine(this, "historian", {
 *   host,
 *   memory,
 *   tags: ["historian"],
 *   networks: [{ network, address: "10.9.0.10" }],
 * });
 * new VirtualMachine(this, "plc-1", { host, memory, tags: ["plc"], networks: [{ network, address: "10.9.0.11" }] });
 *
 * const policy = new SeparationPolicy(this, "policy");
 * policy.allow(Peers.tagged("historian"), Peers.tagged("plc"), { protocol: "tcp", ports: [502] });
 */
export class SeparationPolicy extends Construct implements ISeparationPolicy {
  private readonly allowed: Rule[] = [];
  private readonly separation: Separation;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.separation = Separation.of(this);
    this.validateOnce();
    this.separation.addPolicy(this);
  }

  /** What it allows, in the order in which that was said. */
  public get rules(): readonly AllowedFlow[] {
    return this.allowed;
  }

  /** Lets `from` begin to talk to `to`. The other way round is a flow of its own. */
  public allow(from: FlowPeer, to: FlowPeer, flow: Flow): AllowedFlow {
    const ends = { from: selectorOf(from), to: selectorOf(to) };
    const { protocol, reason } = flow;
    const ports = (flow.ports ?? []).map((port): PortSpan =>
      typeof port === "number" ? [port, port] : [port.start, port.end],
    );
    const spoken = flowText({ protocol, ports }).replace(/[ ,]/g, "-");
    const name = flow.name ?? `${ends.from.label}-to-${ends.to.label}-${spoken}`.replace(/[^A-Za-z0-9_.-]/g, "-");
    const rule: Rule = { name, path: this.node.path, ...ends, protocol, ports, reason };

    this.validateName(name, flow.name !== undefined);
    this.validatePorts(rule);
    this.validateReason(rule);
    this.validateOutside(rule);

    this.allowed.push(rule);
    this.separation.touch();
    return rule;
  }

  private validateOnce(): void {
    const [other] = this.separation.policies;
    if (other !== undefined) {
      addError(
        this,
        `there must be one SeparationPolicy in an app, got another at ${other.node.path}; allow it all there`,
      );
    }
  }

  private validateName(name: string, given: boolean): void {
    if (!/^[A-Za-z0-9_.-]{1,120}$/.test(name)) {
      addError(this, `'name' must be 1 to 120 letters, digits, '-', '_' and '.', got '${name}'; choose another`);
    } else if (this.allowed.some((rule) => rule.name === name)) {
      const fix = given ? "choose another" : "leave one of them out";
      addError(this, `'name' must be of one rule, got '${name}' twice; ${fix}`);
    }
  }

  private validatePorts({ name, protocol, ports }: Rule): void {
    const hasPorts = protocol === "tcp" || protocol === "udp" || protocol === "sctp";
    if (hasPorts && ports.length === 0) {
      addError(
        this,
        `'ports' must name at least one for '${protocol}', got none in rule '${name}'; say which are reached`,
      );
    } else if (!hasPorts && ports.length > 0) {
      addError(this, `'ports' must be left out for '${protocol}', got some in rule '${name}'; name 'tcp' or 'udp'`);
    }
    const bad = ports.find(([start, end]) => ![start, end].every(isPort) || end < start);
    if (bad !== undefined) {
      addError(
        this,
        `'ports' must be from 1 to 65535, each range from the lower to the higher, got ${bad[0]} to ${bad[1]} in rule '${name}'; ` +
          "choose others",
      );
    }
  }

  private validateReason({ name, reason }: Rule): void {
    if (reason !== undefined && !/^[ -~]{1,100}$/.test(reason)) {
      addError(
        this,
        `'reason' must be 1 to 100 characters of plain ASCII in rule '${name}', got '${reason}'; shorten it`,
      );
    } else if (reason !== undefined && /["'`\\$]/.test(reason)) {
      addError(this, `'reason' must have no quotes, '\\' and '$' in rule '${name}', got '${reason}'; leave them out`);
    }
  }

  private validateOutside({ name, from, to }: Rule): void {
    if (from.kind === "outside" && to.kind === "outside") {
      addError(this, `rule '${name}' must have an end in the app, got 'outside' twice; name who it is about`);
    }
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

function selectorOf(peer: FlowPeer): Selector {
  if (peer instanceof Peers) {
    const { tag, cidrs } = peer;
    return tag === undefined ? { kind: "outside", cidrs, label: "outside" } : { kind: "tag", tag, label: tag };
  }
  const { path } = peer.node;
  if ("zoneName" in peer) {
    return { kind: "zone", path, label: peer.zoneName };
  }
  return "networkName" in peer
    ? { kind: "network", path, label: peer.networkName }
    : { kind: "machine", path, label: peer.vmName };
}
