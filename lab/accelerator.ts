import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { release } from "node:os";
import path from "node:path";
import { run } from "./command";
import { cacheFolder, digest, type Report } from "./guest/cache";
import { type Accelerator, Machine } from "./guest/machine";
import { guestPackages, kernelFile } from "./guest/packages";

export type { Accelerator } from "./guest/machine";

const DEVICE = "/dev/kvm";

/** Where KVM works at all, Linux prints its first line in less than a second; where machines are slow, in a few. */
const FIRST_LINE_DEADLINE = 10_000;

const FIRST_LINE = /Linux version/;

/** Options of {@link probeAccelerator}. */
export interface ProbeOptions {
  readonly report: Report;
}

/**
 * Whether this machine has /dev/kvm and this process can open it.
 *
 * It is opened rather than looked at: in a container without the device, its mode allows what the kernel denies.
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
 * What this machine can run a Linux guest with: `kvm`, or `qemu`, which emulates every instruction.
 *
 * A /dev/kvm that can be opened is not enough: on a machine that is itself virtual, a 64-bit Linux can hang at its first
 * instruction under KVM. So the probe starts one and waits for its first line. That answer is kept until the machine is
 * booted again or has another kernel or QEMU.
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

/** The answer that was kept for the same machine. If there is none, asks and keeps the answer. */
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

/** Everything that the answer depends on. */
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
