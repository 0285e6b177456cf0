import { cgroupHierarchies } from "../../lab/cgroups";

describe("cgroupHierarchies", () => {
  test("finds the single hierarchy of cgroup v2", () => {
    const mounts =
      "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate,memory_recursiveprot 0 0\n";
    expect(cgroupHierarchies(mounts)).toEqual([{ mountPoint: "/sys/fs/cgroup", version: 2, mountOptions: "rw" }]);
  });

  test("finds all hierarchies of cgroup v1 with the mount options that identify them", () => {
    const mounts = [
      "tmpfs /sys/fs/cgroup tmpfs ro,nosuid,nodev,noexec,mode=755 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid,nodev,noexec,relatime 0 0",
      "cgroup /sys/fs/cgroup/systemd cgroup rw,nosuid,relatime,xattr,release_agent=/lib/systemd/agent,name=systemd 0 0",
      "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,nodev,noexec,relatime,cpu,cpuacct 0 0",
      "cgroup /elsewhere/memory cgroup rw,memory 0 0",
      "",
    ].join("\n");
    expect(cgroupHierarchies(mounts)).toEqual([
      { mountPoint: "/sys/fs/cgroup/unified", version: 2, mountOptions: "rw" },
      { mountPoint: "/sys/fs/cgroup/systemd", version: 1, mountOptions: "name=systemd" },
      { mountPoint: "/sys/fs/cgroup/cpu,cpuacct", version: 1, mountOptions: "cpu,cpuacct" },
    ]);
  });
});
