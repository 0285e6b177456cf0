import { execFile, execFileSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { type Accelerator, probeAccelerator } from "../../lab/accelerator";
import { buildCounter, buildGuestImage, type GuestImage } from "../../lab/guest";
import { assembleImage, sha256 } from "../../lab/guest/image";
import { Machine, type MachineOptions } from "../../lab/guest/machine";
import { guestPackages } from "../../lab/guest/packages";

const report = (line: string) => process.stderr.write(`${line}\n`);

/** Time limits for what hangs: an emulated machine beside other tests is slow. */
const BOOT = 600_000;
const ANSWER = 120_000;
jest.setTimeout(3 * BOOT);

const MAC = "52:54:00:00:00:05";
const FIRMWARE = "/usr/share/OVMF";

let accelerator: Accelerator;
let image: GuestImage;
let folder: string;
let publicKey: string;
const machines: Machine[] = [];

beforeAll(async () => {
  accelerator = await probeAccelerator({ report });
  image = await buildGuestImage({ report });
  folder = await mkdtemp(path.join(tmpdir(), "kvm-fleet-guest-"));
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(folder, "key")]);
  publicKey = (await readFile(path.join(folder, "key.pub"), "utf8")).trim();
});

afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.kill()));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function start(args: readonly string[], options: Partial<MachineOptions> = {}): Promise<Machine> {
  const machine = await Machine.start({ accelerator, args, ...options });
  machines.push(machine);
  return machine;
}

/** A disk of its own on the guest image. */
function thinClone(name: string): string {
  const file = path.join(folder, name);
  execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", "-b", image.path, "-F", "qcow2", file]);
  return file;
}

async function writeSeed(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const source = path.join(folder, name);
  await mkdir(source);
  for (const [file, content] of Object.entries(files)) await writeFile(path.join(source, file), content);
  return source;
}

async function isoSeed(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const source = await writeSeed(name, files);
  execFileSync("genisoimage", ["-quiet", "-rock", "-joliet", "-volid", "cidata", "-output", `${source}.iso`, source]);
  return `${source}.iso`;
}

async function fatSeed(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const source = await writeSeed(name, files);
  const disk = `${source}.img`;
  execFileSync("mkfs.vfat", ["-C", "-n", "CIDATA", disk, "1440"], { stdio: "ignore" });
  for (const file of Object.keys(files)) execFileSync("mcopy", ["-i", disk, path.join(source, file), "::"]);
  return disk;
}

function disk(file: string, format: "qcow2" | "raw", options = ""): string[] {
  return ["-drive", `file=${file},format=${format},if=virtio${options}`];
}

