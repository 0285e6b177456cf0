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
 * Terraform knows what exists by its address: a change of one below replaces what every user has under it.
 * Where that is meant, it is a breaking change, and comes with a way to move the state.
 */
describe("Terraform addresses", () => {
  it("of constructs at the top of a stack are their ids", () => {
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
      "libvirt_cloudinit_disk.web-1_cloud-init_30B54304",
      "libvirt_domain.web-1",
      "libvirt_domain_snapshot.before-upgrade",
      "libvirt_network.lan",
      "libvirt_network.nat",
      "libvirt_pool.images",
      "libvirt_secret.san",
      "libvirt_volume.data",
      "libvirt_volume.debian",
      "libvirt_volume.web-1_root_7AB64D21",
    ]);
  });

  it("of constructs in the scope of another have its id before, and a hash", () => {
    const stack = newStack("fleet");
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    const pool = new StoragePool(host, "images", { host, path: "/images" });
    const image = new BaseImage(host, "debian", { pool, source: "debian.qcow2", sha256: "0".repeat(64) });
    const lan = new IsolatedNetwork(host, "lan", { host });
    const cloudInit = new CloudInit();
    new VirtualMachine(host, "web-1", { host, memory: Size.gibibytes(1), image, network: lan, cloudInit });
    expect(addressesOf(stack)).toEqual([
      "libvirt_cloudinit_disk.alpha_web-1_cloud-init_F27F0943",
      "libvirt_domain.alpha_web-1_3E37CEBC",
      "libvirt_network.alpha_lan_B08007EB",
      "libvirt_pool.alpha_images_F3E96235",
      "libvirt_volume.alpha_debian_B396BDFA",
      "libvirt_volume.alpha_web-1_root_0462777E",
    ]);
  });

  it("don't follow from the stack, nor from the host that a machine is on", () => {
    const addresses = ["alpha", "beta"].map((name) => {
      const stack = newStack(name);
      const host = new Host(stack, name, { uri: "qemu:///system" });
      new VirtualMachine(stack, "web-1", { host, memory: Size.gibibytes(1) });
      return addressesOf(stack);
    });
    expect(addresses).toEqual([["libvirt_domain.web-1"], ["libvirt_domain.web-1"]]);
  });

  it("are none for what exists already", () => {
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
