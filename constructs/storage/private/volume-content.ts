import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { VolumeFormat } from "../types";
import type { VolumeProps } from "../volume-props";

/** Checks what must and must not go together of what a volume is made of, and how it is laid out. */
export function checkContent(at: IConstruct, props: VolumeProps, format: VolumeFormat): void {
  checkOrigins(at, props);
  checkLayout(at, props, format);
  const { image, source, sha256, encryption } = props;
  if (image !== undefined && format !== "qcow2") {
    addError(at, `'format' must be 'qcow2' for a clone of an image, got '${format}'; leave it out`);
  }
  if (sha256 !== undefined && source === undefined) {
    addError(at, "'sha256' must go with a 'source', got it alone; say what it is of, or leave it out");
  }
  if (encryption !== undefined) {
    checkSecret(at, encryption.secretUuid);
    if (source !== undefined) {
      addError(
        at,
        "'encryption' must not go with a 'source', which is uploaded as it is; make a BaseImage of it, and this volume a 'cloneOf' that",
      );
    }
  }
}

function checkOrigins(at: IConstruct, props: VolumeProps): void {
  const given = (["image", "cloneOf", "source"] as const).filter((origin) => props[origin] !== undefined);
  if (given.length > 1) {
    addError(at, `only one of 'image', 'cloneOf' and 'source' must be given, got ${quoted(given)}; choose one`);
  }
}

function checkLayout(at: IConstruct, props: VolumeProps, format: VolumeFormat): void {
  const { preallocated, image, source, encryption } = props;
  if (preallocated !== true) {
    return;
  }
  if (image !== undefined) {
    addError(at, "'preallocated' must be false for a clone of an image, which holds only what differs; use 'cloneOf'");
  }
  if (source !== undefined && format === "qcow2") {
    addError(at, "'preallocated' must be false for a qcow2 image that is uploaded as it is; leave it out");
  }
  if (encryption !== undefined && format === "raw") {
    addError(at, "'preallocated' must be false for an encrypted raw volume, which libvirt makes thin; use 'qcow2'");
  }
}

function checkSecret(at: IConstruct, uuid: string): void {
  if (!Token.isUnresolved(uuid) && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) {
    addError(
      at,
      `'encryption.secretUuid' must be a UUID in lower case, got '${uuid}'; take it from 'virsh secret-list' on the host`,
    );
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(" and ");
}
