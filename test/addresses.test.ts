import {
  BaseImage,
  Cidr,
  CloudInit,
  Host,
  IsolatedNetwork,
  NatNetwork,
  Network,
  Secret,
  Size,
  Snapshot,
  StoragePool,
  VirtualMachine,
  Volume,
} from "../constructs";
import { addressesOf, newStack } from "./constructs/synthesis";

/**
 * Terraform identifies existing objects by their addresses. A change of an address below makes Terraform replace the
 * object of every user. Such a change is a breaking change and requires a way to move the state.
 */
describe("Terraform addresses", () => {
  it("equal the ids of constructs at the top of a stack", () => {
    const stack = newStack("fleet");
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = new StoragePool(stack, "images", { host, path: "/images" });
    const image = new BaseImage(stack, "debian", { pool, source: "debian.qcow2", sha256: "0".repeat(64) });
    const data = new Volume(stack, "data", { pool, size: Size.gibibytes(1) });
    const lan = new IsolatedNetwork(stack, "lan", { host, cidr: Cidr.parse("10.1.0.0/24") });
    new NatNetwork(stack, "nat", { host, cidr: Cidr.parse("10.2.0.0/24") });
    new Secret(stack, "san", { host, usage: "iscsi" });
    const vm = new VirtualMachine(stack, "web-1", {
      host,
      memory: Size.gibibytes(1),
      image,
      disks: [{ volume: data }],
      network: lan,
      cloudInit: new CloudInit(),
    });
    new Snapshot(stack, "before-upgrade", { vm });
    expect(addressesOf(stack)).toEqual([
      "libvirt_domain.web-1",
      "libvirt_domain_snapshot.before-upgrade",
      "libvirt_network.lan",
      "libvirt_network.nat",
      "libvirt_pool.images",
      "libvirt_secret.san",
      "libvirt_seed.web-1_cloud-init_30B54304",
      "libvirt_volume.data",
      "libvirt_volume.debian",
      "libvirt_volume.web-1_root_7AB64D21",
    ]);
  });

  it("have the scope's id as a prefix and a hash as a suffix for constructs in the scope of another construct", () => {
    const stack = newStack("fleet");
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = new StoragePool(host, "images", { host, path: "/images" });
    const image = new BaseImage(host, "debian", { pool, source: "debian.qcow2", sha256: "0".repeat(64) });
    const lan = new IsolatedNetwork(host, "lan", { host });
    const cloudInit = new CloudInit();
    new VirtualMachine(host, "web-1", { host, memory: Size.gibibytes(1), image, network: lan, cloudInit });
    expect(addressesOf(stack)).toEqual([
      "libvirt_domain.alpha_web-1_3E37CEBC",
      "libvirt_network.alpha_lan_B08007EB",
      "libvirt_pool.alpha_images_F3E96235",
      "libvirt_seed.alpha_web-1_cloud-init_F27F0943",
      "libvirt_volume.alpha_debian_B396BDFA",
      "libvirt_volume.alpha_web-1_root_0462777E",
    ]);
  });

  it("do not depend on the stack or on the host of a machine", () => {
    const addresses = ["alpha", "beta"].map((name) => {
      const stack = newStack(name);
      const host = new Host(stack, name, { uri: "qemu:///system" });
      new VirtualMachine(stack, "web-1", { host, memory: Size.gibibytes(1) });
      return addressesOf(stack);
    });
    expect(addresses).toEqual([["libvirt_domain.web-1"], ["libvirt_domain.web-1"]]);
  });

  it("do not exist for objects that the app only refers to", () => {
    const stack = newStack("fleet");
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = StoragePool.fromStoragePoolAttributes(stack, "pool", { host, poolName: "default" });
    Network.fromNetworkAttributes(stack, "network", { host, networkName: "default" });
    Volume.fromVolumeAttributes(stack, "volume", { pool, volumeName: "a", path: "/a" });
    BaseImage.fromBaseImageAttributes(stack, "image", { pool, volumeName: "b", path: "/b" });
    VirtualMachine.fromVirtualMachineAttributes(stack, "vm", { host, vmName: "vm" });
    expect(addressesOf(stack)).toEqual([]);
  });
});
