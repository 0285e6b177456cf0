import type { LabHost } from "../lab";
import { run } from "../lab/command";

/** Runs virsh for a host, with one process for each command. @returns its standard output */
export function virsh(host: LabHost, ...command: readonly string[]): Promise<string> {
  return run("virsh", ["--quiet", "--connect", host.uri, ...command]);
}
