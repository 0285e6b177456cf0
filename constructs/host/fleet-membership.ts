import { ConstructState } from "../core/construct-state";
import type { IFleet, IHost } from "./types";

interface Membership {
  fleet?: IFleet;
  readonly followers: ((fleet: IFleet) => void)[];
}

const memberships = new ConstructState<Membership, IHost>(() => ({ followers: [] }));

/** Returns the fleet of a host; undefined when it is in none, or in none yet. */
export function fleetOf(host: IHost): IFleet | undefined {
  return memberships.of(host).fleet;
}

/**
 * Adds a host to a fleet.
 *
 * @returns the fleet that the host is already in, and stays in; undefined when it was in none
 */
export function joinFleet(host: IHost, fleet: IFleet): IFleet | undefined {
  const membership = memberships.of(host);
  const other = membership.fleet;
  if (other === undefined) {
    membership.fleet = fleet;
    membership.followers.forEach((follow) => {
      follow(fleet);
    });
  }
  return other;
}

/** Calls `follow` with the host's fleet: at once, or when the fleet is created, which may be after the machines on the host. */
export function followFleet(host: IHost, follow: (fleet: IFleet) => void): void {
  const { fleet, followers } = memberships.of(host);
  if (fleet === undefined) {
    followers.push(follow);
  } else {
    follow(fleet);
  }
}
