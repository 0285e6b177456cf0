import { pluginFolder, providerPackage } from "../bin/pipeline/packaged-provider";
import { dependencies, description, engines, license, version } from "../package.json";
import type { NpmPlatform } from "./platforms";

/** The content of a package.json. */
export type Manifest = Readonly<Record<string, unknown>>;

/** The name of the package with the bindings, and the name by which stacks import them. */
export const bindingsPackage = "@kvm-fleet/provider-libvirt";
const bindingsAlias = "@cdktf/provider-libvirt";

const common = { version, license, engines: { node: engines.node } };

/** The libraries that a package uses, but does not bring along: a project must have only one copy of each. */
const peers = {
  peerDependencies: { cdktf: caret(dependencies.cdktf), cdktn: "^0.24.0", constructs: "^10.4.2" },
  peerDependenciesMeta: { cdktf: { optional: true }, cdktn: { optional: true } },
};

/** @param platforms those that the provider was built for */
export function mainManifest(platforms: readonly NpmPlatform[]): Manifest {
  const { commander, tsx, typescript, yaml } = dependencies;
  return {
    name: "kvm-fleet",
    description,
    keywords: ["cdktf", "cdktn", "kvm", "libvirt", "qemu", "terraform", "opentofu"],
    ...common,
    bin: { "kvm-fleet": "bin/kvm-fleet" },
    main: "constructs/index.js",
    types: "constructs/index.d.ts",
    exports: {
      ".": { types: "./constructs/index.d.ts", default: "./constructs/index.js" },
      "./app": "./bin/app.js",
      "./provider-libvirt": { types: "./provider-libvirt.d.ts", default: "./provider-libvirt.js" },
      "./package.json": "./package.json",
    },
    ...peers,
    dependencies: {
      [bindingsAlias]: `npm:${bindingsPackage}@${version}`,
      commander: caret(commander),
      tsx: caret(tsx),
      typescript: caret(typescript),
      yaml: caret(yaml),
    },
    optionalDependencies: Object.fromEntries(platforms.map(({ name }) => [providerPackage(name), version])),
  };
}

/** @param source the address of the provider in a registry */
export function bindingsManifest(source: string): Manifest {
  return {
    name: bindingsPackage,
    description: "Bindings for the Terraform provider kvm-fleet/libvirt, for cdktf and cdktn",
    keywords: ["cdktf", "cdktn", "provider", "libvirt", "kvm"],
    ...common,
    main: "index.js",
    types: "index.d.ts",
    exports: {
      ".": { types: "./index.d.ts", default: "./index.js" },
      "./package.json": "./package.json",
    },
    cdktf: { provider: { name: source, version } },
    cdktn: { provider: { name: source, version } },
    ...peers,
  };
}

export function providerManifest({ name, os, cpu }: NpmPlatform): Manifest {
  return {
    name: providerPackage(name),
    description: `The Terraform provider kvm-fleet/libvirt for ${os} on ${cpu}`,
    version,
    license,
    os: [os],
    cpu: [cpu],
    // Yarn keeps packages in archives, from which a program cannot run.
    preferUnplugged: true,
    exports: { "./package.json": "./package.json" },
    files: [pluginFolder],
  };
}

function caret(exact: string): string {
  return `^${exact}`;
}
