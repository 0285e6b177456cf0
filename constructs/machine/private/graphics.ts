import type { DomainGraphics } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import { addError } from "../../core/errors";
import { checkWhole } from "../../core/numbers";
import { templateLiteral } from "../../core/template-literal";
import { reserve } from "../../core/uniqueness";
import type { Graphics } from "../graphics";
import type { IVirtualMachine } from "../types";

/** The range of ports for VNC and SPICE. libvirt 9.0 refuses a VNC port below 5900. */
const ports = { first: 5900, last: 65535 } as const;

/** Renders a machine's graphical console. */
export function makeGraphics(machine: IVirtualMachine, graphics: Graphics | undefined): DomainGraphics | undefined {
  if (graphics === undefined) {
    return undefined;
  }
  const { port, password, passwordVersion } = graphics;
  checkWhole(machine, "graphics.passwordVersion", passwordVersion, { least: 1 });
  if (password === undefined && passwordVersion !== undefined) {
    addError(
      machine,
      `'graphics.passwordVersion' requires 'graphics.password'; set the password, or remove the version`,
    );
  }
  if (port !== undefined && !Token.isUnresolved(port)) {
    checkPort(machine, port);
  }
  return {
    ...graphics,
    password: password === undefined ? undefined : templateLiteral(password),
    passwordVersion: password === undefined ? undefined : (passwordVersion ?? 1),
  };
}

function checkPort(machine: IVirtualMachine, port: number): void {
  if (!Number.isInteger(port) || port < ports.first || port > ports.last) {
    addError(
      machine,
      `'graphics.port' must be from ${ports.first} to ${ports.last}, got ${port}; choose a port in this range, or remove it`,
    );
    return;
  }
  const holder = reserve(machine, machine.host.uri, "graphics port", String(port));
  if (holder !== undefined) {
    addError(
      machine,
      `'graphics.port' must be unique on host '${machine.host.hostName}', ${port} is already used by ${holder.node.path}; ` +
        "choose another port, or remove it",
    );
  }
}
