import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { thisPlatform, thisTarget } from "../../bin/pipeline/platform";
import { version } from "../../package.json";
import { CommittedCheckout } from "./committed-checkout";
import { type Altered, ProviderRegistry } from "./provider-registry";
import { runAsync } from "./run-async";
import { terraformPrograms } from "./terraform-programs";

jest.setTimeout(600_000);

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "release-"));
const gpgHome = path.join(temporary, "gpg");
const prefix = `terraform-provider-libvirt_${version}`;
const archive = `${prefix}_${thisTarget()}.zip`;

let first: CommittedCheckout;
let second: CommittedCheckout;
let registry: ProviderRegistry;

function gpg(...args: readonly string[]): string {
  const env = { ...process.env, GNUPGHOME: gpgHome };
  return execFileSync("gpg", ["--batch", ...args], { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
}

/** @returns the fingerprint of a key that can sign, and has a passphrase */
function newKey(): string {
  fs.mkdirSync(gpgHome, { mode: 0o700 });
  const withPassphrase = ["--pinentry-mode", "loopback", "--passphrase", "secret"];
  gpg(...withPassphrase, "--quick-generate-key", "A Person <person@example.org>", "rsa2048", "sign", "never");
  return /^fpr:+(\w+):/m.exec(gpg("--with-colons", "--list-keys"))?.[1] ?? "";
}

function release(checkout: CommittedCheckout, environment: NodeJS.ProcessEnv = {}): void {
  const { code, stdout, stderr } = checkout.npm(
    ["run", "--silent", "release", "--", version, "--platforms", thisPlatform()],
    environment,
  );
  if (code !== 0) throw new Error(`the release failed:\n${stdout}\n${stderr}`);
}

/** The sum of each file of a release, but for the signature, which contains a time. */
function contents(checkout: CommittedCheckout): Readonly<Record<string, string>> {
  const dist = path.join(checkout.folder, "dist");
  const files = fs.readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .filter((file) => !file.endsWith(".sig"));
  return Object.fromEntries(
    paths
      .sort()
      .map((file) => [path.relative(dist, file), createHash("sha256").update(fs.readFileSync(file)).digest("hex")]),
  );
}

beforeAll(async () => {
  const key = newKey();
  first = new CommittedCheckout();
  first.git("tag", "v0.0.1");
  first.commit("fix(pool): keep state when the host is unreachable");
  release(first, { GNUPGHOME: gpgHome, GPG_FINGERPRINT: key, GPG_PASSPHRASE: "secret" });
  const provider = path.join(first.folder, "dist", "provider");
  registry = await ProviderRegistry.start(provider, version, gpg("--armor", "--export", key), temporary);
});

afterAll(() => {
  registry.stop();
  first.remove();
  fs.rmSync(temporary, { recursive: true });
});

function file(name: string): string {
  return path.join(first.folder, "dist", "provider", name);
}

describe("a release", () => {
  test("has the same bytes if another checkout of the commit builds it, elsewhere and in another time zone", () => {
    second = new CommittedCheckout();
    try {
      second.git("tag", "v0.0.1");
      second.commit("fix(pool): keep state when the host is unreachable");
      release(second, { TZ: "Asia/Tokyo", GPG_FINGERPRINT: undefined });

      expect(contents(second)).toEqual(contents(first));
    } finally {
      second.remove();
    }
  });

  test("consists of the npm packages, the files for registries, and notes", () => {
    expect(Object.keys(contents(first))).toEqual([
      "notes.md",
      `npm/kvm-fleet-${version}.tgz`,
      `npm/kvm-fleet-provider-libvirt-${version}.tgz`,
      `npm/kvm-fleet-provider-${thisPlatform()}-${version}.tgz`,
      `provider/${prefix}_SHA256SUMS`,
      `provider/${archive}`,
      `provider/${archive}.sbom.json`,
      `provider/${prefix}_manifest.json`,
    ]);
  });

  test("has an archive with the program, the probes and the licences", () => {
    const listing = execFileSync("unzip", ["-Z1", file(archive)], { encoding: "utf8" });

    expect(listing.trim().split("\n")).toEqual([
      "LICENSE",
      "THIRD-PARTY-LICENSES.txt",
      "kvm-fleet-probe_amd64",
      "kvm-fleet-probe_arm64",
      `terraform-provider-libvirt_v${version}`,
    ]);
  });

  test("has an SBOM and a licence for each module that is compiled in", () => {
    const program = path.join(temporary, "program");
    const inArchive = (name: string) => execFileSync("unzip", ["-p", file(archive), name], { maxBuffer: Infinity });
    fs.writeFileSync(program, inArchive(`terraform-provider-libvirt_v${version}`), { mode: 0o755 });
    const compiled = execFileSync("go", ["version", "-m", program], { encoding: "utf8" });
    const modules = [...compiled.matchAll(/^\tdep\t(\S+)\t(\S+)/gm)].map(([, name, its]) => `${name} ${its}`);

    const { components } = JSON.parse(fs.readFileSync(file(`${archive}.sbom.json`), "utf8")) as {
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    const licences = inArchive("THIRD-PARTY-LICENSES.txt").toString();

    expect(modules.length).toBeGreaterThan(20);
    expect(components.map((each) => `${each.name} ${each.version}`)).toEqual(expect.arrayContaining(modules));
    expect(modules.filter((module) => !licences.includes(`\n${module}: `))).toEqual([]);
  });

  test("has sums that are right, and a signature of them", () => {
    const sums = `${prefix}_SHA256SUMS`;

    const checked = execFileSync("sha256sum", ["--check", "--strict", sums], {
      cwd: path.dirname(file(sums)),
      encoding: "utf8",
    });
    expect(checked).toBe(`${[archive, `${archive}.sbom.json`, `${prefix}_manifest.json`].join(": OK\n")}: OK\n`);
    expect(() => gpg("--verify", file(`${sums}.sig`), file(sums))).not.toThrow();
    expect(() => gpg("--verify", file(`${sums}.sig`), file(`${prefix}_manifest.json`))).toThrow();
  });

  test("has notes of the commits since the release before", () => {
    expect(fs.readFileSync(path.join(first.folder, "dist", "notes.md"), "utf8")).toMatch(
      /^# kvm-fleet \S+\n\n## Fixed\n\n- pool: keep state when the host is unreachable \(\w{8}\)\n$/,
    );
  });

  test("is refused if the checkout has changes, or another version", () => {
    const built = contents(first);
    fs.writeFileSync(path.join(first.folder, "lab", "more.sh"), "");

    const changed = first.npm(["run", "--silent", "release", "--", version]);
    fs.rmSync(path.join(first.folder, "lab", "more.sh"));
    const other = first.npm(["run", "--silent", "release", "--", "9.9.9"]);

    expect(changed).toMatchObject({ code: 1, stderr: expect.stringContaining("?? lab/more.sh") as string });
    expect(other).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`the version must be ${version}, as in package.json, got '9.9.9'`) as string,
    });
    expect(contents(first)).toEqual(built);
  });
});

