import { down, up } from "../../lab";
import { LabPaths } from "../../lab/paths";

const hosts = 2;

/** The labs that tests run on. */
export class TestLabs {
  public readonly name = "test";

  /** The lab on which the provider's tests inject faults. The faults sometimes end its libvirtd. */
  private readonly faultsName = "faults";

  /** @param keep whether the labs stay up for the next run */
  public constructor(
    private readonly report: (line: string) => void,
    private readonly keep: boolean,
  ) {}

  public async up(): Promise<void> {
    await up({ name: this.name, hosts, shared: true, report: this.report });
    await up({ name: this.faultsName, hosts: 1, image: false, report: this.report });
  }

  /** Takes the labs down, unless they are kept. */
  public async end(): Promise<void> {
    if (this.keep) {
      const commands = [this.faultsName, this.name].map((name) => `'bin/kvm-fleet lab down --name ${name}'`);
      this.report(`the labs stay up; take them down with ${commands.join(" and ")}`);
      return;
    }
    await down({ name: this.faultsName, report: this.report });
    await down({ name: this.name, report: this.report });
  }

  /** The environment of the provider's acceptance tests. */
  public get environment(): Readonly<Record<string, string>> {
    return {
      KVM_FLEET_LAB: new LabPaths(this.name).fleetFile,
      KVM_FLEET_FAULT_LAB: new LabPaths(this.faultsName).fleetFile,
    };
  }

  /** The file of the network namespace that all hosts are connected to. */
  public get fabric(): string {
    return `/run/netns/${new LabPaths(this.name).fabricNetns}`;
  }
}
