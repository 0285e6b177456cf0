import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { VolumeFormat } from "../types";
import type { VolumeProps } from "../volume-props";

/** Checks the combinations of a volume's content and format. */
export function checkContent(at: IConstruct, props: VolumeProps, format: VolumeFormat): void {
  checkOrigins(at, props);
  checkLayout(at, props, format);
  const { image, source, sha256, encryption } = props;
  if (image !== undefined && format !== "qcow2") {
    addError(at, `'image' requires format 'qcow2', got '${format}'; remove 'format'`);
  }
  if (sha256 !== undefined && source === undefined) {
    addError(at, "'sha256' requires 'source'; set the source, or remove 'sha256'");
  }
  if (encryption !== undefined) {
    checkSecret(at, encryption.secretUuid);
    if (source !== undefined) {
      addError(
        at,
        "'encryption' cannot be combined with 'source', which is uploaded unencrypted; upload a BaseImage, and set 'cloneOf' to it",
      );
    }
  }
}

function checkOrigins(at: IConstruct, props: VolumeProps): void {
  const given = (["image", "cloneOf", "source"] as const).filter((origin) => props[origin] !== undefined);
  if (given.length > 1) {
    addError(at, `${quoted(given)} cannot be combined; keep one of them`);
  }
}

function checkLayout(at: IConstruct, props: VolumeProps, format: VolumeFormat): void {
  const { preallocated, image, source, encryption } = props;
  if (preallocated !== true) {
    return;
  }
  if (image !== undefined) {
    addError(
      at,
      "'preallocated' cannot be combined with 'image', whose clones store only the differences; use 'cloneOf'",
    );
  }
  if (source !== undefined && format === "qcow2") {
    addError(
      at,
      "'preallocated' cannot be combined with a qcow2 'source', which is uploaded unchanged; remove 'preallocated'",
    );
  }
  if (encryption !== undefined && format === "raw") {
    addError(
      at,
      "'preallocated' is not supported for an encrypted raw volume, which libvirt creates without allocating space; use format 'qcow2'",
    );
  }
}

function checkSecret(at: IConstruct, uuid: string): void {
  if (!Token.isUnresolved(uuid) && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
    addError(
      at,
      `'encryption.secretUuid' must be a UUID in lower case, got '${uuid}'; copy it from 'virsh secret-list' on the host`,
    );
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(" and ");
}