describe.each(Object.entries(terraformPrograms))("%s", (_, program) => {
  /** Runs `init` in an empty folder, with a home directory that is empty, too. */
  async function init(cliConfig: string, altered?: Altered) {
    const folder = fs.mkdtempSync(path.join(temporary, "init-"));
    fs.writeFileSync(path.join(folder, "cli.tfrc"), cliConfig);
    fs.writeFileSync(
      path.join(folder, "main.tf"),
      `terraform {\n  required_providers {\n    libvirt = { source = "registry.terraform.io/kvm-fleet/libvirt" }\n  }\n}\n`,
    );
    registry.altered = altered;
    const environment = {
      PATH: process.env.PATH,
      HOME: folder,
      SSL_CERT_FILE: registry.certificate,
      TF_CLI_CONFIG_FILE: path.join(folder, "cli.tfrc"),
      CHECKPOINT_DISABLE: "1",
    };
    const ran = await runAsync(program, ["init", "-no-color"], { cwd: folder, env: environment });
    const schema = (): Promise<unknown> =>
      runAsync(program, ["providers", "schema", "-json"], { cwd: folder, env: environment });
    return { ...ran, folder, schema };
  }

  test("installs the provider from a registry, verifies its signature, and runs it", async () => {
    const { code, stdout, folder, schema } = await init(registry.asRegistry);

    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/v\S+ \((self-)?signed, key ID/) as string,
    });
    expect(await schema()).toMatchObject({ code: 0, stdout: expect.stringContaining('"libvirt_domain"') as string });
    // So a project can change between the npm packages and a registry.
    const npm = path.join(first.folder, "dist", "npm", `kvm-fleet-${version}.tgz`);
    const { platforms } = JSON.parse(
      execFileSync("tar", ["-xzOf", npm, "package/provider.json"], { encoding: "utf8" }),
    ) as { readonly platforms: readonly [{ readonly hash: string }] };
    expect(fs.readFileSync(path.join(folder, ".terraform.lock.hcl"), "utf8")).toContain(`"${platforms[0].hash}"`);
  });

  test("installs the provider from a network mirror", async () => {
    expect(await init(registry.asMirror)).toMatchObject({ code: 0 });
  });

  test.each<[Altered, keyof Pick<ProviderRegistry, "asRegistry" | "asMirror">, RegExp]>([
    ["archive", "asRegistry", /checksum/],
    ["sums", "asRegistry", /signature/],
    ["archive", "asMirror", /checksum/],
  ])("refuses an altered file (%s, %s)", async (altered, source, message) => {
    expect(await init(registry[source], altered)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(message) as string,
    });
  });
});
