import { Host, StoragePool } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

/** Terraform deletes a pool of a host only after the machines that use it. */
const lifecycle = { create_before_destroy: true };

describe("StoragePool", () => {
  it("is a directory, named after its construct by default", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    new StoragePool(stack, "images", { host, path: "/srv/images" });
    expect(attributesOf(stack, "libvirt_pool.images")).toEqual({
      host: "alpha",
      name: "images",
      path: "/srv/images",
      lifecycle,
    });
  });

  it("renders every property", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    new StoragePool(stack, "images", { host, path: "/srv/images", poolName: "fleet", autostart: false });
    expect(attributesOf(stack, "libvirt_pool.images")).toEqual({
      host: "alpha",
      name: "fleet",
      path: "/srv/images",
      autostart: false,
      lifecycle,
    });
  });

  it("refers to an existing pool", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = StoragePool.fromStoragePoolAttributes(stack, "default", { host, poolName: "default" });
    expect(pool.poolReference).toBe("default");
    expect(attributesOf(stack, "libvirt_pool.default")).toBeUndefined();
  });

  it.each([
    [{ path: "images" }, "'path' must be an absolute path, got 'images'; begin it with '/' (at lab/images)"],
    [
      { path: "/srv", poolName: "a/b" },
      "'poolName' must not contain '/', got 'a/b'; replace it with '-' (at lab/images)",
    ],
  ])("rejects %j", (props, message) => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    new StoragePool(stack, "images", { host, ...props });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("rejects a name or directory that another pool of the host uses", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const beta = new Site(stack, "beta");
    new StoragePool(stack, "second", { host, poolName: "pool", path: "/srv" });
    new StoragePool(stack, "third", { host, path: "/var/lib/libvirt/images/fleet" });
    expect(beta.pool.poolName).toBe("pool");
    expect(errorsOf(stack)).toEqual([
      "pool name must be unique on host 'alpha', 'pool' is already used by lab/alpha/pool; rename one of them (at lab/second)",
      "'path' must be unique on host 'alpha', '/var/lib/libvirt/images/fleet' is already used by lab/alpha/pool; choose another directory, or use that pool (at lab/third)",
    ]);
  });
});
