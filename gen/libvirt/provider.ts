// Generated from the provider's schema by `npm run gen`. Do not edit.

import { type IResolvable, Lazy, TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { type Inputs, nestedMap, toHclAttributes } from "../binding";

/** Manages KVM hosts through libvirt: one provider block holds every host of the fleet. */
export interface LibvirtProviderConfig {
  /** The hosts of the fleet, by the names that resources use. */
  readonly hosts: Readonly<Record<string, LibvirtProviderHosts | IResolvable>> | IResolvable;

  /** Distinguishes this configuration of the provider from others in the same stack. */
  readonly alias?: string;
}

/** The hosts of the fleet, by the names that resources use. */
export interface LibvirtProviderHosts {
  /**
   * How much memory the guests of the host may use together, in percent of the memory that the host has. 100: all
   * guests can use all of their memory at any time; less keeps a part for the host itself; more is for hosts on
   * which guests share pages (KSM) or do not use what they have. Unset: what one run brings to the host has to fit
   * in the memory that is available then, and what the guests that run there have not used yet is a warning.
   */
  readonly memoryOvercommit?: number;

  /**
   * The name or IP address to which a guest's memory and disks are sent during a live migration, for example one on
   * a network for migrations. Unset: the address in the host's own `qemu.conf`, or the host's name.
   */
  readonly migrationAddress?: string;

  /**
   * The uri at which the other hosts reach this host's libvirt, for live migration from host to host: any remote uri
   * that libvirt accepts. Unset: `uri`, if its transport is tcp, or tls, for which the hosts need certificates of
   * their own. With any other transport, such as ssh, the machine that runs Terraform connects the two hosts.
   */
  readonly migrationUri?: string;

  /**
   * The address of libvirt: `qemu:///system`, `qemu+unix:///system?socket=/path/to/libvirt-sock`,
   * `qemu+ssh://[user@]host[:port]/system`, `qemu+tls://host[:port]/system`, `qemu+tcp://host[:port]/system` or
   * `qemu:///session`. Both libvirtd and the modular daemons are supported. The section Transports of the provider's
   * documentation lists the parameters of each transport.
   */
  readonly uri: string;
}

/** Manages KVM hosts through libvirt: one provider block holds every host of the fleet. */
export class LibvirtProvider extends TerraformProvider {
  public static readonly tfResourceType = "libvirt";

  private readonly inputs: Inputs<LibvirtProviderConfig>;

  constructor(scope: Construct, id: string, config: LibvirtProviderConfig) {
    super(scope, id, {
      terraformResourceType: LibvirtProvider.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "libvirt",
        providerVersion: "0.1.0",
        providerVersionConstraint: "0.1.0",
      },
      terraformProviderSource: "registry.terraform.io/kvm-fleet/libvirt",
    });
    this.inputs = { ...config };
  }

  /** Distinguishes this configuration of the provider from others in the same stack. */
  public override get alias(): string | undefined {
    return this.inputs.alias;
  }

  public override set alias(value: string | undefined) {
    this.inputs.alias = value;
  }

  /** The hosts of the fleet, by the names that resources use. */
  public get hosts(): Readonly<Record<string, LibvirtProviderHosts | IResolvable>> | IResolvable {
    return this.inputs.hosts;
  }

  public set hosts(value: Readonly<Record<string, LibvirtProviderHosts | IResolvable>> | IResolvable) {
    this.inputs.hosts = value;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return {
      hosts: Lazy.anyValue({ produce: () => nestedMap(this.inputs.hosts, libvirtProviderHostsToTerraform) }),
    };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    return toHclAttributes(this.synthesizeAttributes());
  }
}

function libvirtProviderHostsToTerraform(value: LibvirtProviderHosts): Record<string, unknown> {
  return {
    memory_overcommit: value.memoryOvercommit,
    migration_address: value.migrationAddress,
    migration_uri: value.migrationUri,
    uri: value.uri,
  };
}
