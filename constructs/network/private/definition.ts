import { type NetworkConfig, Network as NetworkResource } from "@cdktf/provider-libvirt";
import type { Construct } from "constructs";
import type { Cidr } from "../../core/cidr";
import { ConstructState } from "../../core/construct-state";
import { Late } from "../../core/late";
import { checkAddress } from "../../core/resource-address";
import { XmlElements } from "../../core/xml-elements";
import type { NetworkProps } from "../props";
import type { ForwardMode, INetwork } from "../types";
import { makePortGroups } from "./port-groups";
import { reserveRange } from "./ranges";

/** What distinguishes one kind of network from the others. */
export interface NetworkKind {
  readonly forwardMode: ForwardMode;
  readonly uplink?: string;
  readonly cidr?: Cidr;

  /** The settings of the resource that only networks of this kind have. */
  readonly settings: Partial<NetworkConfig>;
}

/** A defined network: its kind, and the reference that other resources use for it. */
interface NetworkDefinition extends Omit<NetworkKind, "settings"> {
  readonly reference: string;
}

const definitions = new ConstructState<{ definition?: NetworkDefinition }>(() => ({}));

/** The elements of libvirt's XML of each network. */
export const elementsOf = new ConstructState((network) => new XmlElements(network));

/** Defines a network on its host. The constructor of each kind of network calls it once. */
export function defineNetwork(
  network: Construct & Pick<INetwork, "host" | "networkName" | "zone" | "reserveAddress">,
  props: NetworkProps,
  { forwardMode, uplink, cidr, settings }: NetworkKind,
): void {
  const { host, networkName: name } = network;
  reserveRange(network, host, cidr);
  for (const [key, xml] of Object.entries(props.xml ?? {})) {
    elementsOf.of(network).add(key, xml);
  }
  const resource = new NetworkResource(network, "Default", {
    host: host.hostName,
    name,
    portgroups: makePortGroups(network, props.portGroups),
    autostart: props.autostart,
    xml: new Late(() => elementsOf.of(network).rendered),
    ...settings,
    lifecycle: { createBeforeDestroy: true },
  });
  checkAddress(resource);
  definitions.of(network).definition = { forwardMode, uplink, cidr, reference: resource.name };
  network.zone?.addNetwork(network as Construct & INetwork);
}

/** Returns the definition of a network. */
export function definitionOf(network: Construct): NetworkDefinition {
  const { definition } = definitions.of(network);
  if (definition === undefined) {
    throw new Error(
      `network '${network.node.path}' must be of a kind that defines it; use IsolatedNetwork, for example`,
    );
  }
  return definition;
}
