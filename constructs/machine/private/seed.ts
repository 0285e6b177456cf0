import { Seed } from "@cdktf/provider-libvirt";
import type { Construct } from "constructs";
import { addError } from "../../core/errors";
import { checkAddress } from "../../core/resource-address";
import type { ISeed } from "../../seed/types";
import { poolReferenceOn } from "../../storage/shared-storage";
import type { IStoragePool } from "../../storage/types";
import { checkVolumeName } from "../../storage/volume-name";
import type { IVirtualMachine } from "../types";
import type { PlacedProps } from "./place-machine";

/** Returns the machine's seed. Undefined if it has none. */
export function seedOf(machine: Construct, { cloudInit, seed, ...others }: PlacedProps): ISeed | undefined {
  if (cloudInit !== undefined && seed !== undefined) {
    addError(machine, "'cloudInit' cannot be combined with 'seed'; remove one of them");
  }
  const chosen: ISeed | undefined = cloudInit ?? seed;
  for (const property of ["seedBus", "onSeedChange"] as const) {
    if (chosen === undefined && others[property] !== undefined) {
      addError(machine, `'${property}' requires 'cloudInit' or 'seed'; set one of them, or remove '${property}'`);
    }
  }
  if (chosen?.fwCfg !== undefined && others.seedBus !== undefined) {
    addError(machine, "'seedBus' is not supported for a seed that the guest finds by fw_cfg; remove it");
  }
  if (chosen?.runsAgain === false && others.onSeedChange === "rerun") {
    addError(
      machine,
      `'onSeedChange' must be one of next-boot, replace for ${chosen.reader}, got 'rerun'; a guest uses this seed at its first boot only`,
    );
  }
  return chosen;
}

/** Creates the seed in a pool. */
export function makeSeed(
  machine: Construct & IVirtualMachine,
  seed: ISeed,
  { cloudInit, onSeedChange }: PlacedProps,
  pool: IStoragePool,
): Seed {
  for (const problem of seed.problems(machine.vmName)) {
    addError(machine, problem);
  }
  const id = cloudInit === undefined ? "seed" : "cloud-init";
  const name = `${machine.vmName}-${id}.${seed.fwCfg === undefined ? "iso" : "json"}`;
  checkVolumeName(machine, "vmName", name, pool);
  const resource = new Seed(machine, id, {
    host: machine.host.hostName,
    pool: poolReferenceOn(machine.host, pool),
    name,
    ...seed.render(machine.vmName, onSeedChange === "rerun"),
    permissions: pool.volumePermissions,
  });
  checkAddress(resource);
  return resource;
}

/** Renders the element by which QEMU passes a file to the guest. */
export function fwCfgElement(name: string, path: string): string {
  return `<sysinfo type="fwcfg"><entry name="${name}" file="${path}"/></sysinfo>`;
}
