import {
  Domain,
  type DomainDevices,
  type DomainDisks,
  type DomainInterfaces,
  Network as NetworkResource,
} from "@cdktf/provider-libvirt";
import { DefaultTokenResolver, StringConcat, TerraformStack, Token, Tokenization } from "cdktf";
import type { IConstruct } from "constructs";
import {
  canonicalAddress,
  eui64,
  type HostNode,
  type InterfaceNode,
  type MachineNode,
  type Model,
  networkCidr,
  type NetworkNode,
  type Rule,
} from "../../../separation";
import { originalId } from "../../core/former-paths";
import type { IHost } from "../../host/types";
import { attachmentOf } from "../../machine/attachments";
import type { NetworkAttachment } from "../../machine/network-interfaces";
import type { INetwork, INetworkZone } from "../../network/types";
import type { IGateway, ISeparationPolicy } from "../types";
import { readInput } from "./read-input";

/** The constructs of an app that define its separation. */
export interface Declared {
  readonly zones: readonly INetworkZone[];
  readonly policies: readonly ISeparationPolicy[];
  readonly gateways: readonly IGateway[];
}

/** Reads the model from all constructs of an app, including Domain resources without a VirtualMachine. */
export function readModel(nodes: readonly IConstruct[], declared: Declared): Model {
  const hosts = nodes.filter(isHost);
  const networks = nodes.filter(isNetwork);
  const uris = new Map(hosts.map((host) => [keyOf(host, host.hostName), host.uri]));
  const byReference = new Map(
    networks.map((network) => [keyOf(network, network.host.hostName, network.networkReference), network]),
  );
  const machines = nodes.filter((node) => node instanceof Domain);
  return {
    zones: declared.zones.map(({ node, zoneName: name, trust, internet, uplinks }) => ({
      path: node.path,
      name,
      trust,
      internet,
      uplinks,
    })),
    hosts: hosts.map(readHost),
    networks: networks.map(readNetwork),
    machines: machines.map((domain) => readMachine(domain, uris, byReference)),
    policies: declared.policies.map(({ node }) => node.path),
    filterPrefix: declared.policies.map(originalId)[0],
    rules: declared.policies.flatMap(({ rules }) => rules as readonly Rule[]),
    gateways: declared.gateways.map(({ node, vm, zones, forwards }) => ({
      path: node.path,
      machine: vm.node.path,
      zones: zones.map((zone) => zone.node.path),
      forwards: forwards.map(({ name }) => name),
    })),
  };
}

function isHost(node: IConstruct): node is IHost {
  return "hostName" in node && "uri" in node && "accelerator" in node;
}

function isNetwork(node: IConstruct): node is INetwork {
  return "networkReference" in node && "networkName" in node;
}

function keyOf(at: IConstruct, ...names: readonly string[]): string {
  return JSON.stringify([TerraformStack.of(at).node.path, ...names]);
}

function readHost({ node, uri, hostName: name, addresses = [] }: IHost): HostNode {
  const [, server = ""] = /^[^:]+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/?]*)/.exec(uri) ?? [];
  const literal = server.replace(/^\[|\]$/g, "");
  const isLiteral = /^[\d.]+$/.test(literal) || literal.includes(":");
  const own = [...addresses, ...(isLiteral && !Token.isUnresolved(uri) ? [literal] : [])];
  return { uri, name, path: node.path, addresses: [...new Set(own.map(canonicalAddress))] };
}

function readNetwork(network: INetwork): NetworkNode {
  const resource = network.node.tryFindChild("Default");
  const { node, networkName: name, host, zone, forwardMode: mode, uplink } = network;
  const common = { path: node.path, name, host: host.uri, zone: zone?.node.path, mode };
  if (!(resource instanceof NetworkResource)) {
    return {
      ...common,
      uplinks: uplink === undefined ? [] : [uplink],
      filtered: mode !== "direct" && mode !== "sriov",
      vlans: [],
      groupVlans: {},
      cidr: network.cidr?.toString(),
      dhcp: false,
      dhcp6: false,
      dns: false,
      forwarders: [],
      staticRoutes: [],
    };
  }
  const [ipv4, ipv6] = [readInput(resource.ipv4Input), readInput(resource.ipv6Input)];
  const forward = readInput(resource.forwardInput);
  const dns = readInput(resource.dnsInput);
  const isVirtual = mode !== "bridge" && mode !== "direct" && mode !== "sriov";
  const groups = Object.entries(readInput(resource.portgroupsInput) ?? {});
  return {
    ...common,
    uplinks: [...new Set([...(uplink === undefined ? [] : [uplink]), ...(forward?.devices ?? [])])],
    bridge: isVirtual ? resource.bridgeInput : undefined,
    // ebtables and iptables see frames on Linux bridges only.
    filtered: (isVirtual || mode === "bridge") && resource.virtualportInput !== "openvswitch",
    vlans: tagsOf(resource.vlanInput),
    groupVlans: Object.fromEntries(
      groups
        .map(([group, settings]) => [group, "vlan" in settings ? tagsOf(settings.vlan) : []])
        .filter(([, tags]) => tags?.length !== 0),
    ) as Record<string, string[]>,
    cidr: network.cidr?.toString(),
    cidr6: ipv6?.address === undefined ? undefined : networkCidr(ipv6.address, ipv6.prefix, 6),
    gateway: ipv4?.address,
    gateway6: ipv6?.address === undefined ? undefined : canonicalAddress(ipv6.address),
    dhcp: ipv4?.dhcp !== undefined,
    dhcp6: ipv6?.dhcp !== undefined,
    dns: isVirtual && (ipv4 ?? ipv6) !== undefined && dns?.enabled !== false,
    forwarders: [...(dns?.forwarders ?? [])],
    staticRoutes: Object.entries(readInput(resource.routesInput) ?? {}).map(([destination, route]) => ({
      destination,
      gateway: "gateway" in route ? route.gateway : "",
    })),
  };
}

