import type { SeedCloudInit } from "@cdktf/provider-libvirt";
import { TerraformVariable } from "cdktf";
import { parse } from "yaml";
import { CloudInit, type CloudInitProps, Size, VirtualMachine } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnmCtQYtxi3aKvbnSQ85Cm ops@example.org";

/** Parses the text as cloud-init does: as YAML 1.1, after Terraform has replaced its escape sequences. */
function read(text: string): unknown {
  return parse(text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{"), { version: "1.1" });
}

/** Renders the data for a machine. */
function rendered(cloudInit: CloudInit, rerun?: boolean): SeedCloudInit {
  return cloudInit.render("web-1", rerun).cloudInit as SeedCloudInit;
}

describe("CloudInit", () => {
  it("renders only the identity of the machine without properties", () => {
    expect(new CloudInit().render("web-1")).toEqual({
      cloudInit: {
        userData: "#cloud-config\n{}\n",
        metaData: "instance-id: web-1\nlocal-hostname: web-1\n",
      },
    });
  });

  it("renders every property", () => {
    const cloudInit = new CloudInit({
      hostname: "www.example.org",
      sshKeys: [`${key}\n`],
      users: [
        { name: "ops", sshKeys: [key], groups: ["adm", "docker"], sudo: true, shell: "/bin/bash" },
        { name: "app", hashedPassword: "$6$salt$hash", sudo: "ALL=(app) ALL" },
      ],
      packages: ["nginx", "curl"],
      files: [
        { path: "/etc/motd", content: "hello\n" },
        {
          path: "/bin/x",
          content: Buffer.from([0, 255]),
          permissions: "0755",
          owner: "app:app",
          append: true,
          defer: true,
        },
      ],
      runCommands: ["echo $(hostname) > /x", ["systemctl", "enable", "nginx"]],
      network: {
        lan: {
          matchMac: "52:54:00:00:00:01",
          addresses: ["10.1.0.5/24"],
          gateway4: "10.1.0.1",
          routes: [{ to: "10.2.0.0/16", via: "10.1.0.2" }],
          nameservers: ["10.1.0.1"],
        },
        ens4: { mtu: 9000 },
      },
      extra: { timezone: "Europe/Berlin" },
    });
    const { userData, metaData, networkConfig } = rendered(cloudInit);
    expect(userData.split("\n")[0]).toBe("#cloud-config");
    expect(read(userData)).toEqual({
      ssh_authorized_keys: [key],
      users: [
        "default",
        {
          name: "ops",
          groups: ["adm", "docker"],
          sudo: "ALL=(ALL) NOPASSWD:ALL",
          shell: "/bin/bash",
          lock_passwd: true,
          ssh_authorized_keys: [key],
        },
        { name: "app", sudo: "ALL=(app) ALL", lock_passwd: false, hashed_passwd: "$6$salt$hash" },
      ],
      package_update: true,
      packages: ["nginx", "curl"],
      write_files: [
        { path: "/etc/motd", content: "hello\n", permissions: "0644" },
        {
          path: "/bin/x",
          content: "AP8=",
          encoding: "b64",
          permissions: "0755",
          owner: "app:app",
          append: true,
          defer: true,
        },
      ],
      runcmd: ["echo $(hostname) > /x", ["systemctl", "enable", "nginx"]],
      timezone: "Europe/Berlin",
    });
    expect(read(metaData)).toEqual({ "instance-id": "web-1", "local-hostname": "www.example.org" });
    expect(read(networkConfig ?? "")).toEqual({
      version: 2,
      ethernets: {
        lan: {
          match: { macaddress: "52:54:00:00:00:01" },
          dhcp4: false,
          addresses: ["10.1.0.5/24"],
          routes: [
            { to: "0.0.0.0/0", via: "10.1.0.1" },
            { to: "10.2.0.0/16", via: "10.1.0.2" },
          ],
          nameservers: { addresses: ["10.1.0.1"] },
        },
        ens4: { dhcp4: true, mtu: 9000 },
      },
    });
  });

  it.each([
    "yes",
    "0644",
    "1:30",
    "null",
    "~",
    "a: b",
    "# no comment",
    "- x",
    "tab\there",
    "two\nlines\n",
    "  indented",
    "é",
  ])("renders %j so that YAML 1.1 reads the same string", (content) => {
    const { userData } = rendered(new CloudInit({ files: [{ path: "/x", content }] }));
    expect(read(userData)).toMatchObject({ write_files: [{ content }] });
  });

  it.each([
    ["cloud-config", "#cloud-config\npackages: [nginx]\nntp: { enabled: true }\n"],
    ["a script", "#!/bin/sh\necho ${HOME}\n"],
  ])("takes %s as the whole user data", (_kind, userData) => {
    expect(rendered(new CloudInit({ userData })).userData.replace(/\$\$\{/g, "${")).toBe(userData);
  });

  it("takes an object as the whole user data, whatever keys it has", () => {
    const existing = { packages: ["nginx"], users: ["default", { name: "ops", uid: "2000" }], ntp: { enabled: true } };
    const { userData } = rendered(new CloudInit({ userData: existing, vendorData: { timezone: "UTC" } }));
    expect(userData).toMatch(/^#cloud-config\n/);
    expect(read(userData)).toEqual(existing);
    expect(rendered(new CloudInit({ vendorData: { timezone: "UTC" } })).vendorData).toBe(
      "#cloud-config\ntimezone: UTC\n",
    );
  });

  it("renders several documents as MIME multipart", () => {
    const { userData } = rendered(
      new CloudInit({
        packages: ["nginx"],
        parts: [
          { content: "#!/bin/sh\necho kvm-fleet-part\n" },
          { content: "Write-Host", type: "text/x-shellscript", fileName: "setup.ps1" },
        ],
      }),
    );
    expect(userData).toBe(
      [
        'Content-Type: multipart/mixed; boundary="kvm-fleet-part-x"',
        "MIME-Version: 1.0",
        "",
        "--kvm-fleet-part-x",
        'Content-Type: text/cloud-config; charset="utf-8"',
        "MIME-Version: 1.0",
        'Content-Disposition: attachment; filename="part-001"',
        "",
        "#cloud-config\npackage_update: true\npackages:\n  - nginx\n",
        "--kvm-fleet-part-x",
        'Content-Type: text/x-shellscript; charset="utf-8"',
        "MIME-Version: 1.0",
        'Content-Disposition: attachment; filename="part-002"',
        "",
        "#!/bin/sh\necho kvm-fleet-part\n",
        "--kvm-fleet-part-x",
        'Content-Type: text/x-shellscript; charset="utf-8"',
        "MIME-Version: 1.0",
        'Content-Disposition: attachment; filename="setup.ps1"',
        "",
        "Write-Host",
        "--kvm-fleet-part-x--",
        "",
      ].join("\n"),
    );
    expect(rendered(new CloudInit({ parts: [{ content: "#!/bin/sh\n" }] })).userData).not.toContain("cloud-config");
  });

  it("renders IPv6, and every other setting of an interface", () => {
    const { networkConfig } = rendered(
      new CloudInit({
        network: {
          lan: {
            matchMac: "52:54:00:00:00:01",
            setName: "lan0",
            dhcp6: false,
            acceptRa: false,
            addresses: ["fd00:1::10/64"],
            gateway6: "fd00:1::1",
            routes: [{ to: "fd00:2::/64", via: "fe80::1", metric: 100, onLink: true }],
            nameservers: ["fd00:1::1"],
            searchDomains: ["example.org"],
            optional: true,
          },
        },
      }),
    );
    expect(read(networkConfig ?? "")).toEqual({
      version: 2,
      ethernets: {
        lan: {
          match: { macaddress: "52:54:00:00:00:01" },
          "set-name": "lan0",
          dhcp4: false,
          dhcp6: false,
          "accept-ra": false,
          addresses: ["fd00:1::10/64"],
          routes: [
            { to: "::/0", via: "fd00:1::1" },
            { to: "fd00:2::/64", via: "fe80::1", metric: 100, "on-link": true },
          ],
          nameservers: { search: ["example.org"], addresses: ["fd00:1::1"] },
          optional: true,
        },
      },
    });
  });

  it("takes any network configuration", () => {
    const bond = { version: 2, bonds: { bond0: { interfaces: ["eth0", "eth1"], dhcp4: true } } };
    expect(read(rendered(new CloudInit({ networkConfig: bond })).networkConfig ?? "")).toEqual(bond);
    expect(rendered(new CloudInit({ networkConfig: "version: 1\n" })).networkConfig).toBe("version: 1\n");
  });

  it("adds to the meta data", () => {
    const metaData = { "local-hostname": "www", "public-keys": [key] };
    expect(read(rendered(new CloudInit({ metaData })).metaData)).toEqual({ "instance-id": "web-1", ...metaData });
  });

  it("changes the instance id with the content, if it is to run again", () => {
    const instance = (props: CloudInitProps) =>
      (read(rendered(new CloudInit(props), true).metaData) as Record<string, string>)["instance-id"];
    const one = instance({ packages: ["nginx"] });
    expect(one).toMatch(/^web-1-[0-9a-f]{8}$/);
    expect(instance({ packages: ["nginx"] })).toBe(one);
    const others = [
      instance({ packages: ["curl"] }),
      instance({ packages: ["nginx"], vendorData: "#!/bin/sh\n" }),
      instance({ packages: ["nginx"], networkConfig: "version: 2\n" }),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
  });

  it("escapes template sequences of Terraform in a script", () => {
    const content = "echo ${HOME} %{http_code} $HOME $${x}\n";
    const { userData } = rendered(new CloudInit({ files: [{ path: "/x", content }] }));
    expect(userData).toContain("echo $${HOME} %%{http_code} $HOME $$${x}");
  });

  it("lets Terraform insert any value for a token", () => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    const secret = new TerraformVariable(stack, "secret", { type: "string" }).stringValue;
    new VirtualMachine(stack, "web-1", {
      host,
      image,
      memory: Size.gibibytes(1),
      cloudInit: new CloudInit({
        files: [
          { path: "/secret", content: secret },
          { path: "/script", content: `A="\${B}" # \\d ${secret}\n` },
        ],
      }),
    });
    const { cloud_init: data } = attributesOf(stack, "libvirt_seed.web-1_cloud-init_30B54304") ?? {};
    expect((data as { user_data: string }).user_data).toBe(
      [
        "#cloud-config",
        "write_files:",
        "  - path: /secret",
        '    content: "${substr(jsonencode(var.secret), 1, (length(jsonencode(var.secret)) - 2))}"',
        '    permissions: "0644"',
        "  - path: /script",
        '    content: "A=\\"$${B}\\" # \\\\d ${substr(jsonencode(var.secret), 1, (length(jsonencode(var.secret)) - 2))}\\n"',
        '    permissions: "0644"',
        "",
      ].join("\n"),
    );
  });

  it.each<[CloudInitProps, string]>([
    [
      { hostname: "web_1" },
      "'cloudInit.hostname' must be letters, digits and '-' with dots between, got 'web_1'; set it, or change the machine's name, which is its default",
    ],
    [
      { sshKeys: ["AAAA"] },
      "'cloudInit.sshKeys' must be public keys, got 'AAAA'; copy each from a file that ends with '.pub'",
    ],
    [
      { sshKeys: ["-----BEGIN OPENSSH PRIVATE KEY-----\nabc"] },
      "'cloudInit.sshKeys' must be public keys, got a private key; use the file that ends with '.pub'",
    ],
    [
      { users: [{ name: "Root!" }] },
      "'cloudInit.users.name' must be 1 to 32 lower-case letters, digits, '-' and '_', got 'Root!'; choose another name",
    ],
    [
      { users: [{ name: "ops" }, { name: "ops" }] },
      "'cloudInit.users' must have unique names, 'ops' is listed twice; merge the two",
    ],
    [
      { users: [{ name: "ops", sshKeys: ["x"] }] },
      "'cloudInit.users.sshKeys' must be public keys, got 'x'; copy each from a file that ends with '.pub'",
    ],
    [
      { users: [{ name: "ops", hashedPassword: "hunter2" }] },
      "'cloudInit.users.hashedPassword' must be a hash like '$6$…', got something else for 'ops'; create one with 'openssl passwd -6'",
    ],
    [
      { files: [{ path: "etc/motd", content: "" }] },
      "'cloudInit.files.path' must be an absolute path, got 'etc/motd'; begin it with '/'",
    ],
    [
      { files: [{ path: "/x", content: "", permissions: "rw" }] },
      "'cloudInit.files.permissions' must be octal digits, got 'rw'; write them like '0644'",
    ],
    [
      {
        files: [
          { path: "/x", content: "1" },
          { path: "/x", content: "2" },
          { path: "/x", content: "3", append: true },
        ],
      },
      "'cloudInit.files' must have unique paths, '/x' is listed twice; merge the two, or set 'append'",
    ],
    [
      { packages: ["nginx curl"] },
      "'cloudInit.packages' must be names of packages, got 'nginx curl'; list each by itself",
    ],
    [
      { userData: "#!/bin/sh\n", packages: ["nginx"] },
      "'cloudInit.packages' cannot be combined with 'cloudInit.userData', which is the whole document; add it to the document, or give the document as one of 'cloudInit.parts'",
    ],
    [
      { network: {}, networkConfig: "version: 2\n" },
      "'cloudInit.network' cannot be combined with 'cloudInit.networkConfig'; keep one of them",
    ],
    [
      { parts: [{ content: "echo hello" }] },
      "'cloudInit.parts.type' is required for a document that does not say what it is, got 'echo hello'; set it, or begin the document with '#cloud-config' or '#!'",
    ],
    [
      { network: { e: { addresses: ["10.0.0.300/24"] } } },
      "'cloudInit.network.addresses' must be addresses with a prefix length, got '10.0.0.300/24'; write it like '10.1.0.10/24' and 'fd00:1::10/64'",
    ],
    [
      { network: { e: { addresses: ["10.0.0.3"] } } },
      "'cloudInit.network.addresses' must be addresses with a prefix length, got '10.0.0.3'; write it like '10.1.0.10/24' and 'fd00:1::10/64'",
    ],
    [
      { network: { e: { addresses: ["10.0.0.3/33"] } } },
      "'cloudInit.network.addresses' must be addresses with a prefix length, got '10.0.0.3/33'; write it like '10.1.0.10/24' and 'fd00:1::10/64'",
    ],
    [
      { network: { e: { gateway4: "fd00::1" } } },
      "'cloudInit.network.gateway4' must be an IPv4 address, got 'fd00::1'; write it like '10.1.0.1'",
    ],
    [
      { network: { e: { gateway6: "10.0.0.1" } } },
      "'cloudInit.network.gateway6' must be an IPv6 address, got '10.0.0.1'; write it like 'fd00:1::1'",
    ],
    [
      { network: { e: { routes: [{ to: "10.0.0.0", via: "10.0.0.1" }] } } },
      "'cloudInit.network.routes.to' must be destinations with a prefix length, got '10.0.0.0'; write it like '10.2.0.0/16' and '::/0'",
    ],
    [
      { network: { e: { matchMac: "52:54" } } },
      "'cloudInit.network.matchMac' must be a MAC address, got '52:54'; write it like '52:54:00:12:34:56'",
    ],
    [
      { network: { e: { setName: "lan" } } },
      "'cloudInit.network.setName' requires 'matchMac', by which the guest finds the interface; set it",
    ],
    [
      { extra: { runcmd: ["x"] } },
      "'cloudInit.extra' must not contain 'runcmd'; use 'cloudInit.runCommands' instead, or give the whole document as 'cloudInit.userData'",
    ],
  ])("rejects %j", (props, message) => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, image, memory: Size.gibibytes(1), cloudInit: new CloudInit(props) });
    expect(errorsOf(stack)).toEqual([`${message} (at lab/web-1)`]);
  });
});
