import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InstalledProvider } from "../../bin/pipeline/installed-provider";
import { provideProviders } from "../../bin/pipeline/provide-providers";

const source = "registry.terraform.io/kvm-fleet/libvirt";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "provider-lock-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function install(content: string): void {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const plugin = join(folder, ".terraform.d/plugins", source, "0.1.0", `${process.platform}_${architecture}`);
  mkdirSync(plugin, { recursive: true });
  writeFileSync(join(plugin, "terraform-provider-libvirt_v0.1.0"), content);
}

/** @returns the content of the stack's lock file */
function synthesize(providers: Record<string, { source: string; version: string }>, lock?: string): string {
  const stack = join(folder, "stacks/it");
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers: providers } }));
  const it = {
    name: "it",
    workingDirectory: "stacks/it",
    synthesizedStackPath: "stacks/it/cdk.tf.json",
    dependencies: [],
  };
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ stacks: { it } }));
  const file = join(stack, ".terraform.lock.hcl");
  writeFileSync(file, lock ?? "");
  provideProviders(folder, (name, version) => InstalledProvider.find(name, version, folder));
  return readFileSync(file, "utf8");
}

const libvirt = { libvirt: { source, version: "0.1.0" } };
// Written by 'terraform init' for a file with this content.
const ofHello = `provider "${source}" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:Du/LN7D44DmJkjaCi64SSQ7NzfuW5Ctof628NY0wNNc=",
  ]
}
`;

describe("provideProviders", () => {
  test("locks an installed provider by the hash that terraform computes", () => {
    install("hello\n");

    expect(synthesize(libvirt)).toBe(ofHello);
  });

  test("leaves a lock file with that hash unchanged", () => {
    install("hello\n");

    expect(synthesize(libvirt, ofHello)).toBe(ofHello);
  });

  test("replaces the hash of a provider that was built again under its old version", () => {
    install("hello again\n");

    const lock = synthesize(libvirt, ofHello);

    expect(lock).not.toBe(ofHello);
    expect(lock.match(/provider "/g)).toHaveLength(1);
  });

  test("keeps the entries of other providers", () => {
    install("hello\n");
    const other = 'provider "registry.terraform.io/hashicorp/random" {\n  version = "3.7.2"\n}\n';

    expect(synthesize(libvirt, `${ofHello}\n${other}`)).toBe(`${other}\n${ofHello}`);
  });

  test("does not lock a provider that is not installed", () => {
    expect(synthesize(libvirt)).toBe("");
  });
});
