import type { AdoptableDomain, Attributes } from "../pipeline/adoptable";
import { entriesOf, flag, group, number, text } from "./attributes";
import { Expression, type Value, Varying } from "./code";
import { machineDisks } from "./disks";
import { hardwareProps } from "./hardware";
import { interfaceProps } from "./interfaces";
import { constructId } from "./names";
import { type AdoptedObject, keyOf, type Part } from "./part";
import { processorProps } from "./processors";
import type { Site } from "./site";
import { size } from "./sizes";

/** The construct for a machine. */
export function machinePart(domain: AdoptableDomain, parts: Site): Part {
  const { name, id: importId, config } = domain.object;
  const disks = machineDisks(domain, parts);
  const wanted = constructId(name);
  const id = parts.machineIds.take(wanted, constructId(`${name}-${parts.host.name}`));
  const objects: AdoptedObject[] = [{ key: keyOf("libvirt_domain", importId), importId, child: "Default" }];
  if (disks.root !== undefined) {
    const { object } = disks.root;
    objects.push({ key: keyOf("libvirt_volume", object.id), importId: object.id, child: "root" });
  }
  return {
    objects,
    variable: parts.variableOf(name, "vm"),
    maker: "new VirtualMachine",
    scope: "this",
    id: id === name ? new Varying("name", name) : id,
    props: {
      host: new Expression(parts.variable),
      vmName: id === name ? undefined : name,
      title: text(config, "title"),
      description: text(config, "description"),
      accelerator: acceleratorOf(config, parts),
      ...memoryProps(config),
      ...processorProps(config, parts.accelerator),
      ...firmwareProps(config),
      ...disks.props,
      networks: interfaceProps(config, name, parts),
      bootOrder: bootOrder(config, disks.rootTarget),
      ...hardwareProps(config),
      guestAgent: flag(config, "guest_agent"),
      serialLog: text(group(config, "serial"), "log_file"),
      autostart: flag(config, "autostart"),
      state: text(config, "state"),
    },
    comments: commentsOf(domain),
  };
}

function acceleratorOf(config: Attributes, { accelerator }: Site): string | undefined {
  const own = text(config, "type") ?? "kvm";
  return own === accelerator ? undefined : own;
}

function memoryProps(config: Attributes): Record<string, Value | undefined> {
  const maximum = group(config, "maximum");
  const [memory, most] = [number(config, "memory") ?? 0, number(maximum, "memory")];
  const vcpus = number(config, "vcpu");
  return {
    memory: size(memory * 1024),
    maxMemory: most === undefined || most === memory ? undefined : size(most * 1024),
    vcpus: vcpus === 1 ? undefined : vcpus,
    maxVcpus: number(maximum, "vcpu"),
  };
}

function firmwareProps(config: Attributes): Record<string, Value | undefined> {
  const secureBoot = flag(group(config, "efi"), "secure_boot") === true;
  const [kernel, initrd, commandLine] = [text(config, "kernel"), text(config, "initrd"), text(config, "cmdline")];
  return {
    firmware: secureBoot ? undefined : text(config, "firmware"),
    secureBoot: secureBoot ? true : undefined,
    kernel: kernel === undefined ? undefined : { kernel, initrd, commandLine },
  };
}

/** The devices with a place in the boot order, in this order. Empty where the construct would give its own disk one. */
function bootOrder(config: Attributes, root: string | undefined): readonly string[] | undefined {
  const disks = entriesOf(config, "disks");
  const devices = [...disks, ...entriesOf(config, "interfaces")];
  const placed = devices.flatMap(([name, device]) => {
    const boot = number(device, "boot");
    return boot === undefined ? [] : [{ name, boot }];
  });
  if (placed.length === 0) return root !== undefined && disks.some(([target]) => target < root) ? [] : undefined;
  return placed.sort((one, other) => one.boot - other.boot).map(({ name }) => name);
}

function commentsOf({ undeclared, pending }: AdoptableDomain): readonly string[] {
  return [
    ...(undeclared === "" ? [] : [`It has what no property stands for, and keeps it: ${undeclared}.`]),
    ...(pending === "" ? [] : [`Its next start changes this: ${pending}.`]),
  ];
}
