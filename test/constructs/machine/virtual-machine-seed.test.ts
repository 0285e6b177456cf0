import { TerraformVariable } from "cdktf";
import {
  CloudInit,
  Combustion,
  ConfigDrive,
  Ignition,
  type ISeed,
  SeedDisk,
  Size,
  StoragePool,
  VirtualMachine,
  type VirtualMachineProps,
} from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const memory = Size.gibibytes(1);

function make(props: Partial<VirtualMachineProps>) {
  const stack = newStack();
  const { host, image } = new Site(stack);
  new VirtualMachine(stack, "web-1", { host, image, memory, ...props });
  return stack;
}

function add(props: Partial<VirtualMachineProps>) {
  const stack = make(props);
  const seedId = props.cloudInit === undefined ? "web-1_seed_0997B704" : "web-1_cloud-init_30B54304";
  return {
    stack,
    seed: attributesOf(stack, `libvirt_seed.${seedId}`),
    domain: attributesOf(stack, "libvirt_domain.web-1"),
  };
}

describe("the seed of a VirtualMachine", () => {
  it.each<[string, ISeed, object]>([
    [
      "a config drive",
      new ConfigDrive({
        userData: "#cloud-config\n",
        metaData: { admin_pass: "x" },
        networkData: { links: [] },
        vendorData: "{}",
        files: { "openstack/content/0000": Buffer.from([0, 255]) },
      }),
      {
        config_drive: {
          meta_data: '{"uuid":"web-1","name":"web-1","hostname":"web-1","admin_pass":"x"}',
          user_data: "#cloud-config\n",
          network_data: '{"links":[]}',
          vendor_data: "{}",
        },
        files: { "openstack/content/0000": { content_base64: "AP8=" } },
      },
    ],
    [
      "a disk for Ignition",
      new Ignition({ config: { ignition: { version: "3.4.0" } }, delivery: "disk" }),
      { ignition: { config: '{"ignition":{"version":"3.4.0"}}' } },
    ],
    [
      "a disk for Combustion",
      new Combustion({ script: "#!/bin/sh\necho ${HOME}\n", files: { "combustion/key": "k" } }),
      { combustion: { script: "#!/bin/sh\necho $${HOME}\n" }, files: { "combustion/key": { content: "k" } } },
    ],
    [
      "a disk with any label",
      new SeedDisk({ label: "OEMDRV", files: { "ks.cfg": "text\n" } }),
      { label: "OEMDRV", files: { "ks.cfg": { content: "text\n" } } },
    ],
  ])("is %s", (_kind, seed, content) => {
    const { stack, seed: resource, domain } = add({ seed });
    expect(errorsOf(stack)).toEqual([]);
    expect(resource).toEqual({
      host: "alpha",
      pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
      name: "web-1-seed.iso",
      ...content,
    });
    expect((domain?.disks as Record<string, unknown>).vdz).toMatchObject({
      file: "${libvirt_seed.web-1_seed_0997B704.path}",
      bus: "virtio",
    });
  });

  it("is passed to Ignition by fw_cfg", () => {
    const { stack, seed, domain } = add({ seed: new Ignition({ config: '{"ignition":{}}' }) });
    expect(errorsOf(stack)).toEqual([]);
    expect(seed).toMatchObject({ name: "web-1-seed.json", content: '{"ignition":{}}' });
    expect(Object.keys(domain?.disks as object)).toEqual(["vda"]);
    expect(domain?.xml).toEqual({
      seed: {
        element:
          '<sysinfo type="fwcfg"><entry name="opt/com.coreos/config" file="${libvirt_seed.web-1_seed_0997B704.path}"/></sysinfo>',
      },
    });
  });

  it.each<[Partial<VirtualMachineProps>, string, object]>([
    [{ seedBus: "sata" }, "sdf", { device: "cdrom", bus: "sata" }],
    [{ diskBus: "sata" }, "sdf", { device: "cdrom", bus: "sata" }],
    [{ diskBus: "ide" }, "hdd", { device: "cdrom", bus: "ide" }],
    [{ diskBus: "sata", seedBus: "virtio" }, "vdz", { bus: "virtio" }],
  ])("is on the bus that the guest has a driver for: %j", (props, target, disk) => {
    const { domain } = add({ cloudInit: new CloudInit(), ...props });
    expect((domain?.disks as Record<string, unknown>)[target]).toEqual({
      file: "${libvirt_seed.web-1_cloud-init_30B54304.path}",
      format: "raw",
      target_pool: "${libvirt_pool.alpha_pool_4F1016E8.name}",
      ...disk,
    });
  });

  it("changes in place by default, and the machine stays", () => {
    const { stack, domain } = add({ cloudInit: new CloudInit({ packages: ["nginx"] }) });
    expect(JSON.stringify(domain?.lifecycle)).not.toContain("digest");
    expect(attributesOf(stack, "libvirt_volume.web-1_root_7AB64D21")?.lifecycle).toBeUndefined();
  });

  it("replaces the machine with its own disk when it is told to, and keeps both while only the host changes", () => {
    const { stack, domain } = add({ cloudInit: new CloudInit(), onSeedChange: "replace" });
    const digest = "libvirt_seed.web-1_cloud-init_30B54304.digest";
    expect(domain?.lifecycle).toEqual({
      replace_triggered_by: ["libvirt_volume.web-1_root_7AB64D21.path", digest],
    });
    expect(attributesOf(stack, "libvirt_volume.web-1_root_7AB64D21")?.lifecycle).toEqual({
      replace_triggered_by: [digest],
    });
  });

  it("runs again with another instance id", () => {
    const metaOf = (packages: string[]) =>
      (
        add({ cloudInit: new CloudInit({ packages }), onSeedChange: "rerun" }).seed?.cloud_init as Record<
          string,
          string
        >
      ).meta_data;
    expect(metaOf(["nginx"])).toMatch(/^instance-id: web-1-[0-9a-f]{8}\nlocal-hostname: web-1\n$/);
    expect(metaOf(["nginx"])).not.toBe(metaOf(["curl"]));
  });

  it("has Terraform compute the instance id of content with tokens", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    const secret = new TerraformVariable(stack, "secret", { type: "string" }).stringValue;
    const cloudInit = new CloudInit({ files: [{ path: "/x", content: `$\{a} ${secret}` }] });
    new VirtualMachine(stack, "web-1", { host, image, memory, cloudInit, onSeedChange: "rerun" });
    const { cloud_init: data } = attributesOf(stack, "libvirt_seed.web-1_cloud-init_30B54304") ?? {};
    expect((data as Record<string, string>).meta_data).toMatch(
      /^instance-id: "web-1-\$\{substr\(jsonencode\(substr\(sha256\(/,
    );
  });

  it.each<[Partial<VirtualMachineProps>, string]>([
    [
      { cloudInit: new CloudInit(), seed: new ConfigDrive() },
      "'cloudInit' cannot be combined with 'seed'; remove one of them",
    ],
    [{ seedBus: "sata" }, "'seedBus' requires 'cloudInit' or 'seed'; set one of them, or remove 'seedBus'"],
    [
      { onSeedChange: "rerun" },
      "'onSeedChange' requires 'cloudInit' or 'seed'; set one of them, or remove 'onSeedChange'",
    ],
    [
      { seed: new Ignition({ config: "{}" }), seedBus: "sata" },
      "'seedBus' is not supported for a seed that the guest finds by fw_cfg; remove it",
    ],
    [
      { seed: new Combustion({ script: "#!/bin/sh\n" }), onSeedChange: "rerun" },
      "'onSeedChange' must be one of next-boot, replace for Combustion, got 'rerun'; a guest uses this seed at its first boot only",
    ],
    [
      { seed: new Ignition({ config: "variant: fcos\n" }) },
      "'seed.config' of Ignition must be JSON; translate Butane's YAML with 'butane'",
    ],
    [
      { seed: new Combustion({ script: "echo" }) },
      "'seed.script' of Combustion must begin with '#!', which names the shell; add '#!/bin/bash' as its first line",
    ],
    [
      { seed: new SeedDisk({ label: "a label that is long", files: { a: "" } }) },
      "'seed.label' must be 1 to 16 ASCII characters without spaces around them, got 'a label that is long'; shorten it",
    ],
    [
      { seed: new SeedDisk({ label: "a", files: {} }) },
      "'seed.files' must not be empty; add the files that the guest reads",
    ],
    [
      { seed: new SeedDisk({ label: "a", files: { "../b": "" } }) },
      "'seed.files' must have relative paths, whose parts have 1 to 64 characters without any of *:;?\\, got '../b'; choose another path",
    ],
  ])("rejects %j", (props, message) => {
    expect(errorsOf(make(props))).toEqual([`${message} (at lab/web-1)`]);
  });

  it("requires a pool of files", () => {
    const stack = newStack();
    const { host } = new Site(stack);
    const pool = StoragePool.lvm(stack, "fast", { host, volumeGroup: "vg0" });
    new VirtualMachine(stack, "web-1", { host, memory, pool, cloudInit: new CloudInit() });
    expect(errorsOf(stack)).toEqual([
      "'pool' must store files for a cloud-init image, got 'fast', whose volumes are devices; use another pool (at lab/web-1)",
    ]);
  });
});
