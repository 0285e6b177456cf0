import type { Construct } from "constructs";
import { LOCK_FILE } from "../../../placement";
import { addError } from "../../core/errors";
import { decisionFor } from "../../host/decisions";
import { DeclaredPlacement } from "../../host/declared-placement";
import { PerHost } from "../../host/per-host";
import { isSameHost } from "../../host/same-host";
import type { IFleet, IHost } from "../../host/types";
import type { INetwork } from "../../network/types";
import { isPoolOn } from "../../storage/shared-storage";
import type { IStoragePool, IVolume } from "../../storage/types";
import { Dedicated } from "../dedicated";
import type { NetworkAttachment } from "../network-interfaces";
import type { VirtualMachineProps } from "../props";

/** The properties of a machine whose host is known, with what it uses on that host. */
export type PlacedProps = Omit<VirtualMachineProps, "host" | "image" | "pool" | "network" | "networks" | "vcpus"> & {
  readonly host: IHost;
  readonly vcpus?: number;
  /** Set if each virtual CPU has a CPU of the host for itself. */
  readonly dedicated?: Dedicated;
  readonly image?: IVolume;
  readonly pool?: IStoragePool;
  readonly network?: INetwork;
  readonly networks?: readonly NetworkAttachment[];
};

/**
 * Finds the host of a machine, and what the machine uses there. On a fleet it is the decided host.
 *
 * Without a decision it is the first host that the machine can be on, so that all else can be checked. Synthesis then fails,
 * unless it runs for the decision.
 */
export function placeMachine(machine: Construct, props: VirtualMachineProps): PlacedProps {
  const { host, placement = {} } = props;
  const declared = DeclaredPlacement.of(machine);
  const { path } = machine.node;
  if (!isFleet(host)) {
    if (props.placement !== undefined) {
      addError(machine, "'placement' requires a Fleet as 'host'; remove 'placement', or name the fleet");
    }
    const stated = { candidates: [host.hostName], excluded: {}, requires: {}, prefers: {}, mustSurvive: true };
    declared.addMachine({ path, ...stated });
    return onHost(machine, props, host);
  }
  const excluded = excludedHosts(host, props);
  const decision = decisionFor(machine);
  const { requires = {}, prefers = {}, mustSurvive = true } = placement;
  const candidates = host.hosts.filter(({ hostName }) => excluded[hostName] === undefined);
  declared.addMachine({
    path,
    fleet: host.node.path,
    candidates: candidates.map(({ hostName }) => hostName),
    excluded,
    requires,
    prefers,
    current: decision?.host,
    mustSurvive,
  });
  if (candidates.length === 0) {
    const reasons = Object.entries(excluded).map(([name, reason]) => `'${name}': ${reason}`);
    addError(
      machine,
      `'host' must have a host with all that the machine uses, got none in fleet '${host.node.path}' (${reasons.join("; ")}); ` +
        "create it with 'onEachHost' of the fleet",
    );
  }
  const chosen = host.hosts.find(({ hostName }) => hostName === decision?.host);
  if (!declared.isAsked && candidates.length > 0) checkDecision(machine, host, chosen, decision?.host, excluded);
  const [first] = candidates.length > 0 ? candidates : host.hosts;
  const known = chosen !== undefined && excluded[chosen.hostName] === undefined ? chosen : first;
  if (known === undefined) {
    throw new Error(`'hosts' of fleet '${host.node.path}' must have at least one host, got none; add the hosts`);
  }
  return onHost(machine, props, known);
}

function isFleet(host: IHost | IFleet): host is IFleet {
  return "hosts" in host;
}

function checkDecision(
  machine: Construct,
  fleet: IFleet,
  chosen: IHost | undefined,
  name: string | undefined,
  excluded: Readonly<Record<string, string>>,
): void {
  const fix = `run 'kvm-fleet place', and commit ${LOCK_FILE}`;
  if (name === undefined) {
    addError(machine, `'host' is a fleet, and no host is decided for the machine; ${fix}`);
  } else if (chosen === undefined) {
    addError(machine, `'${name}', the decided host, is not in fleet '${fleet.node.path}'; ${fix}`);
  } else if (excluded[name] !== undefined) {
    addError(machine, `'${name}', the decided host, does not suit the machine: ${excluded[name]}; ${fix}`);
  } else if (chosen.maintenance === true) {
    addError(machine, `'${name}', the decided host, is in maintenance; ${fix}`);
  }
}

/** Why hosts of a fleet lack something that the machine uses, by the name of the host. */
function excludedHosts(fleet: IFleet, props: VirtualMachineProps): Record<string, string> {
  const { placement, image, pool, network, networks = [], disks = [] } = props;
  const pinnedTo = placement?.pinnedTo;
  const all = [...(network === undefined ? [] : [network]), ...networks.map((attachment) => attachment.network)];
  const excluded: Record<string, string> = {};
  for (const host of fleet.hosts) {
    const volumes = [image, ...disks.map(({ volume }) => volume)].filter((volume) => volume !== undefined);
    const reason =
      pinnedTo !== undefined && !isSameHost(pinnedTo, host)
        ? `the machine is pinned to '${pinnedTo.hostName}'`
        : volumes.some((volume) => !hasOn(volume, host, ({ pool: its }) => isPoolOn(host, its)))
          ? "it lacks an image or a volume of the machine"
          : pool !== undefined && !hasOn(pool, host, (each) => isPoolOn(host, each))
            ? "it lacks the pool of the machine"
            : all.some((each) => !hasOn(each, host, (its) => isSameHost(its.host, host)))
              ? "it lacks a network of the machine"
              : props.vcpus instanceof Dedicated && host.dedicatedCpus === undefined
                ? "it declares no 'dedicatedCpus'"
                : undefined;
    if (reason !== undefined) excluded[host.hostName] = reason;
  }
  return excluded;
}

function hasOn<T extends object>(value: T | PerHost<T>, host: IHost, isThere: (value: T) => boolean): boolean {
  return value instanceof PerHost ? value.on(host) !== undefined : isThere(value);
}

/** The properties with what the machine uses on a host. */
function onHost(machine: Construct, props: VirtualMachineProps, host: IHost): PlacedProps {
  const { image, pool, network, networks, vcpus } = props;
  const on = <T extends object>(property: string, value: T | PerHost<T> | undefined): T | undefined => {
    if (!(value instanceof PerHost)) return value;
    const own = value.on(host);
    if (own === undefined && !isFleet(props.host)) {
      addError(machine, `'${property}' has nothing on host '${host.hostName}'; add the host to the fleet that has it`);
    }
    return own;
  };
  return {
    ...props,
    host,
    ...(vcpus instanceof Dedicated ? { vcpus: vcpus.count, dedicated: vcpus } : { vcpus }),
    image: on("image", image),
    pool: on("pool", pool),
    network: on("network", network),
    networks: networks?.flatMap((attachment) => {
      const own = on("networks.network", attachment.network);
      return own === undefined ? [] : [{ ...attachment, network: own, alsoReservedOn: reservedOn(attachment, own) }];
    }),
  };
}

/** The further networks that reserve the address: those of the other hosts, so that the machine keeps it when it moves. */
function reservedOn(
  { network, address, alsoReservedOn }: NetworkAttachment<INetwork | PerHost<INetwork>>,
  own: INetwork,
): readonly INetwork[] | undefined {
  return address !== undefined && alsoReservedOn === undefined && network instanceof PerHost
    ? network.all.filter((other) => other !== own)
    : alsoReservedOn;
}