function cdrom(file: string): string[] {
  return ["-drive", `file=${file},format=raw,if=ide,media=cdrom,readonly=on`];
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** Runs a command in the guest. */
async function ssh(port: number, user: string, command: string): Promise<string> {
  const options = [
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "BatchMode=yes",
    "ConnectionAttempts=20",
  ];
  const { stdout } = await promisify(execFile)("ssh", [
    ...["-q", "-i", path.join(folder, "key"), "-p", String(port), "-l", user],
    ...options.flatMap((option) => ["-o", option]),
    ...["127.0.0.1", command],
  ]);
  return stdout;
}

/** Asks the guest agent, which answers each line with one. */
function askAgent(socketFile: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(socketFile, () => socket.write(`{"execute":"${command}"}\n`));
    socket.setTimeout(ANSWER, () => socket.destroy(new Error(`the agent did not answer '${command}'`)));
    socket.on("error", reject);
    socket.once("data", (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
  });
}

describe("the guest image", () => {
  test("boots by BIOS, applies its NoCloud ISO, and lets its user in", async () => {
    const port = await freePort();
    const agent = path.join(folder, "agent");
    const seed = await isoSeed("seed", {
      "meta-data": "instance-id: i-1\nlocal-hostname: not-this\n",
      "user-data": `#cloud-config
hostname: web-1
ssh_authorized_keys: ["${publicKey}"]
users:
  - name: ada
    ssh_authorized_keys: ["${publicKey}"]
write_files:
  - {path: /home/ada/note, content: aGVsbG8=, encoding: b64, owner: "ada:ada", permissions: "0600"}
`,
    });
    const args = [
      ...["-machine", "pc", ...disk(thinClone("bios.qcow2"), "qcow2"), ...cdrom(seed)],
      ...["-netdev", `user,id=lan,hostfwd=tcp:127.0.0.1:${port}-:22`, "-device", "virtio-net-pci,netdev=lan"],
      ...["-device", "virtio-serial", "-chardev", `socket,id=agent,path=${agent},server=on,wait=off`],
      ...["-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"],
    ];
    const machine = await start(args, { memoryMiB: 128 });
    await machine.waitForLine(/Linux version/, BOOT);
    await machine.waitForLine(/^cloud-init hostname web-1$/, BOOT);
    const print = execFileSync("ssh-keygen", ["-l", "-f", path.join(folder, "key.pub")], { encoding: "utf8" }).split(
      " ",
    );
    for (const user of ["root", "ada"]) {
      await machine.waitForLine(new RegExp(`^cloud-init ssh-key ${user} ${escape(print[1] ?? "")}$`), ANSWER);
    }
    await machine.waitForLine(/^cloud-init file \/home\/ada\/note$/, ANSWER);
    await machine.waitForLine(/^count 1$/, ANSWER);
    await machine.waitForLine(/^address eth0 10\.0\.2\.15\/24$/, ANSWER);
    const [, hostKey = ""] = await machine.waitForLine(/^ssh-host-key (SHA256:\S+)$/, ANSWER);
    await expect(ssh(port, "root", "hostname; uname -s")).resolves.toBe("web-1\nLinux\n");
    await expect(ssh(port, "ada", "id -un; stat -c %a note; cat note")).resolves.toBe("ada\n600\nhello");
    await expect(askAgent(agent, "guest-get-host-name")).resolves.toContain('"host-name": "web-1"');
    await machine.powerDown();
    await machine.waitForLine(/^shutdown$/, ANSWER);
    await machine.exited;

    const again = await start(["-machine", "pc", ...disk(path.join(folder, "bios.qcow2"), "qcow2")]);
    await again.waitForLine(/^cloud-init none$/, BOOT);
    const [, sameKey] = await again.waitForLine(/^ssh-host-key (SHA256:\S+)$/, BOOT);
    expect(sameKey).toBe(hostKey);
  });

  test("boots by UEFI, and takes the static address that its FAT disk names for its MAC", async () => {
    const seed = await fatSeed("static", {
      "meta-data": "instance-id: i-2\nlocal-hostname: db-1\n",
      "user-data": "#cloud-config\n",
      "network-config": `version: 2
ethernets:
  lan:
    match: {macaddress: "${MAC}"}
    set-name: lan0
    addresses: [10.1.0.5/24]
    gateway4: 10.1.0.1
`,
    });
    const variables = path.join(folder, "efi-variables");
    await copyFile(path.join(FIRMWARE, "OVMF_VARS_4M.fd"), variables);
    const machine = await start([
      ...["-machine", "q35", ...disk(thinClone("efi.qcow2"), "qcow2"), ...disk(seed, "raw", ",readonly=on")],
      ...["-drive", `if=pflash,format=raw,readonly=on,file=${FIRMWARE}/OVMF_CODE_4M.fd`],
      ...["-drive", `if=pflash,format=raw,file=${variables}`],
      ...["-netdev", "user,id=lan", "-device", `virtio-net-pci,netdev=lan,mac=${MAC}`],
      ...["-netdev", "user,id=other", "-device", "virtio-net-pci,netdev=other"],
    ]);
    await machine.waitForLine(/EFI stub: /, BOOT);
    await machine.waitForLine(/^cloud-init hostname db-1$/, BOOT);
    await machine.waitForLine(/^address lan0 10\.1\.0\.5\/24$/, ANSWER);
    await machine.waitForLine(/^count 3$/, ANSWER);
    await machine.powerDown();
    await machine.waitForLine(/^shutdown$/, ANSWER);
    await machine.exited;
    // The configuration does not have the other interface, so that one has not requested an address.
    await expect(machine.waitForLine(/^address eth/, ANSWER)).rejects.toThrow("before it ended");
  });

  test("restarts on request, and finds its NoCloud disk behind virtio-scsi", async () => {
    const port = await freePort();
    const seed = await isoSeed("restart", {
      "meta-data": "instance-id: i-3\n",
      "user-data": `#cloud-config\nhostname: again-1\nssh_authorized_keys: ["${publicKey}"]\n`,
    });
    const machine = await start([
      ...["-machine", "q35", "-no-reboot", ...disk(thinClone("restart.qcow2"), "qcow2")],
      ...["-device", "virtio-scsi-pci", "-device", "scsi-cd,drive=seed"],
      ...["-drive", `id=seed,if=none,file=${seed},format=raw,readonly=on`],
      ...["-netdev", `user,id=lan,hostfwd=tcp:127.0.0.1:${port}-:22`, "-device", "virtio-net-pci,netdev=lan"],
    ]);
    await machine.waitForLine(/^cloud-init hostname again-1$/, BOOT);
    await machine.waitForLine(/^ssh-host-key /, BOOT);
    await machine.waitForLine(/^address eth0 /, ANSWER);
    await expect(ssh(port, "root", "true")).resolves.toBe("");
    // The connection can end before the command's exit code arrives.
    await ssh(port, "root", "reboot").catch(() => undefined);
    await machine.waitForLine(/^reboot$/, ANSWER);
    await machine.exited;
  });

  test("is found in the cache, and is the same when it is built again", async () => {
    const reports: string[] = [];
    await expect(buildGuestImage({ report: (line) => reports.push(line) })).resolves.toEqual(image);
    expect(reports).toEqual([]);
    const work = path.join(folder, "build");
    await mkdir(work);
    await expect(sha256(await assembleImage(await guestPackages(report), work))).resolves.toBe(image.sha256);
    expect(image.virtualSize).toBe(
      (JSON.parse(execFileSync("qemu-img", ["info", "--output=json", image.path], { encoding: "utf8" })) as Info)[
        "virtual-size"
      ],
    );
  });
});

interface Info {
  readonly "virtual-size": number;
}

describe("the counter", () => {
  test.each(["pc", "q35"])("counts on a %s machine, and answers the power button", async (type) => {
    const file = await buildCounter({ report });
    const machine = await start(["-machine", type, ...disk(file, "raw", ",snapshot=on")], { memoryMiB: 16 });
    await machine.waitForLine(/^count 1$/, BOOT);
    await machine.waitForLine(/^count 3$/, ANSWER);
    await machine.powerDown();
    await machine.waitForLine(/^shutdown$/, ANSWER);
    await machine.exited;
  });
});

function escape(text: string): string {
  return text.replaceAll(/[+/.]/g, "\\$&");
}
