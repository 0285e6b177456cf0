import { Size, Volume } from "../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "./synthesis";

describe("Volume", () => {
  it("is empty and called as its construct and format", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const volume = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    expect(volume.capacity?.toString()).toBe("1 GiB");
    expect(attributesOf(stack, "libvirt_volume.data")).toEqual({
      host: "alpha",
      pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
      name: "data.qcow2",
      format: "qcow2",
      capacity: 1_073_741_824,
    });
  });

  it("is a thin clone of an image, as large as that unless it says more", () => {
    const stack = newStack();
    const { pool, image } = new Site(stack);
    const clone = new Volume(stack, "clone", { pool, image });
    new Volume(stack, "larger", { pool, image, size: Size.gibibytes(3), volumeName: "larger.img" });
    const backing = { path: "${libvirt_volume.alpha_debian_B396BDFA.path}", format: "qcow2" };
    expect(clone.capacity).toEqual(Size.gibibytes(2));
    expect(attributesOf(stack, "libvirt_volume.clone")).toMatchObject({ name: "clone.qcow2", backing_store: backing });
    expect(attributesOf(stack, "libvirt_volume.larger")).toMatchObject({
      name: "larger.img",
      capacity: 3_221_225_472,
      backing_store: backing,
    });
  });

  it("is referred to where it exists already", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const golden = Volume.fromVolumeAttributes(stack, "golden", {
      pool,
      volumeName: "golden.img",
      path: "/golden.img",
    });
    new Volume(stack, "clone", { pool, image: golden });
    expect(attributesOf(stack, "libvirt_volume.golden")).toBeUndefined();
    expect(attributesOf(stack, "libvirt_volume.clone")).toMatchObject({
      backing_store: { path: "/golden.img", format: "qcow2" },
    });
  });

  it.each([
    [{}, "'size' must be given for a volume without an 'image', got none; say how large it is to be (at lab/data)"],
    [{ size: Size.kibibytes(1) }, "'size' must be at least 1 MiB, got 1 KiB; raise it (at lab/data)"],
    [
      { size: Size.bytes(1_048_577) },
      "'size' must be a whole number of sectors of 512 bytes, got 1048577 bytes; give it in MiB (at lab/data)",
    ],
    [
      { size: Size.gibibytes(1), volumeName: "a\nb" },
      `'volumeName' must not contain control characters, got "a\\nb"; remove them (at lab/data)`,
    ],
    [
      { size: Size.gibibytes(1), volumeName: ".." },
      "'volumeName' must not be a name of a directory, got '..'; choose another (at lab/data)",
    ],
    [
      { size: Size.gibibytes(1), volumeName: "é".repeat(101) },
      "'volumeName' must be at most 200 bytes, got 202; shorten it (at lab/data)",
    ],
  ])("refuses %j", (props, message) => {
    const stack = newStack();
    const { pool } = new Site(stack);
    new Volume(stack, "data", { pool, ...props });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("is qcow2, on the image's host and no smaller when it is a clone", () => {
    const stack = newStack();
    const { image } = new Site(stack);
    const { pool } = new Site(stack, "beta");
    new Volume(stack, "data", { pool, image, format: "raw", size: Size.gibibytes(1) });
    expect(errorsOf(stack)).toEqual([
      "'size' must be at least the 2 GiB of image 'debian-01234567.qcow2', got 1 GiB; raise it or use a smaller image (at lab/data)",
      "'image' must be on host 'beta', got one on 'alpha'; upload it to a pool on that host too (at lab/data)",
      "'format' must be 'qcow2' for a clone of an image, got 'raw'; leave it out (at lab/data)",
    ]);
  });

  it("is the only one of its name in a pool", () => {
    const stack = newStack();
    const { pool } = new Site(stack);
    const beta = new Site(stack, "beta");
    const size = Size.gibibytes(1);
    new Volume(stack, "data", { pool, size });
    new Volume(stack, "other", { pool, size, volumeName: "data.qcow2" });
    new Volume(stack, "elsewhere", { pool: beta.pool, size, volumeName: "data.qcow2" });
    expect(errorsOf(stack)).toEqual([
      "volume name 'data.qcow2' is taken already in pool 'pool' on host 'alpha' by lab/data; give one of them another name (at lab/other)",
    ]);
  });
});
