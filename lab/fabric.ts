import { run } from "./command";
import { hostIndex } from "./names";
import { deleteNetns, ip, netnsExists } from "./netns";
import type { LabPaths } from "./paths";

const BRIDGE = "fabric";

/** The interface at the host's end of its cable. */
const HOST_INTERFACE = "fabric";

/** The interface of a host that is a virtual machine, and the bridge between it and its cable. */
export const MACHINE_INTERFACE = "machine";
const MACHINE_BRIDGE = "uplink";

/** An address in the range that RFC 2544 reserves for network tests, which a guest network is unlikely to use. */
export const FABRIC_ADDRESS = "198.18.0.1";

/** The length of the prefix of the addresses on the fabric. */
export const PREFIX = 16;

export function fabricAddress(host: string): string {
  const index = hostIndex(host);
  if (index === undefined) throw new Error(`'${host}' is no lab host's name`);
  return `198.18.1.${index + 1}`;
}

/** Returns the address with which this machine logs in to a host that is a virtual machine. */
function loginAddress(host: string): string {
  return fabricAddress(host).replace(".1.", ".2.");
}

/** The network between the hosts: a bridge in its own network namespace, so that labs can use the same addresses. */
export class Fabric {
  constructor(private readonly paths: LabPaths) {}

  /** Creates the bridge, unless it exists. */
  async up(): Promise<void> {
    const netns = this.paths.fabricNetns;
    if (await hasInterface(netns, BRIDGE)) return;
    await deleteNetns(netns);
    await ip([`netns add ${netns}`]);
    await ip(
      [
        "link set lo up",
        `link add ${BRIDGE} type bridge forward_delay 0 stp_state 0`,
        `address add ${FABRIC_ADDRESS}/${PREFIX} dev ${BRIDGE}`,
        `link set ${BRIDGE} up`,
      ],
      netns,
    );
  }

  /** Creates the host's network namespace and its cable to the bridge, unless they exist. */
  async plug(host: string): Promise<void> {
    const netns = this.paths.netns(host);
    if (!netnsExists(netns)) await ip([`netns add ${netns}`]);
    if (await hasInterface(netns, HOST_INTERFACE)) return;
    await this.connect(host, [`address add ${fabricAddress(host)}/${PREFIX} dev ${HOST_INTERFACE}`]);
  }

  /** Creates the network namespace of a virtual machine, in which its network device is bridged to the cable, unless it exists. */
  async plugMachine(host: string): Promise<void> {
    const netns = this.paths.netns(host);
    if (!netnsExists(netns)) await ip([`netns add ${netns}`]);
    if (await hasInterface(netns, HOST_INTERFACE)) return;
    await ip(
      [
        `tuntap add dev ${MACHINE_INTERFACE} mode tap`,
        `link add ${MACHINE_BRIDGE} type bridge forward_delay 0 stp_state 0`,
        `address add ${loginAddress(host)}/${PREFIX} dev ${MACHINE_BRIDGE}`,
        `link set ${MACHINE_INTERFACE} master ${MACHINE_BRIDGE} up`,
        `link set ${MACHINE_BRIDGE} up`,
      ],
      netns,
    );
    await this.connect(host, [`link set ${HOST_INTERFACE} master ${MACHINE_BRIDGE}`]);
  }

  /** Creates the cable between a host's network namespace and the bridge. */
  private async connect(host: string, configuration: readonly string[]): Promise<void> {
    const cable = `link add ${HOST_INTERFACE} type veth peer name ${host} netns ${this.paths.fabricNetns}`;
    const lines = ["link set lo up", cable, ...configuration, `link set ${HOST_INTERFACE} up`];
    await ip(lines, this.paths.netns(host));
    // Without 'dev', ip(8) can read a host's name as a keyword: 'nu' is an abbreviation of 'numtxqueues'.
    await ip([`link set dev ${host} master ${BRIDGE} up`], this.paths.fabricNetns);
  }

  /** Removes the host's cable at once. The kernel removes the devices of a deleted namespace only later. */
  async unplug(host: string): Promise<void> {
    const { fabricNetns } = this.paths;
    if (await hasInterface(fabricNetns, host)) await ip([`link delete dev ${host}`], fabricNetns);
  }
}

/** Reports whether an interface exists and is up. Setting it up is the last step of its creation. */
async function hasInterface(netns: string, name: string): Promise<boolean> {
  if (!netnsExists(netns)) return false;
  const shown = await run("ip", ["-netns", netns, "link", "show", "up"]).catch(() => "");
  return new RegExp(`^[0-9]+: ${name}[@:]`, "m").test(shown);
}
