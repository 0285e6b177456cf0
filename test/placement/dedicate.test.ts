import { type CpuDemand, dedicate, type HostCpus } from "../../placement";

const cores = (...lists: number[][]): HostCpus => ({ cores: lists, packages: [] });
const demand = (count: number, more: Partial<CpuDemand> = {}): CpuDemand => ({
  count,
  threads: false,
  samePackage: false,
  ...more,
});

/** The CPUs of machines by name, and what is not as it must be. */
function decide(host: HostCpus, machines: Readonly<Record<string, CpuDemand>>) {
  const { cpus, findings } = dedicate("alpha", host, new Map(Object.entries(machines)));
  return { cpus: Object.fromEntries(cpus), findings: findings.map(({ at, message }) => `${message} (at ${at})`) };
}

describe("CPUs for machines alone", () => {
  const threaded = cores([2, 10], [3, 11], [4, 12], [5, 13]);

  it("are one of each core, in the order of the host", () => {
    expect(decide(threaded, { a: demand(2), b: demand(2) })).toEqual({ cpus: { a: [2, 3], b: [4, 5] }, findings: [] });
  });

  it("are all threads of their cores on request, and a core has one machine", () => {
    expect(decide(threaded, { a: demand(3, { threads: true }), b: demand(2, { threads: true }) }).cpus).toEqual({
      a: [2, 10, 3],
      b: [4, 12],
    });
  });

  it("stay where they were decided when a machine comes first", () => {
    const { cpus, findings } = decide(threaded, {
      a: demand(1),
      b: demand(2, { current: [2, 3] }),
      c: demand(1, { current: [5] }),
    });
    expect(cpus).toEqual({ b: [2, 3], c: [5], a: [4] });
    expect(findings).toEqual([]);
  });

  it("are decided anew if what was decided does not suit any more", () => {
    const host: HostCpus = {
      cores: [[2], [3], [4], [5]],
      packages: [
        [0, 2, 3],
        [1, 4, 5],
      ],
    };
    expect(decide(host, { a: demand(2, { current: [3, 4], samePackage: true }) }).cpus).toEqual({ a: [2, 3] });
    expect(decide(host, { a: demand(3, { current: [2, 3] }) }).cpus).toEqual({ a: [2, 3, 4] });
    expect(decide(host, { a: demand(1, { current: [9] }) }).cpus).toEqual({ a: [2] });
    expect(decide(host, { a: demand(1, { stated: [2] }), b: demand(1, { current: [2] }) }).cpus).toEqual({
      a: [2],
      b: [3],
    });
  });

  it("are in one package on request", () => {
    const host: HostCpus = {
      cores: [[2], [3], [4], [5]],
      packages: [
        [2, 3],
        [4, 5],
      ],
    };
    expect(decide(host, { a: demand(1), b: demand(2, { samePackage: true }) }).cpus).toEqual({ a: [2], b: [4, 5] });
    expect(decide(host, { a: demand(3, { samePackage: true }) }).findings).toEqual([
      "'dedicatedCpus' of host 'alpha' must have free cores in one package for the machine's virtual CPUs (3), " +
        "got 4 free of 4; add cores, or move a machine (at a)",
    ]);
  });

  it("name both machines that state CPUs of one core, and CPUs that the host does not have for this", () => {
    expect(
      decide(threaded, { a: demand(1, { stated: [2] }), b: demand(1, { stated: [10] }), c: demand(1, { stated: [0] }) })
        .findings,
    ).toEqual([
      "CPU 10 of host 'alpha' is on a core that a has alone; choose other CPUs for one of them (at b)",
      "CPU 0 of host 'alpha' is not among its 'dedicatedCpus'; add its core there, or choose other CPUs (at c)",
    ]);
  });
});
