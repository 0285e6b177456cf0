import path from "node:path";
import type { LabHost } from "../lab";
import { run } from "../lab/command";
import type { Figure, Finding, Setting } from "./figure";
import { writeRandomImage } from "./image";
import { inTurn, median } from "./statistics";
import { type Run, Workspace } from "./terraform";
import { virsh } from "./virsh";

const MEBIBYTE = 2 ** 20;
const MEGABYTE = 1e6;
const POOL = "upload";

/** Measures the upload of an image by Terraform, compared with virsh. Both create the volume and send all bytes. */
export const upload: Figure = {
  name: "upload",
  hosts: 1,

  async measure({ hosts: [host], folder, quick, report }: Setting): Promise<Finding[]> {
    if (!host) throw new Error("the lab has no host");
    const sizes = quick
      ? { small: 64 * MEBIBYTE, large: 256 * MEBIBYTE }
      : { small: 256 * MEBIBYTE, large: 2048 * MEBIBYTE };
    report(`upload: writing images of ${sizes.small / MEBIBYTE} and ${sizes.large / MEBIBYTE} MiB of random data`);
    const pool = await makePool(folder, host);
    const small = await Upload.of(sizes.small, folder, host);
    const large = await Upload.of(sizes.large, folder, host);

    report("upload: by virsh and by terraform, in turn");
    const peaks = { small: 0, large: 0 };
    const byTerraform = async (upload: Upload, size: keyof typeof peaks) => {
      const { seconds, provider } = await upload.byTerraform();
      peaks[size] = Math.max(peaks[size], provider.peak);
      return seconds;
    };
    const rounds = await inTurn(quick ? 1 : 5, {
      virsh: () => large.byVirsh(),
      terraform: () => byTerraform(large, "large"),
      small: () => byTerraform(small, "small"),
    });
    await pool.destroy();
    const rate = (seconds: number) => sizes.large / seconds / MEGABYTE;
    return [
      {
        what: `rate of a ${sizes.large / MEBIBYTE} MiB upload / of virsh vol-upload`,
        value: median(rounds.map((round) => round.virsh / round.terraform)),
        unit: "x",
        bar: { atLeast: 0.7 },
      },
      {
        what: `provider's peak memory with ${sizes.large / MEBIBYTE} MiB / with ${sizes.small / MEBIBYTE} MiB`,
        value: peaks.large / peaks.small,
        unit: "x",
        bar: { atMost: 1.2 },
      },
      { what: "provider's peak memory", value: peaks.large / MEGABYTE, unit: "MB" },
      { what: "rate by terraform", value: rate(median(rounds.map((round) => round.terraform))), unit: "MB/s" },
      { what: "rate by virsh", value: rate(median(rounds.map((round) => round.virsh))), unit: "MB/s" },
    ];
  },
};

async function makePool(folder: string, host: LabHost): Promise<Workspace> {
  const workspace = new Workspace(path.join(folder, "pool"));
  const pool = { host: host.name, name: POOL, path: `/var/lib/libvirt/${POOL}` };
  await workspace.write({ libvirt_pool: { upload: pool } }, [host]);
  await workspace.apply();
  return workspace;
}

/** An image and the two ways to upload it. */
class Upload {
  private constructor(
    private readonly file: string,
    private readonly size: number,
    private readonly host: LabHost,
    private readonly workspace: Workspace,
  ) {}

  static async of(size: number, folder: string, host: LabHost): Promise<Upload> {
    const file = path.join(folder, `${size}.raw`);
    writeRandomImage(file, size);
    const workspace = new Workspace(path.join(folder, String(size)));
    const volume = { host: host.name, pool: POOL, name: "by-terraform", format: "raw", source: file };
    await workspace.write({ libvirt_volume: { image: volume } }, [host]);
    return new Upload(file, size, host, workspace);
  }

  async byTerraform(): Promise<Run> {
    await run("sync", []);
    const taken = await this.workspace.apply();
    await this.workspace.destroy();
    return taken;
  }

  /** @returns the time in seconds */
  async byVirsh(): Promise<number> {
    const volume = ["--pool", POOL, "by-virsh"];
    await run("sync", []);
    const began = performance.now();
    await virsh(this.host, "vol-create-as", ...volume, String(this.size), "--format", "raw");
    await virsh(this.host, "vol-upload", ...volume, this.file);
    const seconds = (performance.now() - began) / 1000;
    await virsh(this.host, "vol-delete", ...volume);
    return seconds;
  }
}
