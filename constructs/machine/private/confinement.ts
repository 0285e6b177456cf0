import type { DomainDisksOptionsSeclabel, DomainSeclabel } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import type { Confinement, DiskLabels, DriverConfinement } from "../confinement";

/** Renders how a machine is confined. */
export function makeConfinement(
  machine: IConstruct,
  confinement: Confinement = {},
): Record<string, DomainSeclabel> | undefined {
  const labels = Object.entries(confinement as Record<string, DriverConfinement | undefined>).flatMap(
    ([driver, own]) => (own === undefined ? [] : [[driver, render(machine, driver, own)] as const]),
  );
  return labels.length === 0 ? undefined : Object.fromEntries(labels);
}

function render(machine: IConstruct, driver: string, own: DriverConfinement): DomainSeclabel {
  if ("none" in own) {
    if (own.none.trim() === "") {
      addError(
        machine,
        `'confinement.${driver}.none' must say why the machine is not confined, got ''; write the reason`,
      );
    }
    return { type: "none", reason: own.none };
  }
  if ("baseLabel" in own) {
    checkLabel(machine, `confinement.${driver}.baseLabel`, own.baseLabel);
    return { type: "dynamic", baselabel: own.baseLabel };
  }
  checkLabel(machine, `confinement.${driver}.label`, own.label);
  return { type: "static", label: own.label, relabel: own.relabel };
}

/** Renders how a disk is labelled. */
export function makeDiskLabels(
  machine: IConstruct,
  property: string,
  labels: DiskLabels = {},
): Record<string, DomainDisksOptionsSeclabel> | undefined {
  const rendered = Object.entries(labels as Record<string, string | false | undefined>).flatMap(([driver, label]) => {
    if (label === undefined) return [];
    if (label !== false) checkLabel(machine, `${property}.labels.${driver}`, label);
    return [[driver, label === false ? { relabel: false } : { label }] as const];
  });
  return rendered.length === 0 ? undefined : Object.fromEntries(rendered);
}

function checkLabel(machine: IConstruct, property: string, label: string): void {
  if (!Token.isUnresolved(label) && !/^[A-Za-z0-9_.,:+/-]+$/.test(label)) {
    addError(
      machine,
      `'${property}' must be a label without spaces, got '${label}'; write it like '+1000:+1000' or 'system_u:system_r:svirt_t:s0'`,
    );
  }
}
