import type { DomainWaitFor } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";
import type { WaitFor } from "../wait";

/** What a machine has that can be waited for. */
export interface WaitTargets {
  readonly interfaces: readonly string[];
  readonly guestAgent: boolean;
}

const any = "any";

/** Renders the conditions that a deployment waits for. */
export function makeWait(machine: IConstruct, wait: WaitFor | undefined, has: WaitTargets): DomainWaitFor | undefined {
  if (wait === undefined) {
    return undefined;
  }
  const { guestAgent, source, timeout } = wait;
  const address = wait.networkInterface ?? (guestAgent === true ? undefined : any);
  checkWhole(machine, "waitFor.timeout", timeout, { least: 1 });
  if (address !== undefined && has.interfaces.length === 0) {
    addError(
      machine,
      "'waitFor' requires 'network' or 'networks' to wait for an address; add one, or wait for 'guestAgent'",
    );
  } else if (address !== undefined && address !== any && !Token.isUnresolved(address)) {
    checkInterface(machine, address, has.interfaces);
  }
  if (!has.guestAgent && guestAgent === true) {
    addError(machine, "'waitFor.guestAgent' requires 'guestAgent'; set 'guestAgent' to true");
  }
  if (!has.guestAgent && address !== undefined && source === "agent") {
    addError(machine, "'waitFor.source' of 'agent' requires 'guestAgent'; set 'guestAgent' to true, or use 'lease'");
  }
  return { address, source, guestAgent, timeout };
}

function checkInterface(machine: IConstruct, name: string, known: readonly string[]): void {
  if (!known.includes(name)) {
    addError(
      machine,
      `'waitFor.networkInterface' must be one of '${[any, ...known].join("', '")}', got '${name}'; correct it, or add that interface`,
    );
  }
}
