import { createHash } from "node:crypto";
import { LIBVIRT_NAMES } from "./certificates";

/** The settings of libvirtd that depend on its host. */
export interface LibvirtdConfig {
  readonly hostUuid: string;
  readonly fabricAddress: string;
}

/** The default port of `qemu+tcp://`. */
const TCP_PORT = 16509;

/** The directory of the certificates that a host's libvirt uses for TLS, as a server and as a client. */
export const LIBVIRT_CERTIFICATES = "/etc/libvirt/pki";

/**
 * @see https://libvirt.org/remote.html#libvirtd-configuration-file
 */
export function libvirtdConf(config: LibvirtdConfig): string {
  return settings({
    host_uuid: config.hostUuid,
    // A host has no polkit, and only root can reach the socket or the fabric.
    auth_unix_ro: "none",
    auth_unix_rw: "none",
    unix_sock_rw_perms: "0700",
    listen_tls: 1,
    auth_tls: "none",
    ca_file: `${LIBVIRT_CERTIFICATES}/${LIBVIRT_NAMES.authority}`,
    cert_file: `${LIBVIRT_CERTIFICATES}/${LIBVIRT_NAMES.certificate("server")}`,
    key_file: `${LIBVIRT_CERTIFICATES}/${LIBVIRT_NAMES.key("server")}`,
    listen_tcp: 1,
    listen_addr: config.fabricAddress,
    tcp_port: String(TCP_PORT),
    auth_tcp: "none",
    log_outputs: "3:file:/var/log/libvirt/libvirtd.log",
  });
}

/** The directory of the certificates that a host uses to migrate guests over TLS. */
export const MIGRATION_CERTIFICATES = "/etc/libvirt/pki-qemu";

/** @see https://libvirt.org/drvqemu.html */
export function qemuConf(config: LibvirtdConfig): string {
  return settings({
    // As root, guests can use /dev/kvm and any image without a change of permissions on this machine.
    user: "root",
    group: "root",
    dynamic_ownership: 0,
    remember_owner: 0,
    security_driver: "none",
    // QEMU writes a guest's output directly to its file, so that no virtlogd must run in addition to libvirtd.
    stdio_handler: "file",
    migration_address: config.fabricAddress,
    migration_host: config.fabricAddress,
    migrate_tls_x509_cert_dir: MIGRATION_CERTIFICATES,
    migrate_tls_x509_verify: 1,
  });
}

/** Returns a UUID that is always the same for the same checkout, lab and host. */
export function hostUuid(checkout: string, lab: string, host: string): string {
  const hex = createHash("sha256").update([checkout, lab, host].join("\0")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

function settings(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
    .join("");
}