function tagsOf(vlan: object | undefined): string[] {
  return vlan !== undefined && "tags" in vlan ? [...(vlan.tags as readonly string[])] : [];
}

function readMachine(
  domain: Domain,
  uris: ReadonlyMap<string, string>,
  networks: ReadonlyMap<string, INetwork>,
): MachineNode {
  const owner = domain.node.scope;
  const isMachine = owner !== undefined && "vmName" in owner;
  const machine: IConstruct = isMachine ? owner : domain;
  const tags = isMachine && "tags" in owner ? (owner.tags as readonly string[]) : [];
  const devices = readInput(domain.devicesInput);
  return {
    path: machine.node.path,
    name: domain.nameInput,
    host: uris.get(keyOf(domain, domain.hostInput)) ?? domain.hostInput,
    stack: TerraformStack.of(domain).node.path,
    tags,
    interfaces: Object.entries(readInput(domain.interfacesInput) ?? {}).map(([name, nic]) => {
      const settings = nic as DomainInterfaces;
      const attachment = attachmentOf(machine, name);
      const reference = settings.network ?? "";
      const network = attachment?.network ?? networks.get(keyOf(domain, domain.hostInput, reference));
      return readInterface(name, settings, attachment, network, domain.nameInput);
    }),
    directories: directoriesOf(devices),
    sharedDisks: Object.values(readInput(domain.disksInput) ?? {}).flatMap((disk) =>
      sharedDisk(domain, disk as DomainDisks),
    ),
    devices: Object.values(readInput(devices?.hostdevs) ?? {}).flatMap((device) =>
      "resolve" in device ? [] : [device.pci, device.mdev].filter((address) => address !== undefined),
    ),
  };
}

function readInterface(
  name: string,
  settings: DomainInterfaces,
  attachment: NetworkAttachment | undefined,
  network: INetwork | undefined,
  machine: string,
): InterfaceNode {
  const { mac, filter, bridge, portgroup: portGroup } = settings;
  const direct = readInput(settings.direct);
  const resource = network?.node.tryFindChild("Default");
  const ipv6 = resource instanceof NetworkResource ? readInput(resource.ipv6Input) : undefined;
  const given = (attachment?.guestAddresses ?? []).filter((address) => !Token.isUnresolved(address));
  const reservation = readInput(readInput(ipv6?.dhcp)?.hosts)?.[machine];
  const isMac = mac !== undefined && !Token.isUnresolved(mac);
  // If the host announces a 64-bit prefix, the guest derives an address from it.
  const derived = ipv6?.address !== undefined && ipv6.prefix === 64 && isMac ? [eui64(ipv6.address, mac)] : [];
  const reserved = reservation !== undefined && "ip" in reservation ? [reservation.ip] : [];
  const addresses6 = [...given.filter((address) => address.includes(":")), ...reserved, ...derived];
  return {
    name,
    network: network?.node.path,
    connectedTo: network?.networkName ?? settings.network ?? bridge ?? direct?.dev ?? "nothing",
    mac,
    addresses: [
      ...new Set(
        [attachment?.address, ...given].filter(
          (address) => address !== undefined && !Token.isUnresolved(address) && !address.includes(":"),
        ),
      ),
    ] as string[],
    addresses6: [
      ...new Set([
        ...addresses6.map(canonicalAddress),
        ...(isMac && addresses6.length > 0 ? [eui64("fe80::", mac)] : []),
      ]),
    ],
    filter,
    portGroup,
    vlans: settings.vlan === undefined ? undefined : tagsOf(settings.vlan),
  };
}

function directoriesOf(devices: DomainDevices | undefined): string[] {
  return Object.values(readInput(devices?.filesystems) ?? {}).flatMap((filesystem) =>
    "resolve" in filesystem ? [] : [filesystem.source],
  );
}

/** Identifies a disk that other machines can write to: by its volume, its path on the host, or its network source. */
function sharedDisk(domain: Domain, { options, file, source }: DomainDisks): string[] {
  if (readInput(options)?.shareable !== true) {
    return [];
  }
  const place = resolved(domain, file ?? readInput(source)?.block ?? source);
  const isLocal = typeof place === "string" && place.startsWith("/");
  return [isLocal ? `${domain.hostInput}:${place}` : typeof place === "string" ? place : JSON.stringify(place)];
}

/** Resolves references to Terraform expressions, so that equal references become equal text. */
function resolved(scope: IConstruct, value: unknown): unknown {
  return Tokenization.resolve(value, { scope, resolver: new DefaultTokenResolver(new StringConcat()) }) as unknown;
}
