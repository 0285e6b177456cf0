import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { BaseImage, type BaseImageProps, Host, Size, StoragePool, Volume } from "../../../constructs";
import { attributesOf, errorsOf, newStack } from "../synthesis";

const sha256 = "0123456789abcdef".repeat(4);

function qcow2(virtualSize: Size, backingFileOffset = 0): Buffer {
  const header = Buffer.alloc(104);
  header.write("QFI\xfb", "latin1");
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(BigInt(backingFileOffset), 8);
  header.writeBigUInt64BE(BigInt(virtualSize.toBytes()), 24);
  return header;
}

describe("BaseImage", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "base-image-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function file(content: Buffer): string {
    const path = join(folder, "image");
    writeFileSync(path, content);
    return path;
  }

  function add(props: Omit<BaseImageProps, "pool">) {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = new StoragePool(stack, "pool", { host, path: "/pool" });
    return { stack, image: new BaseImage(stack, "debian", { pool, ...props }) };
  }

  it("includes the sha256 in its name, so that Terraform creates a replacement before it deletes the image", () => {
    const { stack, image } = add({ source: "debian.qcow2", sha256 });
    expect(image.volumeName).toBe("debian-01234567.qcow2");
    expect(attributesOf(stack, "libvirt_volume.debian")?.lifecycle).toEqual({ create_before_destroy: true });
  });

  it.each<Partial<BaseImageProps>>([{ volumeName: "debian-12" }, { sha256: undefined }])(
    "is deleted before its replacement is created when both have the same name: %j",
    (props) => {
      const { stack, image } = add({ source: file(qcow2(Size.gibibytes(2))), sha256, ...props });
      expect(image.volumeName).toBe(props.volumeName ?? "debian.qcow2");
      expect(attributesOf(stack, "libvirt_volume.debian")?.lifecycle).toBeUndefined();
    },
  );

  it("uploads the file and reads its size", () => {
    const source = file(qcow2(Size.gibibytes(2)));
    const { stack, image } = add({ source });
    expect(image.capacity).toEqual(Size.gibibytes(2));
    expect(attributesOf(stack, "libvirt_volume.debian")).toEqual({
      host: "alpha",
      pool: "${libvirt_pool.pool.name}",
      name: "debian.qcow2",
      format: "qcow2",
      source,
    });
  });

  it("renders every property, and reads no file at synthesis when 'sha256' is set", () => {
    const { stack, image } = add({
      source: "images/debian.raw",
      sha256: sha256.toUpperCase(),
      format: "raw",
      virtualSize: Size.gibibytes(3),
      volumeName: "debian-12",
    });
    expect(image.capacity).toEqual(Size.gibibytes(3));
    expect(attributesOf(stack, "libvirt_volume.debian")).toMatchObject({
      name: "debian-12",
      format: "raw",
      source: resolve("images/debian.raw"),
      source_sha256: sha256,
    });
  });

  it("accepts a URL, and does not read from the server at synthesis", () => {
    const source = "https://images.example.org/debian.qcow2";
    const { stack, image } = add({ source });
    expect(errorsOf(stack)).toEqual([]);
    expect(image.capacity).toBeUndefined();
    expect(attributesOf(stack, "libvirt_volume.debian")).toMatchObject({ name: "debian.qcow2", source });
    expect(add({ source, sha256 }).image.volumeName).toBe("debian-01234567.qcow2");
  });

  it("refers to an existing image", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = new StoragePool(stack, "pool", { host, path: "/pool" });
    const golden = BaseImage.fromBaseImageAttributes(stack, "golden", {
      pool,
      volumeName: "golden.qcow2",
      path: "/pool/golden.qcow2",
    });
    new Volume(stack, "clone", { pool, image: golden });
    expect(attributesOf(stack, "libvirt_volume.golden")).toBeUndefined();
    expect(attributesOf(stack, "libvirt_volume.clone")).toMatchObject({
      backing_store: { path: "/pool/golden.qcow2", format: "qcow2" },
    });
  });

  it("has the size of its file when its format is raw", () => {
    const { stack, image } = add({ source: file(Buffer.alloc(4096)), format: "raw" });
    expect(errorsOf(stack)).toEqual([]);
    expect(image.capacity).toEqual(Size.kibibytes(4));
  });

  it.each([
    ["gzip", Buffer.from("\x1f\x8b\x08", "latin1")],
    ["xz", Buffer.from("\xfd7zXZ\0", "latin1")],
    ["zstd", Buffer.from("\x28\xb5\x2f\xfd", "latin1")],
    ["bzip2", Buffer.from("BZh9")],
    ["zip", Buffer.from("PK\x03\x04")],
    ["tar", Buffer.concat([Buffer.alloc(257), Buffer.from("ustar")])],
  ])("leaves a file packed with %s to the plan, whatever its name", (_packing, content) => {
    const { stack, image } = add({ source: file(content) });
    expect(errorsOf(stack)).toEqual([]);
    expect(image.capacity).toBeUndefined();
  });

  it("rejects an ISO image, which no disk is a clone of", () => {
    const iso = Buffer.alloc(0x9000);
    iso.write("CD001", 0x8001);
    expect(errorsOf(add({ source: file(iso), format: "raw" }).stack)).toEqual([
      "'source' must be a disk image, got an ISO image of a CD; upload it as a Volume of format 'raw', " +
        "and attach that with 'cdroms' (at lab/debian)",
    ]);
  });

  it("rejects a missing file without 'sha256'", () => {
    const source = join(folder, "missing");
    expect(errorsOf(add({ source }).stack)).toEqual([
      `'source' must be a readable file, got '${source}' (ENOENT); create it, or set its 'sha256' (at lab/debian)`,
    ]);
  });

  it("rejects a clone of another image", () => {
    expect(errorsOf(add({ source: file(qcow2(Size.gibibytes(2), 104)) }).stack)).toEqual([
      "'source' must not have a backing file, got a clone of another image; flatten it with 'qemu-img convert' (at lab/debian)",
    ]);
  });

  it("rejects a file of another format", () => {
    expect(errorsOf(add({ source: file(Buffer.from("text")) }).stack)).toEqual([
      "'source' must be a qcow2 image, got another format; convert it, or set 'format' to 'raw' (at lab/debian)",
    ]);
    expect(errorsOf(add({ source: file(qcow2(Size.gibibytes(2))), format: "raw" }).stack)).toEqual([
      "'source' must be a raw image, got a qcow2 image; remove 'format' (at lab/debian)",
    ]);
  });

  it.each([
    [
      { source: "ftp://example.org/debian.qcow2" },
      "'source' must be a file on this machine, or an http or https URL, got 'ftp://example.org/debian.qcow2'; " +
        "download it first (at lab/debian)",
    ],
    [
      { source: "debian.qcow2", sha256: "abc" },
      "'sha256' must be 64 hexadecimal digits, got 'abc'; copy them from the output of 'sha256sum' (at lab/debian)",
    ],
  ])("rejects %j", (props, message) => {
    expect(errorsOf(add(props).stack)).toEqual([message]);
  });
});
