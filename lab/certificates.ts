import fs from "node:fs";
import path from "node:path";
import { run } from "./command";
import type { LabPaths } from "./paths";

/** The validity of a certificate in days, which is longer than any lab stays up. */
const DAYS = "3650";

/** The configuration of openssl(1), which replaces this machine's configuration. */
const CONFIGURATION = "[req]\ndistinguished_name = subject\n[subject]\n";

/** The file names of a host's certificates that a program expects. */
export interface CertificateNames {
  readonly authority: string;
  readonly certificate: (role: "server" | "client") => string;
  readonly key: (role: "server" | "client") => string;
}

/** @see https://www.qemu.org/docs/master/system/tls.html */
export const QEMU_NAMES: CertificateNames = {
  authority: "ca-cert.pem",
  certificate: (role) => `${role}-cert.pem`,
  key: (role) => `${role}-key.pem`,
};

/** @see https://libvirt.org/kbase/tlscerts.html */
export const LIBVIRT_NAMES: CertificateNames = {
  authority: "cacert.pem",
  certificate: (role) => `${role}cert.pem`,
  key: (role) => `${role}key.pem`,
};

/** Issues certificates for a lab's hosts, so that they can authenticate each other. */
export class Authority {
  private readonly directory: string;

  constructor(private readonly paths: LabPaths) {
    this.directory = path.join(paths.data, "authority");
  }

  /** Creates the authority, unless it exists. */
  async up(): Promise<void> {
    if (fs.existsSync(this.file("cert"))) return;
    fs.mkdirSync(this.directory, { recursive: true });
    fs.writeFileSync(this.configuration, CONFIGURATION);
    await this.certify(`kvm-fleet lab ${this.paths.lab}`, this.file("key"), this.file("cert"), [
      "basicConstraints = critical, CA:TRUE",
      "keyUsage = critical, keyCertSign",
    ]);
  }

  /** Writes a host's certificate to a directory, for use as a server and as a client. */
  async equip(
    host: { readonly name: string; readonly address: string },
    directory: string,
    names: CertificateNames,
  ): Promise<void> {
    const file = (name: string) => path.join(directory, name);
    fs.mkdirSync(directory, { recursive: true });
    await this.certify(
      host.name,
      file(names.key("server")),
      file(names.certificate("server")),
      [
        "basicConstraints = critical, CA:FALSE",
        "keyUsage = critical, digitalSignature, keyEncipherment",
        "extendedKeyUsage = serverAuth, clientAuth",
        `subjectAltName = DNS:${host.name}, IP:${host.address}`,
      ],
      ["-CA", this.file("cert"), "-CAkey", this.file("key")],
    );
    fs.copyFileSync(this.file("cert"), file(names.authority));
    for (const part of [names.key, names.certificate]) fs.copyFileSync(file(part("server")), file(part("client")));
  }

  private async certify(
    subject: string,
    key: string,
    certificate: string,
    extensions: readonly string[],
    signer: readonly string[] = [],
  ): Promise<void> {
    await run("openssl", [
      ...["req", "-x509", "-config", this.configuration, "-days", DAYS, "-subj", `/CN=${subject}`],
      ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key],
      ...extensions.flatMap((extension) => ["-addext", extension]),
      ...[...signer, "-out", certificate],
    ]);
  }

  private file(part: "key" | "cert"): string {
    return path.join(this.directory, `ca-${part}.pem`);
  }

  private get configuration(): string {
    return path.join(this.directory, "openssl.cnf");
  }
}
