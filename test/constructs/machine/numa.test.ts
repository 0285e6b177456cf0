import { Size, VirtualMachine, type VirtualMachineProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.gibibytes(2);
const half = Size.gibibytes(1);

/** The attributes of one VM with four virtual CPUs. */
function domainOf(props: Partial<VirtualMachineProps>): Record<string, unknown> | undefined {
  const stack = newStack();
  new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, vcpus: 4, ...props });
  expect(errorsOf(stack)).toEqual([]);
  return attributesOf(stack, "libvirt_domain.web-1");
}

/** The errors of one VM with four virtual CPUs. */
function errorsWith(props: Partial<VirtualMachineProps>): string[] {
  const stack = newStack();
  new VirtualMachine(stack, "web-1", { host: new Site(stack).host, memory, vcpus: 4, ...props });
  return errorsOf(stack);
}

describe("The NUMA nodes of a VirtualMachine", () => {
  it("are numbered in their order", () => {
    const numaNodes = [
      { cpus: "0-1", memory: half, distances: [10, 21] },
      { cpus: "2,3", memory: half, distances: [21, 10] },
    ];
    expect(domainOf({ numaNodes })?.cpu).toEqual({
      mode: "host-model",
      numa: {
        0: { cpus: "0-1", memory: 1_048_576, distances: { 1: { value: 21 } } },
        1: { cpus: "2,3", memory: 1_048_576, distances: { 0: { value: 21 } } },
      },
    });
  });

  it("can be on nodes of the host, each on its own", () => {
    const numaNodes = [
      { cpus: "0-3", memory: half, hostNodes: "1" },
      { memory: half, hostNodes: "0" },
    ];
    expect(domainOf({ numaNodes })?.memory_backing).toEqual({
      numatune: { cells: { 0: { mode: "strict", nodeset: "1" }, 1: { mode: "strict", nodeset: "0" } } },
    });
    const hostNodes = { nodes: "0-1", mode: "restrictive" } as const;
    expect(domainOf({ memoryBacking: { hostNodes } })?.memory_backing).toEqual({
      numatune: { mode: "restrictive", nodeset: "0-1" },
    });
    expect(domainOf({ memoryBacking: { hostNodes: "auto" } })?.memory_backing).toEqual({
      numatune: { mode: "strict", placement: "auto" },
    });
  });

  it("can have huge pages of their own size", () => {
    const hugepages = half;
    expect(
      domainOf({
        memoryBacking: { hugepages: Size.mebibytes(2) },
        numaNodes: [
          { cpus: "0-3", memory: half },
          { memory: half, hugepages },
        ],
      })?.memory_backing,
    ).toEqual({ hugepages: true, hugepage_size: 2048, hugepage_nodes: { 1_048_576: { nodes: "1" } } });
    expect(
      domainOf({
        numaNodes: [
          { cpus: "0-3", memory: half, hugepages },
          { memory: half, hugepages },
        ],
      })?.memory_backing,
    ).toEqual({ hugepages: true, hugepage_nodes: { 1_048_576: { nodes: "0,1" } } });
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { numaNodes: [{ cpus: "0-3", memory }] },
      "'numaNodes' must have at least 2 nodes, got 1; remove it: a machine has one node",
    ],
    [
      { numaNodes: [{ cpus: "0-3", memory: half }, { memory: Size.mebibytes(512) }] },
      "'numaNodes' must have the machine's 'memory' (2 GiB) together, got 1536 MiB; change both together",
    ],
    [
      { maxMemory: Size.gibibytes(4), numaNodes: [{ cpus: "0-3", memory: half }, { memory: half }] },
      "'numaNodes' must have the machine's 'maxMemory' (4 GiB) together, got 2 GiB; change both together",
    ],
    [
      {
        memory: Size.kibibytes(2 ** 20 + 1),
        numaNodes: [{ cpus: "0-3", memory: Size.mebibytes(512) }, { memory: Size.kibibytes(2 ** 19 + 1) }],
      },
      "'numaNodes[1].memory' must be a whole number of MiB, got 524289 KiB; round it",
    ],
    [
      {
        numaNodes: [
          { cpus: "0-2", memory: half },
          { cpus: "2-3", memory: half },
        ],
      },
      "'numaNodes' must have each virtual CPU once, 2 is in nodes 0 and 1; remove one",
    ],
    [
      {
        numaNodes: [
          { cpus: "0-1", memory: half },
          { cpus: "3", memory: half },
        ],
      },
      "'numaNodes' must have all virtual CPUs from 0 to 3, 2 is in none; add it to a node",
    ],
    [
      { numaNodes: [{ cpus: "0-4", memory: half }, { memory: half }] },
      "'numaNodes[0].cpus' must be virtual CPUs from 0 to 3, got '0-4'; write it like '0-3,5'",
    ],
    [
      { numaNodes: [{ cpus: "a", memory: half }, { memory: half }] },
      "'numaNodes[0].cpus' must be virtual CPUs from 0 to 3, got 'a'; write it like '0-3,5'",
    ],
    [
      { numaNodes: [{ cpus: "0-3", memory: half, distances: [10, 20] }, { memory: half }] },
      "'numaNodes[1].distances' must have a distance to each of the 2 nodes, got 0; add them, or remove all distances",
    ],
    [
      {
        numaNodes: [
          { cpus: "0-3", memory: half, distances: [10, 300] },
          { memory: half, distances: [20, 10] },
        ],
      },
      "'numaNodes[0].distances' must be a whole number from 10 to 254, got 300; choose a number in this range",
    ],
  ])("are refused if they do not fit: %j", (props, message) => {
    expect(errorsWith(props)).toEqual([`${message} (at lab/web-1)`]);
  });
});
