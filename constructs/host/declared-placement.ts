import { writeFileSync } from "node:fs";
import { Aspects, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import type { CpuDemand, DeclaredMachine, DeclaredModel, FleetNode, HostLimits, Rule } from "../../placement";
import { ConstructState } from "../core/construct-state";
import { hostCpus } from "./dedicated-cpus";
import type { IFleet, IHost } from "./types";

/** Names the file that an app writes to what its machines need. `kvm-fleet place` sets it. */
const fileVariable = "KVM_FLEET_PLACEMENT_FILE";

/** What an app says about the placement of its machines. */
export class DeclaredPlacement {
  public static of(scope: IConstruct): DeclaredPlacement {
    return apps.of(scope.node.root);
  }

  private readonly machines = new Map<string, DeclaredMachine>();
  private readonly hosts: (() => DeclaredModel["hosts"][number])[] = [];
  private readonly fleets: FleetNode[] = [];
  private readonly rules: Rule[] = [];
  private readonly stacks = new Set<TerraformStack>();
  private isWritten = false;

  /** Whether the app runs to tell what its machines need, so that machines without a decision are no errors. */
  public get isAsked(): boolean {
    return process.env[fileVariable] !== undefined;
  }

  public addHost(host: IHost, limits: HostLimits): void {
    const { labels = {}, maintenance = false } = host;
    const cpus = hostCpus(host);
    this.hosts.push(() => ({ name: host.hostName, path: host.node.path, labels, maintenance, limits, cpus }));
    this.watch(host);
  }

  public addFleet(fleet: IFleet, { strategy, survives }: Pick<FleetNode, "strategy" | "survives">): void {
    const hosts = fleet.hosts.map(({ hostName }) => hostName);
    this.fleets.push({ path: fleet.node.path, hosts, strategy, survives });
  }

  public addMachine(machine: DeclaredMachine): void {
    this.machines.set(machine.path, machine);
  }

  /** Adds the CPUs that a machine is to have alone. */
  public dedicate(machine: IConstruct, cpus: CpuDemand): void {
    const declared = this.machines.get(machine.node.path);
    if (declared !== undefined) this.machines.set(machine.node.path, { ...declared, cpus });
  }

  public addRule(rule: Rule): void {
    this.rules.push(rule);
  }

  public hasMachine(machine: IConstruct): boolean {
    return this.machines.has(machine.node.path);
  }

  /** Writes the file when the first stack is synthesized. */
  private watch(at: IConstruct): void {
    const stack = TerraformStack.of(at);
    if (!this.isAsked || this.stacks.has(stack)) return;
    this.stacks.add(stack);
    Aspects.of(stack).add({
      visit: () => {
        this.write();
      },
    });
  }

  private write(): void {
    const file = process.env[fileVariable];
    if (this.isWritten || file === undefined) return;
    this.isWritten = true;
    const { fleets, rules } = this;
    const hosts = this.hosts.map((host) => host());
    const model: DeclaredModel = { hosts, machines: [...this.machines.values()], fleets, rules };
    writeFileSync(file, JSON.stringify(model));
  }
}

const apps = new ConstructState(() => new DeclaredPlacement());
