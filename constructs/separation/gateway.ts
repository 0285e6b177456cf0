import { Construct } from "constructs";
import { addError } from "../core/errors";
import type { IVirtualMachine } from "../machine/types";
import type { INetworkZone } from "../network/types";
import { Separation } from "./private/registry";
import type { AllowedFlow, IGateway } from "./types";

/** Properties of a gateway. */
export interface GatewayProps {
  /** The machine. It has an interface in each of the zones. */
  readonly vm: IVirtualMachine;

  /** The zones that the gateway connects: exactly the zones that the machine has interfaces in. */
  readonly zones: readonly INetworkZone[];

  /** The flows to forward: flows that the policy allows between the zones, or from one of them to outside addresses. */
  readonly forwards: readonly AllowedFlow[];
}

/**
 * A machine that forwards traffic between zones. No other machine may have interfaces in several zones.
 *
 * The filters on its interfaces let through the forwarded flows and nothing else, even if the machine is compromised. The machine
 * must not translate addresses (NAT), because filters identify both ends of a flow by their addresses.
 *
 * @example
 * const plant = new NetworkZone(this, "plant", { trust: 90 });
 * const office = new NetworkZone(this, "office", { trust: 50 });
 * const plantLan = new IsolatedNetwork(this, "plant-lan", { host, zone: plant, cidr: Cidr.parse("10.9.0.0/24") });
 * const officeLan = new IsolatedNetwork(this, "office-lan", { host, zone: office, cidr: Cidr.parse("10.8.0.0/24") });
 * const machine = new VirtualMachine(this, "firewall", {
 *   host,
 *   memory: Size.gibibytes(1),
 *   networks: [
 *     { network: plantLan, address: "10.9.0.2" },
 *     { network: officeLan, address: "10.8.0.2" },
 *   ],
 * });
 * const policy = new SeparationPolicy(this, "policy");
 * const reports = policy.allow(plant, office, { protocol: "tcp", ports: [443] });
 * new Gateway(this, "gateway", { vm: machine, zones: [plant, office], forwards: [reports] });
 */
export class Gateway extends Construct implements IGateway {
  public readonly vm: IVirtualMachine;
  public readonly zones: readonly INetworkZone[];
  public readonly forwards: readonly AllowedFlow[];

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    this.vm = props.vm;
    this.zones = [...props.zones];
    this.forwards = [...props.forwards];

    this.validateForwards();
    Separation.of(this).addGateway(this);
  }

  private validateForwards(): void {
    if (this.forwards.length === 0) {
      addError(
        this,
        `'forwards' must name at least one rule, got none; list what '${this.vm.vmName}' forwards, or remove the Gateway`,
      );
    }
  }
}
