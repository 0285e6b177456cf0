import { Disk } from "../../../constructs";

describe("Disk", () => {
  it("renders a device or an image on a server", () => {
    const login = { user: "vms", secretUuid: "2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01" };
    expect(Disk.device("/dev/sdb").source).toEqual({ block: "/dev/sdb" });
    expect(
      Disk.ceph({ image: "vms/web", monitors: ["10.0.0.1", "mon2:6790", "[fd00::1]:6789"], login }).source,
    ).toEqual({
      protocol: "rbd",
      name: "vms/web",
      hosts: { "10.0.0.1": {}, mon2: { port: 6790 }, "fd00::1": { port: 6789 } },
      username: "vms",
      secret: login.secretUuid,
    });
    expect(Disk.ceph({ image: "vms/web", config: "/etc/ceph/ceph.conf" }).source).toEqual({
      protocol: "rbd",
      name: "vms/web",
      config: "/etc/ceph/ceph.conf",
    });
    const target = { portal: "san:3261", target: "iqn.2013-07.com.example:t", initiator: "iqn.2013-07.com.example:a" };
    expect(Disk.iscsi({ ...target, lun: 1, login }).source).toEqual({
      protocol: "iscsi",
      name: "iqn.2013-07.com.example:t/1",
      hosts: { san: { port: 3261 } },
      initiator: "iqn.2013-07.com.example:a",
      username: "vms",
      secret: login.secretUuid,
    });
    expect(Disk.nbd({ server: "fd00::1", exportName: "data", tls: true }).source).toEqual({
      protocol: "nbd",
      name: "data",
      hosts: { "fd00::1": {} },
      tls: true,
    });
    expect(Disk.gluster({ servers: ["g1", "g2"], file: "vms/web.img" }).source).toEqual({
      protocol: "gluster",
      name: "vms/web.img",
      hosts: { g1: {}, g2: {} },
    });
  });

  it("is read-only when its source is a URL", () => {
    const live = Disk.web("https://mirror.example.org:8443/images/live.iso", { verify: false });
    expect(live.readOnly).toBe(true);
    expect(live.source).toEqual({
      protocol: "https",
      name: "images/live.iso",
      hosts: { "mirror.example.org": { port: 8443 } },
      verify: false,
    });
    expect(Disk.device("/dev/sdb").readOnly).toBe(false);
  });

  it.each<[() => Disk, string]>([
    [() => Disk.device("sdb"), "a device must be an absolute path on the host, got 'sdb'; write it like '/dev/sdb'"],
    [
      () => Disk.ceph({ image: "web", monitors: ["a"] }),
      "an image in Ceph must be a pool and a name in it, got 'web'; write it like 'vms/web-1'",
    ],
    [() => Disk.ceph({ image: "vms/web" }), "image 'vms/web' in Ceph requires 'monitors' or 'config'; set one of them"],
    [
      () => Disk.ceph({ image: "vms/web", config: "ceph.conf" }),
      "a Ceph configuration must be an absolute path on the host, got 'ceph.conf'; write it like '/etc/ceph/ceph.conf'",
    ],
    [
      () => Disk.iscsi({ portal: "san", target: "iqn.a:b", lun: -1 }),
      "'lun' of an iSCSI target must be a whole number of at least 0, got -1; raise or round it",
    ],
    [() => Disk.gluster({ servers: [], file: "a/b" }), "'a/b' in GlusterFS requires 'servers'; list at least one"],
    [
      () => Disk.nbd({ server: "a:70000" }),
      "a server must be a host, optionally with a port from 1 to 65535, got 'a:70000'; write it like '10.0.0.1' or 'ceph1:6789'",
    ],
    [
      () => Disk.web("https://a/b.iso?c"),
      "a disk on the web must be a URL of http, https, ftp or ftps without user, query and fragment, got 'https://a/b.iso?c'; write it like 'https://mirror.example.org/live.iso'",
    ],
  ])("rejects an invalid source", (make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
