import type { LabHost } from "../lab";
import type { Block } from "./terraform";

/** A machine that is defined and never started: nothing that it names has to be there. */
export function definedMachine(name: string, hosts: readonly LabHost[], index: number): Block {
  return {
    host: hosts[index % hosts.length]?.name,
    name,
    vcpu: 2,
    memory: 2 * 1024 * 1024,
    disks: {
      vda: { file: `/var/lib/libvirt/images/${name}.qcow2` },
      vdb: { file: `/var/lib/libvirt/images/${name}-data.qcow2` },
    },
    interfaces: { lan: { network: "lan" } },
    state: "stopped",
  };
}
