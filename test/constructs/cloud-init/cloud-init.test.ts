import { TerraformVariable } from "cdktf";
import { parse } from "yaml";
import { CloudInit, type CloudInitProps, Size, VirtualMachine } from "../../../constructs";
import { attributesOf, errorsOf, newStack, Site } from "../synthesis";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKnmCtQYtxi3aKvbnSQ85Cm ops@example.org";

/** Parses the text as cloud-init does: as YAML 1.1, after Terraform has replaced its escape sequences. */
function read(text: string): unknown {
  return parse(text.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{"), { version: "1.1" });
}

describe("CloudInit", () => {
  it("renders only the identity of the machine without properties", () => {
    expect(new CloudInit().render("web-1")).toEqual({
      userData: "#cloud-config\n{}\n",
      metaData: "instance-id: web-1\nlocal-hostname: web-1\n",
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
    const { userData, metaData, networkConfig } = cloudInit.render("web-1");
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
    const { userData } = new CloudInit({ files: [{ path: "/x", content }] }).render("web-1");
    expect(read(userData)).toMatchObject({ write_files: [{ content }] });
  });

  it("escapes template sequences of Terraform in a script", () => {
    const content = "echo ${HOME} %{http_code} $HOME $${x}\n";
    const { userData } = new CloudInit({ files: [{ path: "/x", content }] }).render("web-1");
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
    const userData = Object.values(attributesOf(stack, "libvirt_cloudinit_disk.web-1_cloud-init_30B54304") ?? {});
    expect(userData).toContain(
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
    [{ extra: { runcmd: ["x"] } }, "'cloudInit.extra' must not contain 'runcmd'; use 'cloudInit.runCommands' instead"],
  ])("rejects %j", (props, message) => {
    const stack = newStack();
    const { host, image } = new Site(stack);
    new VirtualMachine(stack, "web-1", { host, image, memory: Size.gibibytes(1), cloudInit: new CloudInit(props) });
    expect(errorsOf(stack)).toEqual([`${message} (at lab/web-1)`]);
  });
});
