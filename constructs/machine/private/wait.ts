import type { DomainWaitFor } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import type { WaitFor } from "../wait";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";

/** What has to be known of the machine. */
export interface Waiting {
  readonly interfaces: readonly string[];
  readonly guestAgent: boolean;
}

const any = "any";

/** What is waited for, as the domain is given it. */
export function makeWait(machine: IConstruct, wait: WaitFor | undefined, has: Waiting): DomainWaitFor | undefined {
  if (wait === undefined) {
    return undefined;
  }
  const { guestAgent, source, timeout } = wait;
  const address = wait.networkInterface ?? (guestAgent === true ? undefined : any);
  checkWhole(machine, "waitFor.timeout", timeout, { least: 1 });
  if (address !== undefined && has.interfaces.length === 0) {
    addError(
      machine,
      "'waitFor' must not be for an address of a machine without a network; give it one, or wait for its 'guestAgent'",
    );
  } else if (address !== undefined && address !== any && !Token.isUnresolved(address)) {
    checkInterface(machine, address, has.interfaces);
  }
  if (!has.guestAgent && guestAgent === true) {
    addError(
      machine,
      "'waitFor.guestAgent' must be false for a machine without a 'guestAgent', got true; turn that on",
    );
  }
  if (!has.guestAgent && address !== undefined && source === "agent") {
    addError(
      machine,
      "'waitFor.source' must not be 'agent' for a machine without a 'guestAgent'; turn that on, or use 'lease'",
    );
  }
  return { address, source, guestAgent, timeout };
}

function checkInterface(machine: IConstruct, name: string, known: readonly string[]): void {
  if (!known.includes(name)) {
    addError(
      machine,
      `'waitFor.networkInterface' must be '${any}' or one of '${known.join("', '")}', got '${name}'; correct it, or give the machine that network`,
    );
  }
}
