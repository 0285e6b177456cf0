import { TerraformVariable, Testing } from "cdktf";
import { Host, StoragePool } from "../../../constructs";
import { errorsOf, newStack, synthesize } from "../synthesis";

function notReachedBy(uri: string): string {
  return (
    "'uri' must be like 'qemu:///system', 'qemu+unix:///system?socket=/path', 'qemu+ssh://[user@]host[:port]/system', " +
    "'qemu+tls://host[:port]/system', 'qemu+tcp://host[:port]/system' or 'qemu:///session', " +
    `got '${uri}'; use one of these forms, with parameters of its transport (at lab/alpha)`
  );
}

describe("Host", () => {
  it("shares one provider block with all hosts of its stack", () => {
    const stack = newStack();
    const alpha = new Host(stack, "alpha", { uri: "qemu+tcp://alpha/system" });
    new Host(stack, "Rack-2.b", { uri: "qemu:///system?socket=/run/b", accelerator: "qemu" });
    expect(alpha.accelerator).toBe("kvm");
    expect(synthesize(stack)).toMatchObject({
      provider: {
        libvirt: [
          {
            hosts: {
              alpha: { uri: "qemu+tcp://alpha/system" },
              "Rack-2.b": { uri: "qemu:///system?socket=/run/b" },
            },
          },
        ],
      },
      terraform: { required_providers: { libvirt: { source: "registry.terraform.io/kvm-fleet/libvirt" } } },
    });
  });

  it("accepts a name that differs from the id of its construct", () => {
    const stack = newStack();
    const host = new Host(stack, "first", { uri: "qemu:///system", hostName: "alpha" });
    expect(host.hostName).toBe("alpha");
    expect(synthesize(stack).provider).toEqual({ libvirt: [{ hosts: { alpha: { uri: "qemu:///system" } } }] });
  });

  it("renders the URI and the address of incoming migrations", () => {
    const stack = newStack();
    const migrationUri = "qemu+tls://alpha.example.org/system";
    new Host(stack, "alpha", { uri: "qemu:///system", migrationUri, migrationAddress: "10.9.0.1" });
    new Host(stack, "beta", { uri: "qemu+tcp://beta/system", migrationAddress: "[fd00::2]" });
    expect(errorsOf(stack)).toEqual([]);
    expect(synthesize(stack).provider).toEqual({
      libvirt: [
        {
          hosts: {
            alpha: { uri: "qemu:///system", migration_uri: migrationUri, migration_address: "10.9.0.1" },
            beta: { uri: "qemu+tcp://beta/system", migration_address: "[fd00::2]" },
          },
        },
      ],
    });
  });

  it("renders how far its memory may be overcommitted", () => {
    const stack = newStack();
    new Host(stack, "alpha", { uri: "qemu:///system", memoryOvercommit: 150 });
    expect(synthesize(stack).provider).toEqual({
      libvirt: [{ hosts: { alpha: { uri: "qemu:///system", memory_overcommit: 150 } } }],
    });
  });

  it("rejects an overcommitment of no memory", () => {
    const stack = newStack();
    new Host(stack, "alpha", { uri: "qemu:///system", memoryOvercommit: 0 });
    expect(errorsOf(stack)).toEqual([
      "'memoryOvercommit' must be a whole number from 1 to 10000, got 0; choose a number in this range (at lab/alpha)",
    ]);
  });

  it.each([
    [
      { migrationUri: "qemu:///system" },
      "'migrationUri' must be a remote URI with a host, got 'qemu:///system'; write it like 'qemu+tls://alpha.example.org/system' (at lab/alpha)",
    ],
    [
      { migrationAddress: "tcp://10.9.0.1" },
      "'migrationAddress' must be a host name or an IP address, got 'tcp://10.9.0.1'; remove the other parts of the URI (at lab/alpha)",
    ],
  ])("rejects the migration target %j", (props, message) => {
    const stack = newStack();
    new Host(stack, "alpha", { uri: "qemu:///system", ...props });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("passes on a URI that Terraform resolves", () => {
    const stack = newStack();
    const uri = new TerraformVariable(stack, "uri", { type: "string" }).stringValue;
    new Host(stack, "alpha", { uri });
    expect(synthesize(stack).provider).toEqual({ libvirt: [{ hosts: { alpha: { uri: "${var.uri}" } } }] });
  });

  it.each([
    "qemu:///system",
    "qemu:///system?socket=/run/libvirt/libvirt-sock",
    "qemu+unix:///system?socket=/run/x",
    "qemu+tcp://alpha.example.org/system",
    "qemu+tcp://10.0.0.1:16509/system",
    "qemu+tcp://[fd00::1]/system",
    "qemu:///system?mode=direct",
    "qemu+tls://alpha.example.org/system",
    "qemu://alpha.example.org:16514/system?pkipath=/home/me/pki&no_verify=1",
    "qemu+ssh://alpha/system",
    "qemu+ssh://root@[fd00::1]:2222/system",
    "qemu+ssh://alpha/system?keyfile=~/.ssh/fleet&known_hosts=/etc/fleet/known_hosts&known_hosts_verify=auto",
    "qemu+ssh://alpha/system?socket=/run/libvirt/virtqemud-sock&no_verify=1&no_tty=1&mode=auto",
    "qemu:///session",
    "qemu+ssh://me@alpha/session",
    "qemu+ssh://alpha/system?command=/opt/ssh&sshauth=agent,privkey&proxy=netcat&netcat=/bin/nc",
  ])("accepts the URI '%s'", (uri) => {
    const stack = newStack();
    new Host(stack, "alpha", { uri });
    expect(errorsOf(stack)).toEqual([]);
  });

  it.each([
    "",
    "alpha",
    "qemu+tcp://alpha/session",
    "qemu+tcp:///system",
    "qemu+tcp://root@alpha/system",
    "qemu+tcp://alpha/system?socket=/run/x",
    "qemu+ssh:///system",
    "qemu+ssh://alpha/system?pkipath=/home/me/pki",
    "qemu+ssh://alpha:ssh/system",
    "qemu+tls://alpha/system?keyfile=/x",
    "qemu+libssh2://alpha/system",
    "xen:///system",
  ])("rejects the URI '%s'", (uri) => {
    const stack = newStack();
    new Host(stack, "alpha", { uri });
    expect(errorsOf(stack)).toEqual([notReachedBy(uri)]);
  });

  it("hides a password in the error message", () => {
    const stack = newStack();
    new Host(stack, "alpha", { uri: "qemu+ssh://root:secret@alpha/system" });
    expect(errorsOf(stack)).toEqual([notReachedBy("qemu+ssh://root:***@alpha/system")]);
  });

  it.each([
    ["a/b", "'hostName' must not contain '/', got 'a/b'; replace it with '-' (at lab/alpha)"],
    ["", "'hostName' must not be empty, got ''; remove it to use the construct's id (at lab/alpha)"],
  ])("rejects the name '%s'", (hostName, message) => {
    const stack = newStack();
    new Host(stack, "alpha", { uri: "qemu:///system", hostName });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("rejects a name or URI that another host of the stack uses", () => {
    const stack = newStack();
    new Host(stack, "alpha", { uri: "qemu+tcp://alpha/system" });
    new Host(stack, "beta", { uri: "qemu+tcp://beta/system", hostName: "alpha" });
    new Host(stack, "gamma", { uri: "qemu+tcp://alpha/system" });
    expect(errorsOf(stack)).toEqual([
      "'hostName' must be unique, 'alpha' is already used by lab/alpha; rename one of them (at lab/beta)",
      "'uri' must be unique, 'qemu+tcp://alpha/system' is already used by lab/alpha; use that Host instead (at lab/gamma)",
    ]);
  });

  it("can be added to several stacks, but cannot be used by another stack", () => {
    const app = Testing.app();
    const stack = newStack("lab", app);
    const other = newStack("other", app);
    const host = new Host(stack, "alpha", { uri: "qemu:///system" });
    new Host(other, "alpha", { uri: "qemu:///system" });
    expect(errorsOf(stack)).toEqual([]);
    new StoragePool(other, "pool", { host, path: "/pool" });
    expect(errorsOf(other)).toEqual([
      "'host' must be a Host of stack 'other', got 'alpha' of 'lab'; add a Host with the same 'uri' to this stack (at other/pool)",
    ]);
  });
});
