import { Construct } from "constructs";
import { flowText, type PortSpan, type Rule, type Selector } from "../../separation";
import { addError } from "../core/errors";
import { type MovableProps, movedFrom } from "../core/formerly";
import type { PortRange } from "../core/port-range";
import type { IVirtualMachine } from "../machine/types";
import type { INetwork, INetworkZone } from "../network/types";
import { Peers } from "./peers";
import { Separation } from "./private/registry";
import type { AllowedFlow, FlowProtocol, ISeparationPolicy } from "./types";

/** An end of a flow: all machines in a zone or on a network, machines with a tag, one machine, or outside addresses. */
export type FlowPeer = INetworkZone | INetwork | IVirtualMachine | Peers;

/** Traffic from one end to the other, and the answers to it. */
export interface Flow {
  /** The protocol. `any` is every protocol over IP. */
  readonly protocol: FlowProtocol;

  /**
   * The destination ports, single or as ranges. Required for `tcp`, `udp` and `sctp`.
   *
   * @default - none
   */
  readonly ports?: readonly (number | PortRange)[];

  /**
   * Why the flow is allowed, in plain ASCII without quotes. The reason is kept in the filters on the hosts. It is required if
   * machines of a less trusted zone reach machines of a more trusted one.
   *
   * @default - none
   */
  readonly reason?: string;

  /**
   * The flow's name in filters and reports: letters, digits, '-', '_' and '.'.
   *
   * @default - the ends, protocol and ports, such as `web-to-db-tcp-5432`
   */
  readonly name?: string;
}

/**
 * The traffic that an app allows between machines. All other traffic between machines on networks with a zone is denied, over IPv4
 * and IPv6, within a zone and between zones. An app has one policy, which applies to all its stacks.
 *
 * Each interface gets a filter on its host. A machine can then send only from its own addresses, and only what is allowed. Answers
 * are accepted because connections are tracked. Synthesis fails if the filters could not enforce the policy.
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

  constructor(scope: Construct, id: string, props: MovableProps = {}) {
    super(scope, id);
    movedFrom(this, props.formerly);
    this.separation = Separation.of(this);
    this.validateOnce();
    this.separation.addPolicy(this);
  }

  /** The allowed flows, in the order of the calls of `allow`. */
  public get rules(): readonly AllowedFlow[] {
    return this.allowed;
  }

  /** Allows `from` to initiate traffic to `to`. The opposite direction is a separate flow. */
  public allow(from: FlowPeer, to: FlowPeer, flow: Flow): AllowedFlow {
    const ends = { from: selectorOf(from), to: selectorOf(to) };
    const { protocol, reason } = flow;
    const ports = (flow.ports ?? []).map((port): PortSpan =>
      typeof port === "number" ? [port, port] : [port.start, port.end],
    );
    const suffix = flowText({ protocol, ports }).replace(/[ ,]/g, "-");
    const name = flow.name ?? `${ends.from.label}-to-${ends.to.label}-${suffix}`.replace(/[^A-Za-z0-9_.-]/g, "-");
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
        `an app must have only one SeparationPolicy, another is at ${other.node.path}; add the rules there`,
      );
    }
  }

  private validateName(name: string, given: boolean): void {
    if (!/^[A-Za-z0-9_.-]{1,120}$/.test(name)) {
      addError(this, `'name' must be 1 to 120 letters, digits, '-', '_' and '.', got '${name}'; choose another`);
    } else if (this.allowed.some((rule) => rule.name === name)) {
      const fix = given ? "choose another" : "remove one of the rules";
      addError(this, `'name' must be unique, '${name}' is already used by another rule; ${fix}`);
    }
  }

  private validatePorts({ name, protocol, ports }: Rule): void {
    const hasPorts = protocol === "tcp" || protocol === "udp" || protocol === "sctp";
    if (hasPorts && ports.length === 0) {
      addError(this, `protocol '${protocol}' requires 'ports' in rule '${name}'; list the destination ports`);
    } else if (!hasPorts && ports.length > 0) {
      addError(
        this,
        `'ports' cannot be combined with protocol '${protocol}' in rule '${name}'; remove 'ports', or use 'tcp' or 'udp'`,
      );
    }
    const bad = ports.find(([start, end]) => ![start, end].every(isPort) || end < start);
    if (bad !== undefined) {
      addError(
        this,
        `'ports' must be from 1 to 65535, each range in ascending order, got ${bad[0]} to ${bad[1]} in rule '${name}'; ` +
          "choose others",
      );
    }
  }

  private validateReason({ name, reason }: Rule): void {
    if (reason !== undefined && !/^[ -~]{1,100}$/.test(reason)) {
      addError(
        this,
        `'reason' must be 1 to 100 characters of plain ASCII in rule '${name}', got '${reason}'; change it`,
      );
    } else if (reason !== undefined && /["'`\\$]/.test(reason)) {
      addError(this, `'reason' must not contain quotes, '\\' or '$' in rule '${name}', got '${reason}'; remove them`);
    }
  }

  private validateOutside({ name, from, to }: Rule): void {
    if (from.kind === "outside" && to.kind === "outside") {
      addError(
        this,
        `rule '${name}' must have an end in the app, got 'outside' twice; use a zone, network, machine or tag for one end`,
      );
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
