import { hostUuid, libvirtdConf, qemuConf } from "../../lab/libvirtd-config";

const config = { hostUuid: hostUuid("/checkout", "lab", "alpha"), fabricAddress: "198.18.1.1" };

describe("a host's libvirtd", () => {
  test("listens only on the fabric", () => {
    expect(libvirtdConf(config)).toContain('listen_addr = "198.18.1.1"\ntcp_port = "16509"\nauth_tcp = "none"\n');
  });

  test("accepts TLS connections only with a certificate of the lab", () => {
    expect(libvirtdConf(config)).toContain(
      'listen_tls = 1\nauth_tls = "none"\nca_file = "/etc/libvirt/pki/cacert.pem"\n' +
        'cert_file = "/etc/libvirt/pki/servercert.pem"\nkey_file = "/etc/libvirt/pki/serverkey.pem"\n',
    );
  });

  test("migrates guests over the fabric", () => {
    expect(qemuConf(config)).toContain('migration_address = "198.18.1.1"\nmigration_host = "198.18.1.1"\n');
  });

  test("accepts a TLS migration only from a host with a certificate of the lab", () => {
    expect(qemuConf(config)).toContain(
      'migrate_tls_x509_cert_dir = "/etc/libvirt/pki-qemu"\nmigrate_tls_x509_verify = 1\n',
    );
  });

  test("has a unique UUID that never changes", () => {
    expect(config.hostUuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(hostUuid("/checkout", "lab", "alpha")).toBe(config.hostUuid);
    const others = [
      hostUuid("/checkout", "lab", "beta"),
      hostUuid("/checkout", "bench", "alpha"),
      hostUuid("/other", "lab", "alpha"),
    ];
    expect(others).not.toContain(config.hostUuid);
  });
});
