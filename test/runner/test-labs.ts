import { down, type HostRequest, up } from "../../lab";
import { LabPaths } from "../../lab/paths";

/** A lab that tests run on. */
export interface RenewableLab {
  readonly environment: Readonly<Record<string, string>>;
  /** Takes the hosts down, and brings new ones up. */
  readonly renew: () => Promise<void>;
}

/** What the provider's acceptance tests need to know of the lab that they run on. */
export interface AcceptanceLab extends RenewableLab {
  /** The file of the network namespace that all hosts are connected to. */
  readonly fabric: string;
}

/** The labs that tests run on. */
export class TestLabs {
  /** The lab of the end-to-end tests. They run beside the provider's tests, and expect hosts that only they use. */
  private readonly endToEndName = "e2e";

  /** The lab of the provider's tests. */
  private readonly name = "test";

  /** The lab whose first host is of another kind than this machine. */
  private readonly kindsName = "kinds";

  /** The lab on which the provider's tests inject faults. The faults sometimes end its libvirtd. */
  private readonly faultsName = "faults";

  /** The lab with a host that is a virtual machine. */
  private readonly deepName = "deep";

  /** @param keep whether the labs stay up for the next run */
  public constructor(
    private readonly report: (line: string) => void,
    private readonly keep: boolean,
    private readonly otherKind = "debian13",
  ) {}

  public async up(): Promise<void> {
    await this.upOne(this.name);
    await up({ name: this.faultsName, hosts: 1, image: false, report: this.report });
    await this.upOne(this.kindsName);
    await this.upOne(this.endToEndName);
  }

  /** The lab with a host that is a virtual machine, beside one of this machine's kind. It is brought up alone. */
  public get withDeepHost(): Pick<TestLabs, "up" | "end"> {
    return {
      up: () => this.upOne(this.deepName),
      end: async () => {
        if (this.keep)
          this.report(`the lab stays up; take it down with 'bin/kvm-fleet lab down --name ${this.deepName}'`);
        else await down({ name: this.deepName, report: this.report });
      },
    };
  }

  /** Takes the labs down, unless they are kept. */
  public async end(): Promise<void> {
    const names = [this.endToEndName, this.kindsName, this.faultsName, this.name];
    if (this.keep) {
      const commands = names.map((name) => `'bin/kvm-fleet lab down --name ${name}'`);
      this.report(`the labs stay up; take them down with ${commands.join(" and ")}`);
      return;
    }
    for (const name of names) {
      await down({ name, report: this.report });
    }
  }

  /** The lab of the end-to-end tests. */
  public get endToEnd(): RenewableLab {
    return {
      environment: { KVM_FLEET_LAB_NAME: this.endToEndName },
      renew: () => this.renew(this.endToEndName),
    };
  }

  /** The lab whose hosts are all of this machine's kind. */
  public get ownKind(): AcceptanceLab {
    return this.acceptanceLab(this.name);
  }

  /** The lab whose first host is of another kind, and whose second host is of this machine's kind. */
  public get kinds(): AcceptanceLab {
    return this.acceptanceLab(this.kindsName);
  }

  /** The lab with a host that is a virtual machine. No faults are injected there. */
  public get deep(): AcceptanceLab {
    return this.acceptanceLab(this.deepName, {});
  }

  private acceptanceLab(
    name: string,
    faults: Readonly<Record<string, string>> = { KVM_FLEET_FAULT_LAB: new LabPaths(this.faultsName).fleetFile },
  ): AcceptanceLab {
    const paths = new LabPaths(name);
    return {
      environment: { KVM_FLEET_LAB: paths.fleetFile, ...faults },
      fabric: `/run/netns/${paths.fabricNetns}`,
      renew: () => this.renew(name),
    };
  }

  private async renew(name: string): Promise<void> {
    await down({ name, report: this.report });
    await this.upOne(name);
  }

  /** Brings up a lab with shared storage. */
  private async upOne(name: string): Promise<void> {
    const hosts: Readonly<Record<string, readonly HostRequest[]>> = {
      [this.kindsName]: [{ name: "alpha", kind: this.otherKind }, { name: "beta" }],
      [this.deepName]: [{ name: "alpha" }, { name: "delta", kind: "deep" }],
    };
    await up({
      name,
      hosts: hosts[name] ?? 2,
      shared: true,
      image: name !== this.deepName,
      report: this.report,
    });
  }
}
