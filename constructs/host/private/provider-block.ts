import { LibvirtProvider, type LibvirtProviderHosts } from "@cdktf/provider-libvirt";
import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** The hosts of each stack's provider block, which is read when the stack is synthesized. */
const hostsOf = new WeakMap<TerraformStack, Record<string, LibvirtProviderHosts>>();

/** Adds a host to the provider block of its stack; the block is made with the first. */
export function addHostToProvider(scope: IConstruct, hostName: string, host: LibvirtProviderHosts): void {
  const stack = TerraformStack.of(scope);
  const hosts = hostsOf.get(stack) ?? {};
  if (!hostsOf.has(stack)) {
    hostsOf.set(stack, hosts);
    new LibvirtProvider(stack, "LibvirtProvider", { hosts });
  }
  hosts[hostName] = host;
}
