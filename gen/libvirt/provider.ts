// Generated from the provider's schema by `npm run gen`. Do not edit.

import { Lazy, TerraformProvider, type IResolvable } from "cdktf";
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
   * The address at which a guest's memory and disks arrive during a live migration: a name or an IP address of a
   * network for that. Unset: the one in the host's own `qemu.conf`, or its name.
   */
  readonly migrationAddress?: string;

  /**
   * Where the other hosts reach this one's libvirt, for live migration from host to host: any remote uri that
   * libvirt knows. Unset: `uri`, where that is one of tcp, or of tls, for which the hosts need certificates of their
   * own; otherwise, as with ssh, the machine that runs this stands between the two.
   */
  readonly migrationUri?: string;

  /**
   * Where libvirt is: `qemu:///system`, `qemu+unix:///system?socket=/path/to/libvirt-sock`,
   * `qemu+ssh://[user@]host[:port]/system`, `qemu+tls://host[:port]/system` or `qemu+tcp://host[:port]/system`.
   * libvirtd and the modular daemons are served alike. What each takes beyond that is in the provider's
   * documentation, under Transports.
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
    migration_address: value.migrationAddress,
    migration_uri: value.migrationUri,
    uri: value.uri,
  };
}
