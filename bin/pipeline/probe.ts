import type { ProbeReport, ProbeRequest } from "../../separation";
import { Failure } from "../failure";
import { hostsOf, runProviderCommand } from "./provider-command";
import { checkShape } from "./shape";
import type { Stack } from "./stacks";

/**
 * Has the provider send packets between the guests, and returns what arrived.
 *
 * Ctrl-C also reaches the provider, which then removes its probes from the guests.
 */
export async function probe(stacks: readonly Stack[], request: ProbeRequest): Promise<ProbeReport> {
  const hosts = hostsOf(stacks);
  const unknown = request.machines.find(({ hosts: names }) => names.some((name) => hosts[name] === undefined));
  if (unknown !== undefined) {
    throw new Failure(
      `${unknown.name} is on host '${unknown.hosts.join("' or '")}', which is in no provider block; deploy it first`,
    );
  }
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  try {
    return parseProbeReport(await runProviderCommand(stacks, "probe", "send packets", { hosts, ...request }));
  } catch (error) {
    throw interruption.signal.aborted ? new Failure("interrupted before the provider reported its results") : error;
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** Checks the report of a probe. */
export function parseProbeReport(value: unknown): ProbeReport {
  checkShape(value, {
    machines: [{ name: "string", host: "string", error: "string" }],
    flows: [
      {
        id: "number",
        tries: "number",
        answered: "number",
        arrived: "number",
        longestGap: "number",
        service: "boolean",
        error: "string",
      },
    ],
    arrived: [{ id: "number", at: "string", interface: "string", count: "number", overheard: "number" }],
    sent: [{ id: "number", frames: "number", error: "string" }],
    seconds: "number",
  });
  return value as ProbeReport;
}
