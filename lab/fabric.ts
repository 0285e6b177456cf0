import { run } from "./command";
import { hostIndex } from "./names";
import { deleteNetns, ip, netnsExists } from "./netns";
import type { LabPaths } from "./paths";

const BRIDGE = "fabric";

/** A host's own end of its cable. */
const HOST_INTERFACE = "fabric";

/** The range that RFC 2544 keeps for tests of networks: no guest network is likely to be here. */
export const FABRIC_ADDRESS = "198.18.0.1";
const PREFIX = 16;

export function fabricAddress(host: string): string {
  const index = hostIndex(host);
  if (index === undefined) throw new Error(`'${host}' is no lab host's name`);
  return `198.18.1.${index + 1}`;
}

/** The network between the hosts: a bridge in a network namespace of its own, so that labs may use the same addresses. */
export class Fabric {
  constructor(private readonly paths: LabPaths) {}

  /** Makes the bridge, unless it is there. */
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

  /** Makes the host's network namespace and its cable to the bridge, unless they are there. */
  async plug(host: string): Promise<void> {
    const netns = this.paths.netns(host);
    if (!netnsExists(netns)) await ip([`netns add ${netns}`]);
    if (await hasInterface(netns, HOST_INTERFACE)) return;
    await ip(
      [
        "link set lo up",
        `link add ${HOST_INTERFACE} type veth peer name ${host} netns ${this.paths.fabricNetns}`,
        `address add ${fabricAddress(host)}/${PREFIX} dev ${HOST_INTERFACE}`,
        `link set ${HOST_INTERFACE} up`,
      ],
      netns,
    );
    // 'dev' keeps ip(8) from reading a host's name as a keyword: 'nu' is short for 'numtxqueues'.
    await ip([`link set dev ${host} master ${BRIDGE} up`], this.paths.fabricNetns);
  }

  /** Removes the host's cable, here and now: the kernel takes its time over the devices of a deleted namespace. */
  async unplug(host: string): Promise<void> {
    const { fabricNetns } = this.paths;
    if (await hasInterface(fabricNetns, host)) await ip([`link delete dev ${host}`], fabricNetns);
  }
}

/** Whether an interface is there and up, which is the last thing that is done to it. */
async function hasInterface(netns: string, name: string): Promise<boolean> {
  if (!netnsExists(netns)) return false;
  const shown = await run("ip", ["-netns", netns, "link", "show", "up"]).catch(() => "");
  return new RegExp(`^[0-9]+: ${name}[@:]`, "m").test(shown);
}
