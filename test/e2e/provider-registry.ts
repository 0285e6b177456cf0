import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";

const NAME = "kvm-fleet/libvirt";

/** The file in which the registry can have another content than the release. */
export type Altered = "archive" | "sums";

/**
 * A registry of providers on this machine, with a certificate of its own. It also serves as a network mirror.
 *
 * @see https://developer.hashicorp.com/terraform/internals/provider-registry-protocol
 * @see https://developer.hashicorp.com/terraform/internals/provider-network-mirror-protocol
 */
export class ProviderRegistry {
  /**
   * @param release the folder with the files of a release
   * @param publicKey the key that a user of the registry trusts, in ASCII
   * @param folder a folder for the certificate
   */
  static async start(release: string, version: string, publicKey: string, folder: string): Promise<ProviderRegistry> {
    const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => path.join(folder, name)) as [
      string,
      string,
    ];
    const names = ["-subj", "/CN=localhost", "-addext", "subjectAltName = DNS:localhost"];
    const files = ["-keyout", key, "-out", certificate];
    execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...names, ...files], {
      stdio: "ignore",
    });
    const registry = new ProviderRegistry(release, version, publicKey, key, certificate);
    await new Promise<void>((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** The file that differs from the release. */
  altered: Altered | undefined;

  private readonly server: https.Server;

  private constructor(
    private readonly release: string,
    private readonly version: string,
    private readonly publicKey: string,
    key: string,
    readonly certificate: string,
  ) {
    this.server = https.createServer(
      { key: fs.readFileSync(key), cert: fs.readFileSync(certificate) },
      (request, to) => {
        const content = this.answer(request.url ?? "/");
        if (content === undefined) to.writeHead(404).end();
        else to.setHeader("content-type", Buffer.isBuffer(content) ? "application/octet-stream" : "application/json");
        if (content !== undefined) to.end(Buffer.isBuffer(content) ? content : JSON.stringify(content));
      },
    );
  }

  /** A CLI configuration in which this is the registry of Terraform. */
  get asRegistry(): string {
    return `host "registry.terraform.io" {\n  services = { "providers.v1" = "${this.url}/v1/providers/" }\n}\n`;
  }

  /** A CLI configuration in which this is the only source of providers. */
  get asMirror(): string {
    return `provider_installation {\n  network_mirror {\n    url = "${this.url}/mirror/"\n  }\n}\n`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private get url(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  private get prefix(): string {
    return `terraform-provider-libvirt_${this.version}`;
  }

  /** The targets of the release, such as `linux_amd64`. */
  private get targets(): readonly string[] {
    const archives = fs.readdirSync(this.release).filter((name) => name.endsWith(".zip"));
    return archives.map((name) => name.slice(`${this.prefix}_`.length, -".zip".length));
  }

  private answer(url: string): object | Buffer | undefined {
    const mirror = `/mirror/registry.terraform.io/${NAME}`;
    const download = `/v1/providers/${NAME}/${this.version}/download/`;
    if (url === `/v1/providers/${NAME}/versions`) return { versions: [this.versionEntry()] };
    if (url.startsWith(download)) return this.downloadEntry(url.slice(download.length).replace("/", "_"));
    if (url === `${mirror}/index.json`) return { versions: { [this.version]: {} } };
    if (url === `${mirror}/${this.version}.json`) return { archives: this.mirrorArchives() };
    if (url.startsWith("/files/")) return this.file(url.slice("/files/".length));
    return undefined;
  }

  private versionEntry(): object {
    const { metadata } = JSON.parse(this.file(`${this.prefix}_manifest.json`).toString()) as {
      readonly metadata: { readonly protocol_versions: readonly string[] };
    };
    const platforms = this.targets.map((target) => {
      const [system, arch] = target.split("_");
      return { os: system, arch };
    });
    return { version: this.version, protocols: metadata.protocol_versions, platforms };
  }

  private downloadEntry(target: string): object {
    const [system, arch] = target.split("_");
    const archive = `${this.prefix}_${target}.zip`;
    const sums = `${this.prefix}_SHA256SUMS`;
    return {
      protocols: ["6.0"],
      os: system,
      arch,
      filename: archive,
      download_url: `${this.url}/files/${archive}`,
      shasums_url: `${this.url}/files/${sums}`,
      shasums_signature_url: `${this.url}/files/${sums}.sig`,
      shasum: /^(\w+) /.exec(this.lineOf(archive))?.[1],
      signing_keys: { gpg_public_keys: [{ key_id: "", ascii_armor: this.publicKey }] },
    };
  }

  private mirrorArchives(): object {
    return Object.fromEntries(
      this.targets.map((target) => {
        const archive = `${this.prefix}_${target}.zip`;
        const sum = createHash("sha256").update(fs.readFileSync(path.join(this.release, archive)));
        return [target, { url: `${this.url}/files/${archive}`, hashes: [`zh:${sum.digest("hex")}`] }];
      }),
    );
  }

  /** The line of a file in the sums. */
  private lineOf(name: string): string {
    const sums = this.file(`${this.prefix}_SHA256SUMS`).toString().split("\n");
    return sums.find((line) => line.endsWith(`  ${name}`)) ?? "";
  }

  private file(name: string): Buffer {
    const content = fs.readFileSync(path.join(this.release, path.basename(name)));
    const isAltered = name.endsWith({ archive: ".zip", sums: "SHA256SUMS" }[this.altered ?? "archive"]);
    return this.altered !== undefined && isAltered ? Buffer.concat([content, Buffer.from("\n")]) : content;
  }
}
