import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const UPSTREAM = "https://registry.npmjs.org";

interface Published {
  readonly name: string;
  readonly version: string;
  readonly manifest: object;
  readonly file: string;
}

/** An npm registry on this machine that has the archives of a folder. It redirects requests for other packages to the public one. */
export class NpmRegistry {
  static async start(folder: string): Promise<NpmRegistry> {
    const packages = fs
      .readdirSync(folder)
      .filter((name) => name.endsWith(".tgz"))
      .map((name) => published(path.join(folder, name)));
    const registry = new NpmRegistry(packages);
    await new Promise<void>((resolve) => registry.server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  private readonly server = http.createServer((request, response) => {
    this.answer(decodeURIComponent(request.url ?? "/"), response);
  });

  private constructor(private readonly packages: readonly Published[]) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(url: string, response: http.ServerResponse): void {
    const archive = this.packages.find(({ file }) => url === `/-/${path.basename(file)}`);
    const versions = this.packages.filter(({ name }) => url === `/${name}`);
    if (archive !== undefined) {
      fs.createReadStream(archive.file).pipe(response);
    } else if (versions.length > 0) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(this.packument(versions)));
    } else if (/^\/(kvm-fleet$|@kvm-fleet\/)/.test(url)) {
      response.writeHead(404, { "content-type": "application/json" }).end("{}");
    } else {
      response.writeHead(302, { location: `${UPSTREAM}${url.replace(/^\/(@[^/]+)\//, "/$1%2f")}` }).end();
    }
  }

  private packument(versions: readonly Published[]): object {
    const latest = versions[versions.length - 1];
    return {
      name: latest?.name,
      "dist-tags": { latest: latest?.version },
      versions: Object.fromEntries(
        versions.map(({ version, manifest, file }) => {
          const integrity = `sha512-${createHash("sha512").update(fs.readFileSync(file)).digest("base64")}`;
          return [version, { ...manifest, dist: { tarball: `${this.url}/-/${path.basename(file)}`, integrity } }];
        }),
      ),
    };
  }
}

function published(file: string): Published {
  const manifest = JSON.parse(execFileSync("tar", ["-xzOf", file, "package/package.json"], { encoding: "utf8" })) as {
    readonly name: string;
    readonly version: string;
  };
  return { ...manifest, manifest, file };
}
