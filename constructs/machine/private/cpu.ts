import type { DomainConfig } from "@cdktf/provider-libvirt";
import { Late } from "../../core/late";
import { Cpu } from "../../host/cpu";
import { followFleet } from "../../host/fleet-membership";
import type { IHost } from "../../host/types";

/**
 * Renders a machine's CPU: the requested one, or else that of its host's fleet, with which the machine can migrate.
 *
 * Without a fleet it is the named model nearest to the host's CPU with KVM, and QEMU's default with emulation.
 */
export function makeCpu(host: IHost, cpu: Cpu | undefined): DomainConfig["cpu"] {
  if (cpu !== undefined) {
    return cpu;
  }
  let fleetCpu: Cpu | undefined;
  followFleet(host, (fleet) => {
    // Not read when the stack is synthesized: the fleet adds a data source to the stack for it.
    fleetCpu = fleet.cpu;
  });
  return new Late(() => fleetCpu ?? (host.accelerator === "kvm" ? Cpu.HOST_MODEL : undefined));
}
