import type { Accelerator, LabHost } from "../lab";
import type { Block } from "./terraform";

/** A machine that is defined and never started. Its disks and its network need not exist. */
export function definedMachine(name: string, hosts: readonly LabHost[], index: number, type: Accelerator): Block {
  return {
    host: hosts[index % hosts.length]?.name,
    name,
    type,
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
