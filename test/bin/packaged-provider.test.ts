import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../../bin/failure";
import { PackagedProvider, type PackagedProviderManifest } from "../../bin/pipeline/packaged-provider";
import { thisPlatform, thisTarget } from "../../bin/pipeline/platform";

const source = "registry.terraform.io/kvm-fleet/libvirt";
const other = { name: "plan9-x64", target: "plan9_amd64", hash: "h1:other" };
const own = { name: thisPlatform(), target: thisTarget(), hash: "h1:own" };
const executable = "terraform-provider-libvirt_v0.1.0";

let root: string;
let manifest: PackagedProviderManifest;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "packaged-provider-"));
  manifest = { source, version: "0.1.0", platforms: [own, other] };
  install("0.1.0", { [executable]: "program" });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Installs the package with the provider of this platform. */
function install(version: string, files: Record<string, string>): void {
  const folder = join(root, "node_modules", "@kvm-fleet", `provider-${thisPlatform()}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "plugin"), { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ version }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, "plugin", name), content);
}

function find(version = "0.1.0"): PackagedProvider | undefined {
  return PackagedProvider.find(source, version, manifest, root);
}

function mirror(version: string): string {
  return join(root, "stack", "terraform.d", "plugins", source, version, thisTarget());
}

describe("PackagedProvider", () => {
  test("has the hashes of every platform", () => {
    expect(find()?.hashes()).toEqual(["h1:other", "h1:own"]);
  });

  test("is put where terraform looks first, without a second copy on the disk", () => {
    find()?.placeIn(join(root, "stack"));

    const placed = join(mirror("0.1.0"), executable);
    expect(readFileSync(placed, "utf8")).toBe("program");
    expect(statSync(placed).nlink).toBe(2);
  });

  test("replaces a file of an earlier installation, and removes other versions", () => {
    mkdirSync(mirror("0.0.9"), { recursive: true });
    mkdirSync(mirror("0.1.0"), { recursive: true });
    writeFileSync(join(mirror("0.1.0"), executable), "older");
    linkSync(join(mirror("0.1.0"), executable), join(root, "running"));
    writeFileSync(join(mirror("0.1.0"), "no-longer-part-of-it"), "");

    find()?.placeIn(join(root, "stack"));

    expect(readdirSync(join(mirror("0.1.0"), "..", ".."))).toEqual(["0.1.0"]);
    expect(readdirSync(mirror("0.1.0"))).toEqual([executable]);
    expect(readFileSync(join(mirror("0.1.0"), executable), "utf8")).toBe("program");
    expect(readFileSync(join(root, "running"), "utf8")).toBe("older");
  });

  test("is not for providers of others, and not in a checkout", () => {
    expect(PackagedProvider.find("registry.terraform.io/hashicorp/random", "0.1.0", manifest, root)).toBeUndefined();
    expect(PackagedProvider.find(source, "0.1.0")).toBeUndefined();
  });

  test("refuses a stack that requires another version", () => {
    expect(() => find("0.2.0")).toThrow(
      new Failure(
        "a stack requires version 0.2.0 of the provider, but kvm-fleet 0.1.0 is installed; " +
          "install the same version of 'kvm-fleet' and '@kvm-fleet/provider-libvirt'",
      ),
    );
  });

  test("refuses a package of another version", () => {
    install("0.0.9", {});

    expect(() => find()).toThrow(
      `'@kvm-fleet/provider-${thisPlatform()}' has version 0.0.9, but kvm-fleet has version 0.1.0`,
    );
  });

  test("says which package is missing", () => {
    rmSync(join(root, "node_modules"), { recursive: true });

    expect(() => find()).toThrow(
      `the npm package '@kvm-fleet/provider-${thisPlatform()}' with the provider is missing`,
    );
  });

  test("says which platforms there are", () => {
    manifest = { ...manifest, platforms: [other] };

    expect(() => find()).toThrow(`kvm-fleet runs on plan9-x64, and this machine is ${thisPlatform()}`);
  });
});
