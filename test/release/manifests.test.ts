import { LibvirtProvider } from "@cdktf/provider-libvirt";
import { TerraformStack, Testing } from "cdktf";
import { version as bindingsVersion } from "../../gen/package.json";
import { version } from "../../package.json";
import { bindingsManifest, mainManifest, providerManifest } from "../../release/manifests";
import { npmPlatforms as platforms } from "../../release/platforms";

interface MainManifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

const main = mainManifest(platforms) as unknown as MainManifest;

test("all packages, the bindings and the provider that they require have one version", () => {
  const stack = new TerraformStack(Testing.app(), "it");
  new LibvirtProvider(stack, "libvirt", { hosts: {} });
  const { terraform } = JSON.parse(Testing.synth(stack)) as {
    readonly terraform: { readonly required_providers: { readonly libvirt: { readonly version: string } } };
  };

  expect(terraform.required_providers.libvirt.version).toBe(version);
  expect(bindingsVersion).toBe(version);
  expect(main.dependencies["@cdktf/provider-libvirt"]).toBe(`npm:@kvm-fleet/provider-libvirt@${version}`);
  expect(bindingsManifest("source")).toMatchObject({ name: "@kvm-fleet/provider-libvirt", version });
});

test("the main package has an optional dependency on the package of each platform, which is for that platform only", () => {
  expect(main.optionalDependencies).toEqual({
    "@kvm-fleet/provider-linux-x64": version,
    "@kvm-fleet/provider-linux-arm64": version,
    "@kvm-fleet/provider-darwin-x64": version,
    "@kvm-fleet/provider-darwin-arm64": version,
  });
  for (const platform of platforms) {
    const { os, cpu, name } = platform;
    expect(providerManifest(platform)).toMatchObject({
      name: `@kvm-fleet/provider-${name}`,
      os: [os],
      cpu: [cpu],
      version,
    });
  }
});

test("the libraries are peers, so that a project has one copy of the library that it chose", () => {
  for (const manifest of [main, bindingsManifest("source")]) {
    expect(manifest).toMatchObject({
      peerDependencies: { cdktf: "^0.21.0", cdktn: "^0.24.0" },
      peerDependenciesMeta: { cdktf: { optional: true }, cdktn: { optional: true } },
    });
  }
  expect(Object.keys(main.dependencies)).toEqual(expect.not.arrayContaining(["cdktf", "cdktn", "constructs"]));
});
