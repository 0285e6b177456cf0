import { DataLibvirtCpuBaseline } from "@cdktf/provider-libvirt";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { addError } from "../core/errors";
import { checkWhole } from "../core/numbers";
import { checkAddress } from "../core/resource-address";
import { Cpu } from "./cpu";
import { DeclaredPlacement } from "./declared-placement";
import { joinFleet } from "./fleet-membership";
import { PerHost } from "./per-host";
import type { IFleet, IHost } from "./types";

/** Properties of a fleet. */
export interface FleetProps {
  /** The hosts of the fleet: hosts of this stack with the same accelerator. A host can belong to one fleet only. */
  readonly hosts: readonly IHost[];

  /**
   * The CPU of the fleet's machines, which every host must support.
   *
   * If you name a model, machines keep it when a host with fewer or more CPU features is added.
   *
   * @default - the newest named model that every host supports; every plan determines it
   */
  readonly cpu?: Cpu;

  /**
   * How `kvm-fleet place` distributes the machines that have the fleet as their host: evenly over the hosts (`spread`), or on
   * as few hosts as possible (`pack`).
   *
   * @default "spread"
   */
  readonly strategy?: "spread" | "pack";

  /**
   * Failures after which all machines still have to fit on the hosts that are left. `kvm-fleet place` names those that would
   * not.
   *
   * @default - no failure is considered
   */
  readonly survives?: FleetFailures;
}

/** Failures that a fleet has to survive. */
export interface FleetFailures {
  /** How many hosts or domains fail at the same time, at least 1. */
  readonly failures: number;

  /**
   * The label of hosts that fail together, such as `rack`. A host without the label fails alone.
   *
   * @default - each host fails alone
   */
  readonly domain?: string;
}

/**
 * A group of hosts between which machines migrate while they run.
 *
 * A machine on one of the hosts gets the fleet's CPU, unless it has a `cpu` of its own. If a host with fewer CPU
 * features is added, the fleet's CPU becomes an older model, which machines get when they next start.
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
    checkWhole(this, "survives.failures", props.survives?.failures, { least: 1 });
    const { strategy = "spread", survives } = props;
    DeclaredPlacement.of(this).addFleet(this, { strategy, survives });
  }

  /**
   * Creates what machines use on each host: a pool, an image, a network. A machine that is placed in the fleet gets what is
   * on its host, and can only be on hosts that have it.
   *
   * @example
   * const fleet = new Fleet(this, "fleet", { hosts: [host] });
   * const pools = fleet.onEachHost((each) => new StoragePool(each, "vms", { host: each, path: "/var/lib/libvirt/vms" }));
   * new VirtualMachine(this, "web-1", { host: fleet, pool: pools, memory: Size.gibibytes(2), diskSize: Size.gibibytes(20) });
   *
   * @param create returns what the host has; undefined for a host without it
   */
  public onEachHost<T>(create: (host: IHost & Construct) => T | undefined): PerHost<T> {
    return new PerHost(this.hosts, create);
  }

  /**
   * The CPU of a machine that can run on every host of the fleet. Without `cpu` in the properties it is a reference.
   */
  public get cpu(): Cpu {
    this.mobileCpu ??= this.findCpu();
    return this.mobileCpu;
  }

  /**
   * Determines the model from the hosts. It is called only if a machine needs it, because there may be no such model.
   */
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
        addError(this, `'hosts' must be unique, '${host.hostName}' is listed twice; remove one of them`);
      } else if (other !== undefined) {
        addError(
          this,
          `'hosts' must belong to one fleet only, '${host.hostName}' already belongs to ${other.node.path}; remove it from one of them`,
        );
      }
    }
  }

  private validateSome(): void {
    if (this.hosts.length === 0) {
      addError(this, "'hosts' must have at least one host, got none; add the hosts that machines migrate between");
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
            "add a Host with the same 'uri' to this stack",
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
        `'hosts' must have the same accelerator, got '${first.accelerator}' on '${first.hostName}' and '${different.accelerator}' ` +
          `on '${different.hostName}'; create a Fleet for each accelerator`,
      );
    }
  }
}
