import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import type { LabHost } from "../lab";

/**
 * Puts hosts at a distance: what is said to them and by them arrives later. It is done by a relay before each, since not
 * every kernel can (`tc qdisc ... netem`).
 */
export class Distance {
  private readonly servers: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();

  /** @param seconds there and back */
  constructor(
    private readonly seconds: number,
    private readonly folder: string,
  ) {}

  /** The hosts, as they are reached from there. */
  async of(hosts: readonly LabHost[]): Promise<LabHost[]> {
    return Promise.all(
      hosts.map(async (host) => {
        const near = new URL(host.uri).searchParams.get("socket");
        if (near === null) throw new Error(`there is no socket in the uri of '${host.name}', ${host.uri}`);
        const far = path.join(this.folder, `${host.name}.sock`);
        await this.relay(far, near);
        return { ...host, uri: `qemu:///system?socket=${far}` };
      }),
    );
  }

  end(): void {
    for (const socket of this.sockets) socket.destroy();
    for (const server of this.servers) server.close();
  }

  private async relay(far: string, near: string): Promise<void> {
    fs.rmSync(far, { force: true });
    const server = net.createServer((client) => {
      const host = net.createConnection(near);
      this.delay(client, host);
      this.delay(host, client);
    });
    this.servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(far, resolve);
    });
  }

  private delay(from: net.Socket, to: net.Socket): void {
    const later = (work: () => void): void => {
      setTimeout(work, (this.seconds / 2) * 1000);
    };
    this.sockets.add(from);
    from.on("data", (chunk) => {
      later(() => to.destroyed || to.write(chunk));
    });
    from.once("error", () => to.destroy());
    from.once("close", () => {
      this.sockets.delete(from);
      later(() => to.destroy());
    });
  }
}
