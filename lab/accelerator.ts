import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { release } from "node:os";
import path from "node:path";
import { run } from "./command";
import { cacheFolder, digest, type Report } from "./guest/cache";
import { type Accelerator, Machine } from "./guest/machine";
import { guestPackages, kernelFile } from "./guest/packages";

export type { Accelerator } from "./guest/machine";

const DEVICE = "/dev/kvm";

/** With a working KVM, Linux prints its first line in less than a second, or in a few seconds on slow machines. */
const FIRST_LINE_DEADLINE = 10_000;

const FIRST_LINE = /Linux version/;

/** Options of {@link probeAccelerator}. */
export interface ProbeOptions {
  readonly report: Report;
}

/**
 * Reports whether this machine has /dev/kvm and this process can open it.
 *
 * The function opens the device instead of checking its mode: in a container without access to the device, the mode can
 * allow an access that the kernel denies.
 */
export async function kvmDevice(device = DEVICE): Promise<"usable" | "unreadable" | "absent"> {
  try {
    await (await open(device, "r+")).close();
    return "usable";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "absent" : "unreadable";
  }
}

/**
 * Returns the accelerator that this machine can run a Linux guest with: `kvm`, or `qemu`, which emulates every instruction.
 *
 * A usable /dev/kvm is not sufficient: on a machine that is itself virtual, a 64-bit Linux can hang at its first instruction
 * under KVM. The probe therefore starts a Linux and waits for its first line. The answer is stored until the machine is
 * rebooted or has another kernel or QEMU.
 */
export async function probeAccelerator({ report }: ProbeOptions): Promise<Accelerator> {
  const device = await kvmDevice();
  if (device !== "usable") {
    report(`accelerator: qemu (${DEVICE} is ${device})`);
    return "qemu";
  }
  return keptAnswer(cacheFolder(), await thisMachine(), async () => {
    const answer = (await linuxStartsUnderKvm(report)) ? "kvm" : "qemu";
    report(answer === "kvm" ? "accelerator: kvm" : "accelerator: qemu (no Linux guest starts under KVM here)");
    return answer;
  });
}

/** Returns the answer that is stored for the same machine. If there is none, runs the probe and stores its answer. */
export async function keptAnswer(
  folder: string,
  machine: readonly string[],
  ask: () => Promise<Accelerator>,
): Promise<Accelerator> {
  const file = path.join(folder, `accelerator-${digest(machine).slice(0, 12)}`);
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known === "kvm" || known === "qemu") return known;
  const answer = await ask();
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, answer);
  await rename(draft, file);
  return answer;
}

/** Returns all properties of this machine that the answer depends on. */
async function thisMachine(): Promise<string[]> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  return [release(), boot, await run("qemu-system-x86_64", ["--version"])];
}

async function linuxStartsUnderKvm(report: Report): Promise<boolean> {
  report("accelerator: starting a Linux guest under KVM");
  const kernel = kernelFile(await guestPackages(report));
  const machine = await Machine.start({
    accelerator: "kvm",
    args: ["-no-reboot", "-kernel", kernel, "-append", "console=ttyS0 earlyprintk=ttyS0"],
  });
  try {
    await machine.waitForLine(FIRST_LINE, FIRST_LINE_DEADLINE);
    return true;
  } catch {
    return false;
  } finally {
    await machine.kill();
  }
}
