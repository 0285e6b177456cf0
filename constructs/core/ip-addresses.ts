import { isIP } from "node:net";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "./errors";

/** Checks IP addresses without a prefix length. */
export function checkAddresses(at: IConstruct, property: string, addresses: readonly string[] | undefined): void {
  for (const address of addresses ?? []) {
    if (!Token.isUnresolved(address) && isIP(address) === 0) {
      addError(
        at,
        `'${property}' must be IPv4 or IPv6 addresses, got '${address}'; write them like '10.1.0.10' and 'fd00:1::10'`,
      );
    }
  }
}
