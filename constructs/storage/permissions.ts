import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../core/errors";
import { checkWhole } from "../core/numbers";

/** The greatest ID of a user or a group that libvirt accepts. */
const greatestId = 2_147_483_647;

/**
 * The owner and the mode of a pool's directory, or of a volume's file.
 *
 * @see https://libvirt.org/formatstorage.html#target-elements
 */
export interface FilePermissions {
  /**
   * The user ID of the owner, from 0 to 2147483647.
   *
   * @default - libvirt's choice, which is root; a later change of it stays
   */
  readonly owner?: number;

  /**
   * The group ID, from 0 to 2147483647.
   *
   * @default - libvirt's choice, which is the group of root; a later change of it stays
   */
  readonly group?: number;

  /**
   * The mode, in three octal digits with or without a leading 0.
   *
   * @default - libvirt's choice: 0711 for a new directory and 0600 for a new volume; a later change of it stays
   */
  readonly mode?: string;
}

/** Checks permissions, and returns them as the bindings have them. */
export function checkPermissions(
  at: IConstruct,
  permissions: FilePermissions | undefined,
  property = "permissions",
): FilePermissions | undefined {
  if (permissions === undefined) {
    return undefined;
  }
  const { owner, group, mode } = permissions;
  checkWhole(at, `${property}.owner`, owner, { least: 0, most: greatestId });
  checkWhole(at, `${property}.group`, group, { least: 0, most: greatestId });
  if (mode !== undefined && !Token.isUnresolved(mode) && !/^0?[0-7]{3}$/.test(mode)) {
    addError(
      at,
      `'${property}.mode' must be three octal digits, with or without a leading 0, got '${mode}'; write it like '0640'`,
    );
  }
  return { owner, group, mode };
}
