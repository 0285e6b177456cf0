import type { DomainDevices, DomainDevicesRng, DomainDevicesTpm, DomainDevicesVideo } from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { addError } from "../../core/errors";
import { checkUnits, checkWhole } from "../../core/numbers";
import type { MachineHardwareProps } from "../hardware";

/** Renders a machine's devices that have no room of their own: video, TPM, watchdog and others. */
export function makeDevices(machine: IConstruct, props: MachineHardwareProps): DomainDevices {
  const { watchdog, vsock, panic, balloon, sound, tablet } = props;
  return {
    video: makeVideo(machine, props.video),
    tpm: makeTpm(machine, props.tpm),
    rng: makeRng(machine, props.rng),
    watchdog: isOn(watchdog) ? { model: "i6300esb", ...(watchdog === true ? {} : watchdog) } : undefined,
    vsock:
      vsock === undefined || vsock === false ? undefined : { cid: vsock === true ? undefined : cid(machine, vsock) },
    panic: panic === undefined ? undefined : { model: panic },
    balloon: makeBalloon(machine, balloon),
    sound,
    tablet,
  };
}

function isOn<T>(value: boolean | T | undefined): value is true | T {
  return value !== undefined && value !== false;
}

function cid(machine: IConstruct, number: number): number {
  checkWhole(machine, "vsock", number, { least: 3, most: 4_294_967_294 });
  return number;
}

function makeVideo(machine: IConstruct, video: MachineHardwareProps["video"]): DomainDevicesVideo | undefined {
  if (video === undefined || typeof video === "string") {
    return video === undefined ? undefined : { model: video };
  }
  const { model, memory, heads, accel3d } = video;
  checkUnits(machine, "video.memory", memory, "KiB");
  checkWhole(machine, "video.heads", heads, { least: 1, most: 16 });
  if (accel3d === true && model !== "virtio") {
    addError(machine, `'video.accel3d' requires model 'virtio', got '${model}'; change the model, or remove 'accel3d'`);
  }
  return { model, vram: memory?.toKibibytes("up"), heads, accel3d };
}

function makeTpm(machine: IConstruct, tpm: MachineHardwareProps["tpm"]): DomainDevicesTpm | undefined {
  if (!isOn(tpm)) {
    return undefined;
  }
  const { model, version, hostDevice, secret } = tpm === true ? {} : tpm;
  if (hostDevice !== undefined && (version !== undefined || secret !== undefined)) {
    addError(
      machine,
      "'tpm.hostDevice' cannot be combined with 'version' or 'secret', which only an emulated TPM has; remove 'hostDevice' or the others",
    );
  }
  if (secret?.usage !== undefined && secret.usage !== "vtpm") {
    addError(machine, `'tpm.secret' must have usage 'vtpm', got '${secret.usage}'; create a Secret with that usage`);
  }
  return hostDevice === undefined
    ? { model, version, encryptionSecretUuid: secret?.secretUuid }
    : { model, backend: "passthrough", device: hostDevice };
}

function makeRng(machine: IConstruct, rng: MachineHardwareProps["rng"]): DomainDevicesRng | undefined {
  if (rng === undefined || rng === true) {
    return undefined; // The provider adds one to every machine.
  }
  if (rng === false) {
    return { model: "none" };
  }
  const { device, bytesPerSecond } = rng;
  if (device !== undefined && device !== "builtin" && !Token.isUnresolved(device) && !device.startsWith("/")) {
    addError(machine, `'rng.device' must be an absolute path or 'builtin', got '${device}'; begin the path with '/'`);
  }
  return {
    backend: device === "builtin" ? "builtin" : undefined,
    device: device === "builtin" ? undefined : device,
    rateBytes: bytesPerSecond?.toBytes(),
  };
}

function makeBalloon(machine: IConstruct, balloon: MachineHardwareProps["balloon"]): DomainDevices["balloon"] {
  if (balloon === undefined || balloon === true) {
    return undefined; // The provider adds one to every machine.
  }
  if (balloon === false) {
    return { model: "none" };
  }
  checkWhole(machine, "balloon.statsPeriod", balloon.statsPeriod, { least: 1 });
  return { ...balloon };
}
