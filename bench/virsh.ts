import type { LabHost } from "../lab";
import { run } from "../lab/command";

/** Runs libvirt's own client against a host, a process for each command. @returns what it printed */
export function virsh(host: LabHost, ...command: readonly string[]): Promise<string> {
  return run("virsh", ["--quiet", "--connect", host.uri, ...command]);
}
