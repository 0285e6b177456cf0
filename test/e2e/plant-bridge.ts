import type { Lab } from "../../lab";
import { ip, netnsExists } from "../../lab/netns";

/** The name of the bridge on every host. */
export const plantBridge = "br-plant";

/** The end of the cable that joins the bridges, on each of its two hosts. */
const CABLE = "plant";

/** A bridge on each of a lab's first two hosts, joined by a cable: one network, as VLANs of real switches make it. */
export class PlantBridge {
  private readonly hosts: readonly string[];

  constructor({ hosts }: Lab) {
    this.hosts = hosts.slice(0, 2).map(({ netns }) => netns);
  }

  async up(): Promise<void> {
    await this.down();
    const [one, other] = this.hosts;
    for (const host of this.hosts) {
      await ip([`link add ${plantBridge} type bridge forward_delay 0 stp_state 0`, `link set ${plantBridge} up`], host);
    }
    await ip([`link add ${CABLE} type veth peer name ${CABLE} netns ${other ?? ""}`], one);
    for (const host of this.hosts) {
      await ip([`link set ${CABLE} master ${plantBridge} up`], host);
    }
  }

  /** Removes both, where they are: the cable goes with either of its ends. */
  async down(): Promise<void> {
    for (const host of this.hosts.filter(netnsExists)) {
      for (const name of [CABLE, plantBridge]) {
        await ip([`link delete ${name}`], host).catch(() => undefined);
      }
    }
  }
}
