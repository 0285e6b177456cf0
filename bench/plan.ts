import path from "node:path";
import type { LabHost } from "../lab";
import type { Figure, Finding, Setting } from "./figure";
import { inTurn, median, medianRatio } from "./statistics";
import { type Block, type Run, Workspace } from "./terraform";

const MEGABYTE = 1e6;

/** The plan of a fleet in which nothing has changed, against that of as many resources that Terraform has of its own. */
export const plan: Figure = {
  name: "plan",
  hosts: 20,

  async measure({ hosts, folder, quick, report }: Setting): Promise<Finding[]> {
    const count = quick ? 100 : 1000;
    const names = Array.from({ length: count }, (_, index) => `vm-${String(index).padStart(4, "0")}`);
    const floor = new Workspace(path.join(folder, "terraform-data"));
    await floor.write({ terraform_data: Object.fromEntries(names.map((name) => [name, { input: name }])) }, []);
    await floor.apply();
    const domains = names.map((name, index): [string, Block] => [name, domain(name, hosts, index)]);
    const fleet = new Workspace(path.join(folder, "domains"));
    await fleet.write({ libvirt_domain: Object.fromEntries(domains) }, hosts);
    report(`plan: defining ${count} domains on ${hosts.length} hosts`);
    await fleet.apply();

    const runs: { readonly fleet: Run[]; readonly floor: Run[] } = { fleet: [], floor: [] };
    const timed = async (workspace: Workspace, kept: Run[]) => {
      const run = await workspace.planNothing();
      kept.push(run);
      return run.seconds;
    };
    report(`plan: planning no change of ${count} domains and of ${count} terraform_data, in turn`);
    const pairs = await inTurn(
      quick ? 1 : 5,
      () => timed(fleet, runs.fleet),
      () => timed(floor, runs.floor),
    );
    const middle = (values: readonly Run[], of: (run: Run) => number) => median(values.map(of));
    return [
      {
        what: `no-change plan of ${count} domains / of ${count} terraform_data`,
        value: medianRatio(pairs),
        unit: "x",
        bar: { atMost: 3 },
      },
      {
        what: "provider's peak memory",
        value: Math.max(...runs.fleet.map((run) => run.provider.peak)) / MEGABYTE,
        unit: "MB",
        bar: { atMost: 150 },
      },
      { what: `plan of ${count} domains`, value: middle(runs.fleet, (run) => run.seconds), unit: "s" },
      { what: `plan of ${count} terraform_data`, value: middle(runs.floor, (run) => run.seconds), unit: "s" },
      { what: "processor time of the provider", value: middle(runs.fleet, (run) => run.provider.cpu), unit: "s" },
      { what: "processor time of terraform with it", value: middle(runs.fleet, (run) => run.terraform.cpu), unit: "s" },
      { what: "processor time of terraform alone", value: middle(runs.floor, (run) => run.terraform.cpu), unit: "s" },
    ];
  },
};

/** A machine that is defined and never started: nothing that it names has to be there. */
function domain(name: string, hosts: readonly LabHost[], index: number): Block {
  return {
    host: hosts[index % hosts.length]?.name,
    name,
    vcpu: 2,
    memory: 2 * 1024 * 1024,
    cpu: { mode: "host-passthrough" },
    disks: {
      vda: { file: `/var/lib/libvirt/images/${name}.qcow2` },
      sda: { file: `/var/lib/libvirt/images/${name}-cloudinit.iso`, format: "raw", device: "cdrom", bus: "sata" },
    },
    interfaces: { lan: { network: "lan" } },
    serial: { log_file: `/var/log/libvirt/qemu/${name}-serial.log` },
    state: "stopped",
  };
}
