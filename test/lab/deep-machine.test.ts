import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { hardware, type MachineOptions } from "../../lab/deep/machine";
import { Qmp } from "../../lab/deep/qmp";

const options: MachineOptions = {
  qemu: "/roots/debian13",
  accelerator: "qemu",
  name: "delta",
  uuid: "00000000-0000-4000-8000-000000000000",
  address: "198.18.1.4/16",
  mac: "52:54:00:de:00:01",
  netns: "kf-lab-delta",
  files: { image: "/image", disk: "/lab/delta/disk.qcow2", spare: "/lab/delta", runtime: "/run/delta" },
  memory: { folder: "/snapshot", writable: false },
  incoming: true,
};

describe("the hardware of a deep host", () => {
  test("has the host's name and address on the kernel's command line", () => {
    const args = hardware(options);

    expect(args[args.indexOf("-append") + 1]).toContain(
      "systemd.hostname=delta ip=198.18.1.4:::255.255.0.0:delta:eth0:off",
    );
  });

  test("differs between a machine that is saved and one that is restored only in its disk and in who writes its memory", () => {
    const restored = hardware(options);
    const saved = hardware({
      ...options,
      files: { ...options.files, disk: "/snapshot/disk.qcow2" },
      memory: { folder: "/snapshot", writable: true },
    });

    expect(saved.map((it) => it.replace("/snapshot/disk", "/lab/delta/disk").replace("share=on", "share=off"))).toEqual(
      restored,
    );
  });

  test("is emulated or runs under KVM", () => {
    expect(hardware(options)).toEqual(expect.arrayContaining(["tcg,thread=multi,tb-size=512", "max"]));
    expect(hardware({ ...options, accelerator: "kvm" })).toEqual(expect.arrayContaining(["kvm", "host"]));
  });
});

describe("the control socket of QEMU", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-fleet-qmp-"));
  const socket = path.join(folder, "qmp");
  const server = net.createServer((stream) => {
    stream.write('{"QMP": {}}\n');
    stream.on("data", (data) => {
      for (const line of data.toString().trimEnd().split("\n")) {
        const { execute } = JSON.parse(line) as { execute: string };
        if (execute === "quit") stream.destroy();
        else if (execute === "cont") stream.write('{"error": {"class": "GenericError", "desc": "no"}}\n');
        else stream.write('{"return": {}}\n');
        if (execute === "migrate") stream.write('{"event": "MIGRATION", "data": {"status": "failed"}}\n');
      }
    });
  });

  beforeAll(() => new Promise<void>((resolve) => server.listen(socket, resolve)));
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test("passes on what QEMU refuses", async () => {
    const qmp = await Qmp.connect(socket);

    await expect(qmp.execute("stop")).resolves.toEqual({});
    await expect(qmp.execute("cont")).rejects.toThrow("QEMU refused 'cont': no");
    qmp.close();
  });

  test("reports a migration that failed", async () => {
    const qmp = await Qmp.connect(socket);

    await expect(qmp.migrate("migrate", "file:/state")).rejects.toThrow("QEMU failed to migrate with file:/state");
    qmp.close();
  });

  test("fails what waits when QEMU ends", async () => {
    const qmp = await Qmp.connect(socket);

    await expect(qmp.execute("quit")).rejects.toThrow("QEMU closed its control socket");
  });
});
