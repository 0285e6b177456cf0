import fs from "node:fs";
import path from "node:path";
import { run } from "../command";
import { digest } from "../guest/cache";
import { packageList } from "../host-kind";
import { hostCache } from "../host-system";
import { withLock } from "../lock";

const BUILD_SCRIPT = path.join(__dirname, "build.sh");
const ROOT_SCRIPT = path.join(__dirname, "..", "roots", "build.sh");

/** The kind of a host that is a virtual machine of its own. */
export const DEEP = "deep";

/** Debian's code name of the release that a deep host runs. */
const SUITE = "bookworm";

/** Returns the directory for images of deep hosts and for snapshots of booted ones. */
export function deepFolder(): string {
  return path.join(hostCache(), DEEP);
}

/** Returns the directory with the disk, the kernel and the keys of deep hosts. Builds them if there are none for the list of packages. */
export async function deepImage(report: (line: string) => void): Promise<string> {
  const packages = packageList(DEEP);
  const key = digest([packages, BUILD_SCRIPT, ROOT_SCRIPT].map((it) => fs.readFileSync(it))).slice(0, 12);
  const image = path.join(deepFolder(), `image-${key}`);
  const waiting = () => {
    report("waiting for another command to build the image of deep hosts");
  };
  await withLock(`deep/image-${key}`, waiting, async () => {
    if (fs.existsSync(image)) return;
    report(`building the image of deep hosts from packages (once, 2 to 4 minutes)`);
    const began = Date.now();
    const draft = `${image}.new`;
    fs.rmSync(draft, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(image), { recursive: true });
    await run(BUILD_SCRIPT, [SUITE, packages, draft]);
    fs.renameSync(draft, image);
    report(`built ${image} (${((Date.now() - began) / 1000).toFixed(0)} s)`);
  });
  return image;
}
