import type { ProbeReport } from "../../separation/verify/evaluate";
import type { ProbeRequest } from "../../separation/verify/probe";
import { Failure } from "../failure";
import { askProvider, hostsOf } from "./ask-provider";
import type { Stack } from "./stacks";

/**
 * Has packets sent from guest to guest, and hears what arrived.
 *
 * Ctrl-C reaches the provider, too, which then takes out of the guests what it has put into them.
 */
export async function probe(stacks: readonly Stack[], request: ProbeRequest): Promise<ProbeReport> {
  const hosts = hostsOf(stacks);
  const unknown = request.machines.find(({ hosts: names }) => names.some((name) => hosts[name] === undefined));
  if (unknown !== undefined) {
    throw new Failure(
      `${unknown.name} is on host '${unknown.hosts.join("' or '")}', which no provider block names; deploy it first`,
    );
  }
  const interruption = new AbortController();
  const note = (): void => {
    interruption.abort();
  };
  process.on("SIGINT", note);
  try {
    return (await askProvider(stacks, "probe", "send packets", { hosts, ...request })) as ProbeReport;
  } catch (error) {
    throw interruption.signal.aborted ? new Failure("interrupted: nothing is known of what was not reported") : error;
  } finally {
    process.off("SIGINT", note);
  }
}
