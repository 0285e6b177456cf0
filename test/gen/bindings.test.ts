import {
  DataLibvirtCpuBaseline,
  DataLibvirtHost,
  Domain,
  LibvirtProvider,
  Network,
  Pool,
  Seed,
  Volume,
} from "@cdktf/provider-libvirt";
import { Lazy, propertyAccess, TerraformOutput, TerraformStack, Testing, Token } from "cdktf";

interface Synthesized {
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly provider: Record<string, readonly Record<string, unknown>[]>;
  readonly terraform: { readonly required_providers: Record<string, unknown> };
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
  readonly output?: Record<string, { readonly value: unknown }>;
  readonly import?: readonly unknown[];
}

function synthesize(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), "stack");
  build(stack);
  return JSON.parse(Testing.synth(stack)) as Synthesized;
}

const domain = { host: "alpha", name: "web", vcpu: 1, memory: 262144 };

describe("LibvirtProvider", () => {
  test("keeps the names of hosts unchanged", () => {
    const { provider } = synthesize((stack) => {
      new LibvirtProvider(stack, "libvirt", { hosts: { "kvm-1": { uri: "qemu:///system" }, kvmTwo: { uri: "x" } } });
    });

    expect(provider).toEqual({ libvirt: [{ hosts: { "kvm-1": { uri: "qemu:///system" }, kvmTwo: { uri: "x" } } }] });
  });

  test("requires the provider by its fully qualified address", () => {
    const { terraform } = synthesize((stack) => {
      new LibvirtProvider(stack, "libvirt", { hosts: {} });
    });

    expect(terraform.required_providers).toEqual({
      libvirt: { source: "registry.terraform.io/kvm-fleet/libvirt", version: "0.1.0" },
    });
  });

  test("can be configured twice, with an alias", () => {
    const { provider, resource } = synthesize((stack) => {
      new LibvirtProvider(stack, "one", { hosts: {} });
      const other = new LibvirtProvider(stack, "other", { hosts: {}, alias: "other" });
      new Pool(stack, "pool", { host: "alpha", name: "default", path: "/pool", provider: other });
    });

    expect(provider.libvirt).toEqual([{ hosts: {} }, { hosts: {}, alias: "other" }]);
    expect(resource.libvirt_pool?.pool?.provider).toBe("libvirt.other");
  });
});

