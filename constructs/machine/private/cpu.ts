import type { Domain } from "@cdktf/provider-libvirt";
import { Cpu } from "../../host/cpu";
import { followFleet } from "../../host/fleet-membership";
import type { IHost } from "../../host/types";

/**
 * Gives a machine its CPU: what was asked for, or else that of its host's fleet, with which it can move.
 *
 * Without a fleet it is the host's own, as nearly as libvirt knows it by name; under emulation, QEMU's.
 */
export function giveCpu(machine: Domain, host: IHost, cpu: Cpu | undefined): void {
  machine.cpu = cpu ?? (host.accelerator === "kvm" ? Cpu.HOST_MODEL : undefined);
  if (cpu === undefined) {
    followFleet(host, (fleet) => {
      machine.cpu = fleet.cpu;
    });
  }
}
