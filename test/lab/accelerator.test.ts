import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Accelerator, keptAnswer, kvmDevice } from "../../lab/accelerator";

describe("keptAnswer", () => {
  let folder: string;
  const machine = ["6.1.0", "boot-1", "QEMU 7.2"];
  const asked = (answer: Accelerator) => jest.fn<Promise<Accelerator>, []>().mockResolvedValue(answer);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "kvm-fleet-accelerator-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test.each<Accelerator>(["kvm", "qemu"])("stores '%s' and does not probe again", async (answer) => {
    const again = asked("kvm");
    await expect(keptAnswer(folder, machine, asked(answer))).resolves.toBe(answer);
    await expect(keptAnswer(folder, machine, again)).resolves.toBe(answer);
    expect(again).not.toHaveBeenCalled();
  });

  test.each([
    ["another kernel", ["6.2.0", "boot-1", "QEMU 7.2"]],
    ["another boot", ["6.1.0", "boot-2", "QEMU 7.2"]],
    ["another QEMU", ["6.1.0", "boot-1", "QEMU 8.0"]],
  ])("probes again after %s", async (_what, other) => {
    await keptAnswer(folder, machine, asked("kvm"));
    await expect(keptAnswer(folder, other, asked("qemu"))).resolves.toBe("qemu");
    await expect(keptAnswer(folder, machine, asked("qemu"))).resolves.toBe("kvm");
  });

  test("creates the folder, and stores nothing when the probe fails", async () => {
    const missing = path.join(folder, "cache");
    const failing = () => Promise.reject(new Error("no packages"));
    await expect(keptAnswer(missing, machine, failing)).rejects.toThrow("no packages");
    await expect(keptAnswer(missing, machine, asked("kvm"))).resolves.toBe("kvm");
  });

  test("probes again if the stored answer is invalid", async () => {
    await keptAnswer(folder, machine, asked("kvm"));
    const [file = ""] = await readdir(folder);
    await writeFile(path.join(folder, file), "");
    await expect(keptAnswer(folder, machine, asked("qemu"))).resolves.toBe("qemu");
  });
});

describe("kvmDevice", () => {
  test("distinguishes a usable, an unreadable and an absent device", async () => {
    await expect(kvmDevice("/dev/null")).resolves.toBe("usable");
    await expect(kvmDevice(path.join(tmpdir(), "no-such-device"))).resolves.toBe("absent");
    // A folder exists, but even root cannot open it for writing.
    await expect(kvmDevice(tmpdir())).resolves.toBe("unreadable");
  });
});
