import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import type { LabHost } from "../../lab";

/** An sshd of a lab's host, on a port of this machine. It lets root in with one key. */
export class SshServer {
  /**
   * @param host the host that its commands run on
   * @param folder a folder for keys, which a user of the server can read
   */
  static async start(host: LabHost, folder: string): Promise<SshServer> {
    const server = new SshServer(host, folder);
    await new Promise<void>((resolve) => server.server.listen(0, "127.0.0.1", resolve));
    fs.writeFileSync(server.file("known_hosts"), `[127.0.0.1]:${server.port} ${server.read("host_key.pub")}`);
    return server;
  }

  private readonly server: net.Server;

  private constructor(
    host: LabHost,
    private readonly folder: string,
  ) {
    for (const name of ["key", "host_key"]) {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", this.file(name)]);
    }
    const config = this.file("sshd_config");
    fs.writeFileSync(
      config,
      [
        `HostKey ${this.file("host_key")}`,
        `AuthorizedKeysFile ${this.file("key.pub")}`,
        "StrictModes no",
        "UsePAM no",
        "PidFile none",
        "",
      ].join("\n"),
    );
    const within = ["--net", "--mount", "--uts", "--target", String(host.pid)];
    execFileSync("nsenter", [...within, "mkdir", "-p", "/run/sshd"]);
    this.server = net.createServer((socket) => {
      const child = spawn("nsenter", [...within, "/usr/sbin/sshd", "-i", "-f", config], {
        stdio: ["pipe", "pipe", "ignore"],
      });
      socket.on("error", () => child.kill());
      child.stdin.on("error", () => socket.destroy());
      socket.pipe(child.stdin);
      child.stdout.pipe(socket);
    });
  }

  /** The URI of the host's libvirt, with the key and the host's key. */
  get uri(): string {
    const files = `keyfile=${this.file("key")}&known_hosts=${this.file("known_hosts")}`;
    return `qemu+ssh://root@127.0.0.1:${this.port}/system?${files}`;
  }

  stop(): void {
    this.server.close();
  }

  private get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  private file(name: string): string {
    return path.join(this.folder, name);
  }

  private read(name: string): string {
    return fs.readFileSync(this.file(name), "utf8");
  }
}
