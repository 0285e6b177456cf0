import type { IFleet, IHost } from "./types";

type Follower = (fleet: IFleet) => void;

const fleets = new WeakMap<IHost, IFleet>();
const followers = new WeakMap<IHost, Follower[]>();

/** The fleet that a host is in; undefined where there is none, or none yet. */
export function fleetOf(host: IHost): IFleet | undefined {
  return fleets.get(host);
}

/** Puts a host into a fleet; returns the one that it is in already, and stays in. */
export function joinFleet(host: IHost, fleet: IFleet): IFleet | undefined {
  const other = fleets.get(host);
  if (other === undefined) {
    fleets.set(host, fleet);
    followers.get(host)?.forEach((follow) => {
      follow(fleet);
    });
  }
  return other;
}

/** Calls `follow` with the host's fleet: at once, or when it is made, which may be after the machines on the host. */
export function followFleet(host: IHost, follow: Follower): void {
  const fleet = fleets.get(host);
  if (fleet === undefined) {
    followers.set(host, [...(followers.get(host) ?? []), follow]);
  } else {
    follow(fleet);
  }
}
