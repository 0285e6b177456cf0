import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import type { LabHost } from "../lab";

/**
 * Delays the traffic to and from hosts, as if they were far away. A relay in front of each host adds the delay, because not
 * every kernel has `tc qdisc ... netem`.
 */
export class Distance {
  private readonly servers: net.Server[] = [];
  private readonly sockets = new Set<net.Socket>();

  /** @param seconds the round-trip time */
  constructor(
    private readonly seconds: number,
    private readonly folder: string,
  ) {}

  /** Returns the same hosts with URIs that lead through the relays. */
  async of(hosts: readonly LabHost[]): Promise<LabHost[]> {
    return Promise.all(
      hosts.map(async (host) => {
        const near = new URL(host.uri).searchParams.get("socket");
        if (near === null) throw new Error(`the uri of '${host.name}' requires a socket, got '${host.uri}'`);
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
