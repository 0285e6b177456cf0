import type { DomainDisksSource } from "@cdktf/provider-libvirt";
import type { IConstruct } from "constructs";
import { ConstructState } from "../core/construct-state";
import { addError } from "../core/errors";
import type { IStoragePool } from "./types";

/** The name of a volume in its pool, and its path on its host. */
export interface NamedVolume {
  readonly volumeName: string;
  readonly path: string;
}

/** Renders the source of a disk whose volume is not a file. */
export type VolumeSource = (volume: NamedVolume) => DomainDisksSource;

const sources = new ConstructState<{ source?: VolumeSource }, IStoragePool>(() => ({}));

/** Sets how machines open the volumes of a pool; undefined for files. */
export function setVolumeSource(pool: IStoragePool, source: VolumeSource | undefined): void {
  sources.of(pool).source = source;
}

/** Renders the source of a disk with this volume. Undefined for a file, which a disk names by its path. */
export function volumeSource({ pool, ...volume }: NamedVolume & { readonly pool: IStoragePool }) {
  return sources.of(pool).source?.({ volumeName: volume.volumeName, path: volume.path });
}

/** Whether the volumes of a pool are files. If it is not known, they are assumed to be. */
export function storesFiles({ volumes = "files" }: IStoragePool): boolean {
  return volumes === "files";
}

/**
 * Checks that an image of a format can be in a pool: only a file can be anything but raw, and grow as it is written to.
 */
export function checkFormatInPool(at: IConstruct, pool: IStoragePool, format: string): void {
  const { volumes = "files", poolName } = pool;
  if (format !== "raw" && volumes !== "files") {
    const are = { devices: "are devices", network: "are opened over the network" }[volumes];
    addError(
      at,
      `'pool' must store files for a ${format} image, got '${poolName}', whose volumes ${are}; use another pool`,
    );
  }
}
