import { Domain, type DomainInterfaces, Nwfilter } from "@cdktf/provider-libvirt";
import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { compile, type FilterAssignment, type Model } from "../../../separation";
import { checkAddress } from "../../core/resource-address";
import { Host } from "../../host/host";
import { type InterfaceFilter, setFilter } from "../../machine/attachments";
import { readInput } from "./read-input";

/** Adds the filters of a policy to the hosts, and refers to them from the interfaces. */
export function enforce(root: IConstruct, model: Model): void {
  const { filters, assignments } = compile(model);
  const nodes = root.node.findAll();
  const hosts = new Map(
    nodes
      .filter((node) => node instanceof Host)
      .map((host) => [JSON.stringify([TerraformStack.of(host).node.path, host.uri]), host]),
  );
  const filterResources = new Map<string, Nwfilter>();
  const keyOf = (stack: string, host: string, name: string) => JSON.stringify([stack, host, name]);
  const referTo = (stack: string, host: string, name: string) =>
    filterResources.get(keyOf(stack, host, name))?.name ?? name;
  // A filter that others include comes before them.
  for (const { stack, host: uri, name, filters: parts, rules } of [...filters].sort(
    (one, other) => one.filters.length - other.filters.length,
  )) {
    const host = hosts.get(JSON.stringify([stack, uri]));
    if (host === undefined) continue;
    const filter = new Nwfilter(host, name, {
      host: host.hostName,
      name,
      filters: parts.length > 0 ? parts.map((part) => referTo(stack, uri, part)) : undefined,
      rules,
      // An interface must get its new filter before the old one is deleted, when its machine changes its role or its host.
      lifecycle: { createBeforeDestroy: true },
    });
    checkAddress(filter);
    filterResources.set(keyOf(stack, uri, name), filter);
  }
  const byMachine = new Map<string, FilterAssignment[]>();
  for (const assignment of assignments) {
    const own = byMachine.get(assignment.machine) ?? [];
    byMachine.set(assignment.machine, own);
    own.push(assignment);
  }
  const machines = new Map(model.machines.map((machine) => [machine.path, machine]));
  for (const domain of nodes.filter((node) => node instanceof Domain)) {
    const scope = domain.node.scope;
    const owner = scope !== undefined && byMachine.has(scope.node.path) ? scope : domain;
    const machine = machines.get(owner.node.path);
    const interfaces = readInput(domain.interfacesInput) as Readonly<Record<string, DomainInterfaces>> | undefined;
    const changed: Record<string, DomainInterfaces> = {};
    for (const { interfaceName, filter, parameters, isolated } of byMachine.get(owner.node.path) ?? []) {
      const settings = interfaces?.[interfaceName];
      if (settings === undefined || machine === undefined) continue;
      const own: InterfaceFilter = {
        filter: referTo(machine.stack, machine.host, filter),
        filterParameters: Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, { values }])),
        isolated: settings.isolated ?? (isolated ? true : undefined),
      };
      if (!setFilter(owner, interfaceName, own)) changed[interfaceName] = { ...settings, ...own };
    }
    // A domain without a VirtualMachine does not read its filters during synthesis, so they are set here.
    if (Object.keys(changed).length > 0) domain.interfaces = { ...interfaces, ...changed };
  }
}
