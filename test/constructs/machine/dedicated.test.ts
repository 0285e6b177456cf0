import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import {
  Dedicated,
  type DedicatedCpus,
  Host,
  type HostProps,
  Size,
  VirtualMachine,
  type VirtualMachineProps,
} from "../../../constructs";
import { type DeclaredModel, formatDecisions, LOCK_FILE } from "../../../placement";
import { attributesOf, errorsOf, newStack, synthesize } from "../synthesis";

const memory = Size.mebibytes(512);
const before = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dedicated-"));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
  delete process.env.KVM_FLEET_PLACEMENT_FILE;
  rmSync(folder, { recursive: true });
});

/** A stack with machines on a host that has CPUs for machines alone. */
function stackWith(
  dedicatedCpus: HostProps["dedicatedCpus"],
  machines: Readonly<Record<string, Partial<VirtualMachineProps>>>,
): TerraformStack {
  const stack = newStack();
  const host = new Host(stack, "alpha", { uri: "qemu+tcp://alpha/system", dedicatedCpus });
  for (const [id, props] of Object.entries(machines)) new VirtualMachine(stack, id, { host, memory, ...props });
  return stack;
}

function tuneOf(stack: TerraformStack, name: string): unknown {
  expect(errorsOf(stack)).toEqual([]);
  return attributesOf(stack, `libvirt_domain.${name}`)?.cputune;
}

const threaded: DedicatedCpus = { cores: ["2,10", "3,11", "4,12"], housekeeping: "0-1" };

describe("A machine with dedicated CPUs", () => {
  it("is pinned to the CPUs that are stated", () => {
    const stack = stackWith("2-5", { rt: { vcpus: new Dedicated(2, { cpus: "4-5" }) } });
    expect(tuneOf(stack, "rt")).toEqual({ vcpupin: { 0: { cpuset: "4" }, 1: { cpuset: "5" } }, emulatorpin: "4,5" });
    expect(attributesOf(stack, "libvirt_domain.rt")).toMatchObject({ vcpu: 2 });
  });

  it("runs in real time, with all else on the CPUs for that", () => {
    const vcpus = new Dedicated(2, { cpus: "2,10", threads: true, realtime: true });
    const stack = stackWith(threaded, { rt: { vcpus, resources: { ioThreads: { 1: {} } } } });
    expect(tuneOf(stack, "rt")).toEqual({
      vcpupin: { 0: { cpuset: "2" }, 1: { cpuset: "10" } },
      emulatorpin: "0-1",
      vcpusched: { 0: { scheduler: "fifo", priority: 1 }, 1: { scheduler: "fifo", priority: 1 } },
      iothreads: { 1: { cpuset: "0-1" } },
    });
    expect(attributesOf(stack, "libvirt_domain.rt")?.cpu).toMatchObject({ topology: { threads: 2, cores: 1 } });
  });

  it("has the CPUs that were decided, wherever it is in the code", () => {
    const decisions = { "lab/b": { host: "alpha", cpus: "3" }, "lab/a": { host: "alpha", cpus: "2" } };
    writeFileSync(LOCK_FILE, formatDecisions(new Map(Object.entries(decisions))));
    const one = { vcpus: new Dedicated(1) };
    const stack = stackWith(threaded, { b: one, a: one });
    expect(tuneOf(stack, "a")).toMatchObject({ vcpupin: { 0: { cpuset: "2" } } });
    expect(tuneOf(stack, "b")).toMatchObject({ vcpupin: { 0: { cpuset: "3" } } });
  });

  it("says to 'kvm-fleet place' what it needs", () => {
    process.env.KVM_FLEET_PLACEMENT_FILE = join(folder, "declared.json");
    const stack = stackWith(threaded, { a: { vcpus: new Dedicated(2, { samePackage: true }) } });
    expect(errorsOf(stack)).toEqual([]);
    synthesize(stack);
    const { hosts, machines } = JSON.parse(readFileSync(join(folder, "declared.json"), "utf8")) as DeclaredModel;
    expect(hosts[0]?.cpus).toEqual({
      cores: [
        [2, 10],
        [3, 11],
        [4, 12],
      ],
      packages: [],
    });
    expect(machines[0]?.cpus).toEqual({ count: 2, threads: false, samePackage: true });
  });

  it.each<[HostProps["dedicatedCpus"], Readonly<Record<string, Partial<VirtualMachineProps>>>, string]>([
    [
      "2-5",
      { a: { vcpus: new Dedicated(2) } },
      "'vcpus' is Dedicated, and no CPUs are decided for the machine; state 'cpus', or run 'kvm-fleet place', and commit kvm-fleet.lock.json (at lab/a)",
    ],
    [
      undefined,
      { a: { vcpus: new Dedicated(1, { cpus: "2" }) } },
      "'vcpus' requires 'dedicatedCpus' of host 'alpha'; declare the CPUs that machines can have alone (at lab/a)",
    ],
    [
      "2-5",
      { a: { vcpus: new Dedicated(2, { cpus: "2" }) } },
      "'vcpus.cpus' must be 2 CPUs of the host, got '2'; write it like '2-3' (at lab/a)",
    ],
    [
      threaded,
      { a: { vcpus: new Dedicated(1, { cpus: "2" }) }, b: { vcpus: new Dedicated(1, { cpus: "10" }) } },
      "CPU 10 of host 'alpha' is on a core that lab/a has alone; choose other CPUs for one of them (at lab/b)",
    ],
    [
      threaded,
      { a: { vcpus: new Dedicated(1, { cpus: "2" }) }, b: { resources: { emulatorPinning: "9-10" } } },
      "the pinning of the machine must not contain CPU 2, 10 of host 'alpha', which lab/a has alone; choose other CPUs (at lab/b)",
    ],
    [
      "2-5",
      { a: { vcpus: new Dedicated(1, { cpus: "2", realtime: true }) } },
      "'vcpus.realtime' requires CPUs for the rest of the machine's process; set 'dedicatedCpus.housekeeping' of host 'alpha', or 'resources.emulatorPinning' (at lab/a)",
    ],
    [
      "2-5",
      { a: { vcpus: new Dedicated(1, { cpus: "2" }), resources: { vcpuPinning: { 0: "2" } } } },
      "'resources.vcpuPinning' cannot be combined with Dedicated 'vcpus'; remove one of them (at lab/a)",
    ],
    ["2-", {}, "'dedicatedCpus' must be a list of CPUs, got '2-'; write it like '2-7' (at lab/alpha)"],
    [
      { cores: ["2,3", "3"] },
      {},
      "'dedicatedCpus' must have each CPU once, got 3 twice; remove it from one core, or from 'housekeeping' (at lab/alpha)",
    ],
    [
      { cores: ["2", "3"], packages: ["2"] },
      {},
      "'dedicatedCpus.packages' must have all CPUs of 'cores', got none with 3; add it to its package (at lab/alpha)",
    ],
  ])("reports mistakes: %#", (dedicatedCpus, machines, message) => {
    expect(errorsOf(stackWith(dedicatedCpus, machines))).toEqual([message]);
  });
});
