import type { Attributes } from "../pipeline/adoptable";
import { entriesOf, group, same, text } from "./attributes";
import type { Value } from "./code";

/** The properties of a machine for its clock, its features, its console and its small devices. */
export function hardwareProps(config: Attributes): Record<string, Value | undefined> {
  const devices = group(config, "devices");
  const [video, watchdog] = [group(devices, "video"), group(devices, "watchdog")];
  return {
    clock: clock(group(config, "clock")),
    features: features(group(config, "features")),
    graphics: text(group(config, "graphics"), "type") && same(group(config, "graphics"), "type", "listen", "port"),
    video: text(video, "model"),
    tpm: devices.tpm === undefined ? undefined : (same(group(devices, "tpm"), "model", "version") ?? true),
    watchdog: text(watchdog, "model") === undefined ? undefined : same(watchdog, "model", "action"),
    sound: text(devices, "sound"),
    tablet: text(devices, "tablet"),
    xml: xml(config),
  };
}

function clock(config: Attributes): Record<string, Value | undefined> | undefined {
  const [offset, timeZone] = [text(config, "offset"), text(config, "timezone")];
  const timers = entriesOf(config, "timers").flatMap(([name, timer]) => {
    const settings = same(timer, "present", "tickpolicy");
    return settings === undefined ? [] : [[name, settings] as const];
  });
  const plain = offset === "utc" || offset === "localtime";
  const made = {
    offset: plain ? offset : undefined,
    timeZone,
    timers: timers.length === 0 ? undefined : Object.fromEntries(timers),
  };
  return Object.values(made).every((value) => value === undefined) ? undefined : made;
}

function features(config: Attributes): Record<string, Value | undefined> | undefined {
  const hyperv = same(
    group(config, "hyperv"),
    ...["relaxed", "vapic", "spinlocks", "vpindex", "runtime", "synic", "stimer", "reset", "vendor_id", "frequencies"],
    ...["reenlightenment", "tlbflush", "ipi", "evmcs"],
  );
  const others = same(config, "acpi", "apic", "smm", "vmport", "pmu", "kvm_hidden");
  return hyperv === undefined && others === undefined ? undefined : { ...others, hyperv };
}

/** The elements of libvirt's XML that were written by hand before. */
function xml(config: Attributes): Record<string, Value> | undefined {
  const elements = entriesOf(config, "xml").flatMap(([name, entry]) => {
    const settings = same(entry, "under", "element");
    return settings === undefined ? [] : [[name, settings] as const];
  });
  return elements.length === 0 ? undefined : Object.fromEntries(elements);
}
