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
    const permissions = { owner: 64_055, group: 108, mode: "0770" };
    const xml = { cow: { element: '<features><cow state="no"/></features>' } };
    const props = { host, path: "/srv/images", poolName: "fleet", autostart: false, permissions, xml };
    new StoragePool(stack, "images", props).addXml("vendor", { under: "source", element: '<vendor name="${x}"/>' });
    expect(attributesOf(stack, "libvirt_pool.images")).toEqual({
      host: "alpha",
      name: "fleet",
      path: "/srv/images",
      permissions,
      autostart: false,
      xml: { ...xml, vendor: { under: "source", element: '<vendor name="$${x}"/>' } },
      lifecycle,
    });
  });

  it("gives a mounted file system permissions", () => {
    const stack = newStack();
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    StoragePool.filesystem(stack, "fast", { host, path: "/fast", device: "/dev/vdb", permissions: { mode: "0750" } });
    expect(attributesOf(stack, "libvirt_pool.fast")).toMatchObject({ type: "fs", permissions: { mode: "0750" } });
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
    [
      { path: "/srv", permissions: { owner: -1 } },
      "'permissions.owner' must be a whole number from 0 to 2147483647, got -1; choose a number in this range (at lab/images)",
    ],
    [
      { path: "/srv", permissions: { mode: "u=rw" } },
      "'permissions.mode' must be three octal digits, with or without a leading 0, got 'u=rw'; write it like '0640' (at lab/images)",
    ],
    [
      { path: "/srv", volumePermissions: { mode: "rw" } },
      "'volumePermissions.mode' must be three octal digits, with or without a leading 0, got 'rw'; write it like '0640' (at lab/images)",
    ],
    [
      { path: "/srv", xml: { cow: { element: "cow" } } },
      "'xml.cow.element' must be an XML element, got 'cow'; write it like '<NAME/>' (at lab/images)",
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
