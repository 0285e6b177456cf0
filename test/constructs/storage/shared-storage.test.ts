import { DefaultTokenResolver, StringConcat, type TerraformStack, Tokenization } from "cdktf";
import { BaseImage, CloudInit, Host, Size, StoragePool, VirtualMachine, Volume } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.mebibytes(512);
const sha256 = "0123456789abcdef".repeat(4);

/** Returns the text that Terraform reads for a reference. */
function resolve(stack: TerraformStack, reference: string): unknown {
  return Tokenization.resolve(reference, {
    scope: stack,
    preparing: false,
    resolver: new DefaultTokenResolver(new StringConcat()),
  });
}

/** Creates a stack in which hosts alpha and beta mount the same directory of a server. */
function shared(): { stack: TerraformStack; hosts: Host[]; pools: StoragePool[] } {
  const stack = newStack();
  const hosts = ["alpha", "beta"].map((name) => new Host(stack, name, { uri: `qemu+tcp://${name}/system` }));
  const pools = hosts.map((host) =>
    StoragePool.nfs(host, "vms", { host, server: "nas", directory: "/srv/vms", path: "/vms" }),
  );
  return { stack, hosts, pools };
}

describe("StoragePool", () => {
  it("mounts a directory that a server exports", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const pool = StoragePool.nfs(stack, "vms", { host, server: "nas", directory: "/srv/vms", path: "/vms" });
    expect(pool.storage).toEqual({ protocol: "nfs", server: "nas", directory: "/srv/vms", path: "/vms" });
    expect(attributesOf(stack, "libvirt_pool.vms")).toEqual({
      host: "alpha",
      name: "vms",
      type: "netfs",
      path: "/vms",
      source: { host: "nas", dir: "/srv/vms", format: "nfs" },
      lifecycle: { create_before_destroy: true },
    });
  });

  it("mounts a GlusterFS volume", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    StoragePool.gluster(stack, "vms", { host, server: "10.0.0.1", volume: "fleet", path: "/vms", autostart: false });
    expect(attributesOf(stack, "libvirt_pool.vms")).toMatchObject({
      type: "netfs",
      source: { host: "10.0.0.1", dir: "fleet", format: "glusterfs" },
      autostart: false,
    });
  });

  it("rejects an invalid directory or volume of a server", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    StoragePool.nfs(stack, "one", { host, server: "nas:/srv", directory: "srv", path: "one" });
    StoragePool.gluster(stack, "two", { host, server: "nas", volume: "/fleet", path: "/two" });
    expect(errorsOf(stack)).toEqual([
      "'path' must be an absolute path, got 'one'; begin it with '/' (at lab/one)",
      "'server' must be a host name or an IP address, got 'nas:/srv'; remove the other parts of the URI (at lab/one)",
      "'directory' must be an absolute path, got 'srv'; use the path that the server exports (at lab/one)",
      "'volume' must be letters, digits, '-' and '_', got '/fleet'; use the name that 'gluster volume list' shows (at lab/two)",
    ]);
  });
});

describe("shared storage", () => {
  it("lets a machine use volumes and images of another host through the pool of its own host", () => {
    const { stack, hosts, pools } = shared();
    const [alpha, beta] = hosts as [Host, Host];
    const [pool, other] = pools as [StoragePool, StoragePool];
    const image = new BaseImage(stack, "debian", { pool, source: "debian.qcow2", sha256 });
    const volume = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    const cloudInit = new CloudInit();
    new VirtualMachine(stack, "web-1", { host: beta, memory, image, disks: [{ volume }], cloudInit });
    new VirtualMachine(stack, "web-2", { host: alpha, memory, image });
    expect(errorsOf(stack)).toEqual([]);
    const [here, there] = [pool, other].map(({ poolReference }) => resolve(stack, poolReference));
    expect(here).not.toBe(there);
    expect(attributesOf(stack, "libvirt_volume.web-1_root_7AB64D21")).toMatchObject({
      host: "beta",
      pool: there,
      backing_store: { path: "${libvirt_volume.debian.path}" },
    });
    expect(attributesOf(stack, "libvirt_domain.web-1")?.disks).toMatchObject({
      vda: { target_pool: there },
      vdb: { file: "${libvirt_volume.data.path}", target_pool: there },
      vdz: { target_pool: there },
    });
    expect(attributesOf(stack, "libvirt_volume.web-2_root_1E7CC3F8")).toMatchObject({
      host: "alpha",
      pool: here,
    });
  });

  it("can be mounted on a host after the machines of the host are created", () => {
    const stack = newStack();
    const [alpha, beta] = ["alpha", "beta"].map((id) => new Host(stack, id, { uri: `qemu+tcp://${id}/system` })) as [
      Host,
      Host,
    ];
    const storage = { server: "nas", volume: "fleet", path: "/vms", poolName: "vms" };
    const pool = StoragePool.gluster(stack, "here", { host: alpha, ...storage });
    new VirtualMachine(stack, "web-1", { host: beta, memory, pool, diskSize: Size.gibibytes(1) });
    expect(errorsOf(stack)).toHaveLength(1);
    StoragePool.gluster(stack, "there", { host: beta, ...storage });
    expect(errorsOf(stack)).toEqual([]);
    expect(attributesOf(stack, "libvirt_volume.web-1_root_7AB64D21")?.pool).toBe("${libvirt_pool.there.name}");
  });

  it("requires a pool with the same name and path on each host", () => {
    const { stack, hosts, pools } = shared();
    const [, beta] = hosts as [Host, Host];
    const [pool] = pools as [StoragePool];
    const gamma = new Host(stack, "gamma", { uri: "qemu+tcp://gamma/system" });
    const from = { server: "nas", directory: "/srv/vms" };
    StoragePool.nfs(gamma, "vms", { host: gamma, ...from, path: "/elsewhere" });
    StoragePool.nfs(gamma, "others", { host: gamma, ...from, path: "/vms" });
    const image = new BaseImage(stack, "debian", { pool, source: "debian.qcow2", sha256 });
    new VirtualMachine(stack, "web-1", { host: beta, memory, image });
    new VirtualMachine(stack, "web-2", { host: gamma, memory, image });
    const fix = "add a StoragePool of that name there for nfs nas:/srv/vms at '/vms' (at lab/web-2)";
    expect(errorsOf(stack)).toEqual([
      `'image' must be in a pool that host 'gamma' has too, got 'vms' on 'alpha'; ${fix}`,
      `'pool' must be in a pool that host 'gamma' has too, got 'vms' on 'alpha'; ${fix}`,
    ]);
  });

  it("rejects two volumes with one name, even from different hosts", () => {
    const { stack, pools } = shared();
    for (const pool of pools) {
      new BaseImage(pool, "debian", { pool, source: "debian.qcow2", sha256 });
    }
    expect(errorsOf(stack)).toEqual([
      "volume name must be unique in pool 'vms' on host 'beta', 'debian-01234567.qcow2' is already used by lab/alpha/vms/debian; rename one of them (at lab/beta/vms/debian)",
    ]);
  });
});
