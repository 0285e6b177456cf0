import { LibvirtProvider, type LibvirtProviderHosts } from "@cdktf/provider-libvirt";
import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { ConstructState } from "../../core/construct-state";

/** The hosts of each stack's provider block, which reads them when the stack is synthesized. */
const blocks = new ConstructState((stack: TerraformStack) => {
  const hosts: Record<string, LibvirtProviderHosts> = {};
  new LibvirtProvider(stack, "LibvirtProvider", { hosts });
  return hosts;
});

/** Adds a host to the provider block of its stack. The first host creates the block. */
export function addHostToProvider(scope: IConstruct, hostName: string, host: LibvirtProviderHosts): void {
  blocks.of(TerraformStack.of(scope))[hostName] = host;
}
