import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { digest, digestFolder } from "../../lab/guest/cache";

describe("digest", () => {
  test("changes when the same bytes are split into different parts", () => {
    expect(digest(["ab", "c"])).not.toBe(digest(["a", "bc"]));
    expect(digest(["ab", "c"])).toBe(digest([Buffer.from("ab"), "c"]));
  });
});

describe("digestFolder", () => {
  let folder: string;
  const write = async (name: string, content: string) => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "kvm-fleet-digest-"));
    await write("image.ts", "one");
    await write("init/main.go", "two");
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("is the same for the same files", async () => {
    const before = await digestFolder(folder);
    await write("image.ts", "one");
    await expect(digestFolder(folder)).resolves.toBe(before);
  });

  test.each([
    ["a file has other content", "init/main.go", "three"],
    ["a file is added", "rootfs/etc/passwd", "root"],
  ])("changes when %s", async (_what, name, content) => {
    const before = await digestFolder(folder);
    await write(name, content);
    await expect(digestFolder(folder)).resolves.not.toBe(before);
  });

  test.each(["init/main_test.go", "README.md"])("does not depend on %s", async (name) => {
    const before = await digestFolder(folder);
    await write(name, "anything");
    await expect(digestFolder(folder)).resolves.toBe(before);
  });
});
