import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "./errors";

/** libvirt and QEMU append to names to make file names, which are limited to 255 bytes: `_VARS.fd`, `.qcow2.new`. */
const longestName = 200;

/**
 * Checks a name that libvirt will be given.
 *
 * Observed with libvirt 9.0: it refuses empty names everywhere, '/' in names of domains, pools and networks, and a line
 * break in names of domains. Where it accepts them, they end up in file names.
 */
export function checkName(at: IConstruct, property: string, name: string): void {
  if (Token.isUnresolved(name)) {
    return;
  }
  const bytes = Buffer.byteLength(name);
  if (name.trim() === "") {
    addError(at, `'${property}' must not be empty, got '${name}'; remove it to use the construct's id`);
  } else if (name.includes("/")) {
    addError(at, `'${property}' must not contain '/', got '${name}'; replace it with '-'`);
  } else if (/\p{Cc}/u.test(name)) {
    addError(at, `'${property}' must not contain control characters, got ${JSON.stringify(name)}; remove them`);
  } else if (name === "." || name === "..") {
    addError(at, `'${property}' must not be the name of a directory, got '${name}'; choose another name`);
  } else if (bytes > longestName) {
    addError(at, `'${property}' must be at most ${longestName} bytes, got ${bytes}; shorten it`);
  }
}

/** Checks a name that the user chooses for a part of a construct, and that Terraform shows in plans. */
export function checkKey(
  at: IConstruct,
  property: string,
  name: string,
  taken: Readonly<Record<string, unknown>>,
): void {
  if (!/^[A-Za-z0-9_-]+$/.test(name)) {
    addError(at, `names in '${property}' must be letters, digits, '-' and '_', got '${name}'; remove other characters`);
  }
  if (name in taken) {
    addError(at, `names in '${property}' must be unique, '${name}' is already used; choose another name`);
  }
}
