import { DataLibvirtCpuBaseline } from "@cdktf/provider-libvirt";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { checkAddress } from "../core/resource-address";
import { Cpu } from "./cpu";
import { joinFleet } from "./fleet-membership";
import type { IFleet, IHost } from "./types";

/** Properties of a fleet. */
export interface FleetProps {
  /** Its members: hosts of this stack with one accelerator, each in no other fleet. */
  readonly hosts: readonly IHost[];

  /**
   * What processor a machine sees that can run on any of them.
   *
   * With a model by name here, machines keep it when a host is added that could do less, or more.
   *
   * @default - the newest model that libvirt can name and every member has, found out in every plan
   */
  readonly cpu?: Cpu;
}

/**
 * Hosts between which machines move while they run.
 *
 * A machine on one of them has the fleet's CPU, unless it asks for another: one that every member can run whole. A host
 * that is added and can do less makes it an older one, for every such machine from its next start on.
 *
 * @example
 * const beta = new Host(this, "beta", { uri: "qemu+tcp://beta.example.org/system" });
 * new Fleet(this, "fleet", { hosts: [host, beta] });
 *
 * @see https://libvirt.org/formatdomaincaps.html#cpu-configuration
 */
export class Fleet extends Construct implements IFleet {
  public readonly hosts: readonly IHost[];
  private mobileCpu: Cpu | undefined;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    this.hosts = [...props.hosts];
    this.mobileCpu = props.cpu;

    this.validateSome();
    this.validateStack();
    this.validateAccelerator();

    this.addHosts();
  }

  /** What processor a machine sees that can run on any of them; a reference, where none was stated. */
  public get cpu(): Cpu {
    this.mobileCpu ??= this.findCpu();
    return this.mobileCpu;
  }

  /** Asks the hosts; only where somebody wants to know, since there may be no such model. */
  private findCpu(): Cpu {
    const baseline = new DataLibvirtCpuBaseline(this, "Default", {
      hosts: Object.fromEntries(this.hosts.map(({ hostName }) => [hostName, {}])),
      type: this.hosts[0]?.accelerator,
    });
    checkAddress(baseline);
    return Cpu.model(baseline.model);
  }

  private addHosts(): void {
    for (const host of this.hosts) {
      const other = joinFleet(host, this);
      if (other === this) {
        addError(this, `'hosts' must name each host once, got '${host.hostName}' twice; remove one`);
      } else if (other !== undefined) {
        addError(
          this,
          `'hosts' must be in no other fleet, got '${host.hostName}', which is in ${other.node.path}; take it out of one of them`,
        );
      }
    }
  }

  private validateSome(): void {
    if (this.hosts.length === 0) {
      addError(this, "'hosts' must name at least one host, got none; add those between which machines are to move");
    }
  }

  private validateStack(): void {
    const stack = TerraformStack.of(this);
    for (const host of this.hosts) {
      const other = TerraformStack.of(host);
      if (other !== stack) {
        addError(
          this,
          `'hosts' must be Hosts of stack '${stack.node.path}', got '${host.hostName}' of '${other.node.path}'; ` +
            "add a Host with the same uri to this stack",
        );
      }
    }
  }

  private validateAccelerator(): void {
    const [first, ...others] = this.hosts;
    const different = others.find(({ accelerator }) => accelerator !== first?.accelerator);
    if (first !== undefined && different !== undefined) {
      addError(
        this,
        `'hosts' must have one accelerator, got '${first.accelerator}' on '${first.hostName}' and '${different.accelerator}' ` +
          `on '${different.hostName}'; make a Fleet for each`,
      );
    }
  }
}
