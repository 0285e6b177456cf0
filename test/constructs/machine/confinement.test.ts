import { Size, VirtualMachine, type VirtualMachineProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);

/** The domain of one VM. */
function domainOf(props: Partial<VirtualMachineProps>): Readonly<Record<string, unknown>> | undefined {
  const stack = newStack();
  const { host, image } = new Site(stack);
  new VirtualMachine(stack, "web-1", { host, image, memory, vcpus: 2, ...props });
  expect(errorsOf(stack)).toEqual([]);
  return attributesOf(stack, "libvirt_domain.web-1");
}

describe("The confinement of a VirtualMachine", () => {
  it("is left to the host's drivers", () => {
    expect(domainOf({})?.seclabel).toBeUndefined();
  });

  it("is a label of each driver, a base label, or none for a reason", () => {
    expect(
      domainOf({
        confinement: {
          apparmor: { none: "its disks are outside of all pools, until May" },
          selinux: { baseLabel: "system_u:system_r:svirt_t:s0" },
          dac: { label: "+1000:+1000", relabel: true },
        },
        diskOptions: { labels: { dac: false, selinux: "system_u:object_r:svirt_image_t:s0" } },
      }),
    ).toMatchObject({
      seclabel: {
        apparmor: { type: "none", reason: "its disks are outside of all pools, until May" },
        selinux: { type: "dynamic", baselabel: "system_u:system_r:svirt_t:s0" },
        dac: { type: "static", label: "+1000:+1000", relabel: true },
      },
      disks: {
        vda: {
          options: { seclabel: { dac: { relabel: false }, selinux: { label: "system_u:object_r:svirt_image_t:s0" } } },
        },
      },
    });
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { confinement: { apparmor: { none: " " } } },
      "'confinement.apparmor.none' must say why the machine is not confined, got ''; write the reason",
    ],
    [
      { confinement: { dac: { label: "1000 1000" } } },
      "'confinement.dac.label' must be a label without spaces, got '1000 1000'; write it like '+1000:+1000' or 'system_u:system_r:svirt_t:s0'",
    ],
    [
      { diskOptions: { labels: { dac: "a b" } } },
      "'diskOptions.labels.dac' must be a label without spaces, got 'a b'; write it like '+1000:+1000' or 'system_u:system_r:svirt_t:s0'",
    ],
    [
      { resources: { ioThreads: { 1: { minWorkers: 4, maxWorkers: 2 } } } },
      "'resources.ioThreads[1].maxWorkers' must be at least 'minWorkers' (4), got 2; raise it",
    ],
  ])("reports mistakes: %#", (props, message) => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, image, memory, ...props });
    expect(errorsOf(stack)).toEqual([`${message} (at lab/web-1)`]);
  });
});

describe("The resources of a VirtualMachine", () => {
  it("are worker threads, parts of caches and memory bandwidth", () => {
    const resources = {
      ioThreads: { 1: { pollMax: 1000, pollGrow: 2, pollShrink: 2, minWorkers: 1, maxWorkers: 8 } },
      cacheParts: { "0-1": { "0/both": Size.mebibytes(3) } },
      memoryBandwidth: { "0-1": { 0: 50 } },
    };
    expect(domainOf({ resources })?.cputune).toEqual({
      iothreads: { 1: { poll_max: 1000, poll_grow: 2, poll_shrink: 2, pool_min: 1, pool_max: 8 } },
      cachetune: { "0-1": { caches: { "0/both": { size: 3072 } } } },
      memorytune: { "0-1": { nodes: { 0: { bandwidth: 50 } } } },
    });
  });
});
