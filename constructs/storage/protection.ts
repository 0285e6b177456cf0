import type { IConstruct } from "constructs";
import { ConstructState } from "../core/construct-state";
import { addCheck, withPath } from "../core/errors";
import type { IStoragePool, IVolume } from "./types";

interface VolumeProtection {
  isUsedByProtectedMachine?: boolean;
}

const volumes = new ConstructState<VolumeProtection>(() => ({}));

/** Protects a volume that is a disk of a protected machine, unless the volume itself says otherwise. */
export function protectVolume(volume: IVolume): void {
  volumes.of(volume).isUsedByProtectedMachine = true;
}

/** Whether a volume is protected: as it says itself, or because a protected machine has it as a disk. */
export function isProtected(volume: IVolume, own: boolean | undefined): boolean | undefined {
  return own ?? volumes.of(volume).isUsedByProtectedMachine;
}

const pools = new ConstructState<{ deletesVolumes: boolean }>(() => ({ deletesVolumes: false }));

/** Notes that destroying the pool destroys all its volumes. */
export function setDeletesVolumes(pool: IStoragePool): void {
  pools.of(pool).deletesVolumes = true;
}

/** Checks that the pool of a protected volume does not delete its volumes. Protection is known when the whole tree is there. */
export function checkProtection(at: IConstruct, pool: IStoragePool, isOn: () => boolean | undefined): void {
  addCheck(at, () => {
    const message =
      `'protect' cannot be combined with 'deleteData' of pool '${pool.poolName}', which deletes all volumes with the pool; ` +
      "remove one of them";
    return isOn() === true && pools.of(pool).deletesVolumes ? [withPath(at, message)] : [];
  });
}