describe("a resource", () => {
  test("writes nested objects with Terraform's names, and keeps the keys of maps", () => {
    const { resource } = synthesize((stack) => {
      new Domain(stack, "web", {
        ...domain,
        disks: { vda: { file: "/a" }, vdB: { file: "/b", format: "raw" } },
        interfaces: { theLan: { network: "lan", mac: "52:54:00:AA:bb:01" } },
        serial: { logFile: "/log", logAppend: true },
      });
    });

    expect(resource.libvirt_domain?.web).toMatchObject({
      disks: { vda: { file: "/a" }, vdB: { file: "/b", format: "raw" } },
      interfaces: { theLan: { network: "lan", mac: "52:54:00:AA:bb:01" } },
      serial: { log_file: "/log", log_append: true },
    });
  });

  test("writes objects nested in objects", () => {
    const dhcp = { start: "10.0.0.2", end: "10.0.0.9", hosts: { "52:54:00:AA:bb:01": { ip: "10.0.0.2" } } };
    const { resource } = synthesize((stack) => {
      new Network(stack, "lan", { host: "alpha", name: "lan", ipv4: { address: "10.0.0.1", prefix: 24, dhcp } });
    });

    expect(resource.libvirt_network?.lan?.ipv4).toEqual({ address: "10.0.0.1", prefix: 24, dhcp });
  });

  test("omits attributes that are not set", () => {
    const { resource } = synthesize((stack) => {
      new Pool(stack, "pool", { host: "alpha", name: "default", path: "/pool" });
    });

    const attributes = Object.keys(resource.libvirt_pool?.pool ?? {}).filter((key) => key !== "//");
    expect(attributes).toEqual(["host", "name", "path"]);
  });

  test("returns references to attributes of every type", () => {
    const { resource } = synthesize((stack) => {
      const volume = new Volume(stack, "root", { host: "alpha", pool: "default", name: "root", capacity: 1024 });
      const lan = new Network(stack, "lan", { host: "alpha", name: "lan" });
      new Domain(stack, "web", {
        ...domain,
        memory: volume.capacity,
        title: `on ${lan.name}`,
        autostart: lan.autostart,
        disks: { vda: { file: volume.path } },
      });
    });

    expect(resource.libvirt_domain?.web).toMatchObject({
      memory: "${libvirt_volume.root.capacity}",
      title: "on ${libvirt_network.lan.name}",
      autostart: "${libvirt_network.lan.autostart}",
      disks: { vda: { file: "${libvirt_volume.root.path}" } },
    });
  });

  test("returns a value in a nested attribute through propertyAccess", () => {
    const { output } = synthesize((stack) => {
      const web = new Domain(stack, "web", domain);
      new TerraformOutput(stack, "mac", { value: propertyAccess(web.interfaces, ["lan", "mac"]) });
    });

    expect(output?.mac?.value).toBe("${libvirt_domain.web.interfaces.lan.mac}");
  });

  test("renders what a Lazy produces for a nested attribute, and leaves out one that produces nothing", () => {
    const { resource } = synthesize((stack) => {
      new Domain(stack, "web", {
        ...domain,
        memoryBacking: Lazy.anyValue({ produce: () => ({ hugepageSize: 2048 }) }),
        interfaces: Lazy.anyValue({
          produce: () => ({ lan: { network: "lan", filterParameters: { IP: { values: ["10.0.0.1"] } } } }),
        }),
        devices: Lazy.anyValue({ produce: () => undefined }),
      });
    });

    expect(resource.libvirt_domain?.web).toMatchObject({
      memory_backing: { hugepage_size: 2048 },
      interfaces: { lan: { network: "lan", filter_parameters: { IP: { values: ["10.0.0.1"] } } } },
    });
    expect(resource.libvirt_domain?.web).not.toHaveProperty("devices");
  });

  test("accepts a token for a nested attribute, and for an object in a map", () => {
    const { resource } = synthesize((stack) => {
      const web = new Domain(stack, "web", domain);
      new Domain(stack, "copy", { ...domain, name: "copy", disks: web.disks, cpu: web.cpu });
      new Domain(stack, "other", {
        ...domain,
        name: "other",
        disks: { vda: Token.asAny(propertyAccess(web.disks, ["vda"])) },
      });
    });

    expect(resource.libvirt_domain?.copy).toMatchObject({
      disks: "${libvirt_domain.web.disks}",
      cpu: "${libvirt_domain.web.cpu}",
    });
    expect(resource.libvirt_domain?.other).toMatchObject({ disks: { vda: "${libvirt_domain.web.disks.vda}" } });
  });

  test("can be changed after its construction, as by an aspect", () => {
    let seen: number | undefined;
    const { resource } = synthesize((stack) => {
      const web = new Domain(stack, "web", domain);
      seen = web.vcpuInput;
      web.vcpu = 4;
      web.disks = { vda: { file: "/a" } };
      web.title = "to be unset";
      web.title = undefined;
    });

    expect(seen).toBe(1);
    expect(resource.libvirt_domain?.web).toMatchObject({ vcpu: 4, disks: { vda: { file: "/a" } } });
    expect(resource.libvirt_domain?.web).not.toHaveProperty("title");
  });

  test("accepts Terraform's meta-arguments", () => {
    const { resource } = synthesize((stack) => {
      const pool = new Pool(stack, "pool", { host: "alpha", name: "default", path: "/pool" });
      new Domain(stack, "web", { ...domain, dependsOn: [pool], lifecycle: { preventDestroy: true } });
    });

    expect(resource.libvirt_domain?.web).toMatchObject({
      depends_on: ["libvirt_pool.pool"],
      lifecycle: { prevent_destroy: true },
    });
  });

  test("writes an import block for an existing object", () => {
    const { import: imports } = synthesize((stack) => {
      Domain.generateConfigForImport(stack, "old", "alpha/old");
    });

    expect(imports).toEqual([{ to: "libvirt_domain.old", id: "alpha/old" }]);
  });

  test("can be written as HCL", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new Seed(stack, "data", { host: "alpha", pool: "default", name: "data", content: "{}" });
    new Domain(stack, "web", { ...domain, autostart: true, interfaces: { lan: { network: "lan" } } });

    const { hcl } = (stack as unknown as { toHclTerraform(): { hcl: string } }).toHclTerraform();

    expect(hcl).toContain('content = "{}"');
    expect(hcl).toContain("autostart = true");
    expect(hcl.replaceAll("\n", " ")).toContain('interfaces = { lan = { network = "lan" } }');
  });
});

describe("a data source", () => {
  test("keeps the keys of a map with empty objects", () => {
    const { data, resource } = synthesize((stack) => {
      const { model } = new DataLibvirtCpuBaseline(stack, "cpu", { hosts: { alpha: {}, "Rack-2": {} }, type: "qemu" });
      new Domain(stack, "web", { ...domain, cpu: { mode: "custom", model } });
    });

    expect(data?.libvirt_cpu_baseline?.cpu).toEqual({ hosts: { alpha: {}, "Rack-2": {} }, type: "qemu" });
    expect(resource.libvirt_domain?.web?.cpu).toEqual({
      mode: "custom",
      model: "${data.libvirt_cpu_baseline.cpu.model}",
    });
  });

  test("returns a value in an attribute through propertyAccess", () => {
    const { data, output } = synthesize((stack) => {
      const host = new DataLibvirtHost(stack, "alpha", { host: "alpha" });
      const value = propertyAccess(host.domainTypes, ["kvm", "baseline_cpu"]);
      new TerraformOutput(stack, "cpu", { value });
    });

    expect(data?.libvirt_host?.alpha).toEqual({ host: "alpha" });
    expect(output?.cpu?.value).toBe("${data.libvirt_host.alpha.domain_types.kvm.baseline_cpu}");
  });

  test("can be written as HCL", () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    new DataLibvirtCpuBaseline(stack, "cpu", { hosts: { alpha: {} } });

    const { hcl } = (stack as unknown as { toHclTerraform(): { hcl: string } }).toHclTerraform();

    expect(hcl.replace(/\s+/g, " ")).toContain('data "libvirt_cpu_baseline" "cpu" { hosts = { alpha = { } } }');
  });
});
