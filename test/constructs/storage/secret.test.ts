import { TerraformVariable, Testing } from "cdktf";
import { Host, Secret, type SecretProps } from "../../../constructs";
import { attributesOf, errorsOf, newStack, synthesize } from "../synthesis";

function alpha() {
  const stack = newStack();
  return { stack, host: new Host(stack, "alpha", { uri: "qemu:///system" }) };
}

describe("Secret", () => {
  it("reads its value from an ephemeral variable, which Terraform does not store in plans", () => {
    const { stack, host } = alpha();
    new Secret(stack, "san", { host, usage: "iscsi", variable: "san_password" });
    expect(attributesOf(stack, "libvirt_secret.san")).toEqual({
      host: "alpha",
      usage: "iscsi",
      name: "san",
      uuid: "e8bb981d-5aa9-824c-80a2-0cc41f70657c",
      value: "${var.san_password}",
      value_version: 1,
    });
    expect((synthesize(stack) as { variable?: unknown }).variable).toEqual({
      san_password: { type: "string", sensitive: true, nullable: false, ephemeral: true },
    });
  });

  it("renders every property", () => {
    const { stack, host } = alpha();
    const key = new TerraformVariable(stack, "key", { type: "string" });
    new Secret(stack, "disk", {
      host,
      usage: "volume",
      secretName: "/vms/web.qcow2",
      value: key.stringValue,
      version: 2,
      encoding: "base64",
      uuid: "11111111-0000-4000-8000-000000000001",
      description: "of web",
      private: true,
      ephemeral: true,
    });
    expect(attributesOf(stack, "libvirt_secret.disk")).toEqual({
      host: "alpha",
      usage: "volume",
      name: "/vms/web.qcow2",
      uuid: "11111111-0000-4000-8000-000000000001",
      description: "of web",
      private: true,
      ephemeral: true,
      value: "${var.key}",
      value_version: 2,
      value_encoding: "base64",
    });
  });

  it("can be created without a value, which is then set on the host", () => {
    const { stack, host } = alpha();
    new Secret(stack, "tpm", { host, usage: "vtpm" });
    expect(attributesOf(stack, "libvirt_secret.tpm")).not.toHaveProperty("value_version");
  });

  it("has the same UUID and the same value on each host", () => {
    const { stack, host } = alpha();
    const beta = new Host(stack, "beta", { uri: "qemu+tcp://beta/system" });
    const props = { usage: "ceph", secretName: "vms", variable: "ceph_key" } as const;
    new Secret(stack, "one", { host, ...props });
    new Secret(stack, "two", { host: beta, ...props });
    const [one, two] = ["one", "two"].map((id) => attributesOf(stack, `libvirt_secret.${id}`));
    expect(two).toEqual({ ...one, host: "beta" });
    expect(one).toMatchObject({ value: "${var.ceph_key}", value_encoding: "base64" });
    expect(errorsOf(stack)).toEqual([]);
  });

  it("refers to an existing secret", () => {
    const { stack, host } = alpha();
    const secretUuid = "11111111-0000-4000-8000-000000000001";
    expect(Secret.fromSecretAttributes(stack, "theirs", { host, secretUuid }).secretUuid).toBe(secretUuid);
    expect(synthesize(stack).resource).toBeUndefined();
  });

  it("does not write a literal value to the stack", () => {
    const { stack, host } = alpha();
    new Secret(stack, "san", { host, usage: "iscsi", value: "hush-hush" });
    expect(errorsOf(stack).join()).not.toContain("hush-hush");
    expect(Testing.synth(stack)).not.toContain("hush-hush");
  });

  it.each<[Omit<SecretProps, "host" | "usage"> & { usage?: SecretProps["usage"] }, string]>([
    [
      { value: "hush" },
      "'value' must be a reference, got text, which would be readable in cdk.tf.json; set 'variable' instead, and its value in the environment (at lab/san)",
    ],
    [
      { variable: "san-password" },
      "'variable' must be letters, digits and '_' and begin with a letter, got 'san-password'; name it like 'san_password' (at lab/san)",
    ],
    [
      { variable: "alpha" },
      "'variable' must not be the id of another construct, 'alpha' is already used by lab/alpha; choose another name (at lab/san)",
    ],
    [
      { variable: "a", version: 0 },
      "'version' must be a whole number of at least 1, got 0; increase it with each new value (at lab/san)",
    ],
    [{ uuid: "1" }, "'uuid' must be a UUID in lower case, got '1'; remove it to derive one (at lab/san)"],
    [{ secretName: "a/b" }, "'secretName' must not contain '/', got 'a/b'; replace it with '-' (at lab/san)"],
    [
      { usage: "volume" },
      "'secretName' must be an absolute path for usage 'volume', got 'san'; set the path of the volume (at lab/san)",
    ],
  ])("rejects %j", (props, message) => {
    const { stack, host } = alpha();
    new Secret(stack, "san", { host, usage: "iscsi", ...props });
    expect(errorsOf(stack)).toEqual([message]);
  });

  it("rejects two sources of its value, and two secrets with one name", () => {
    const { stack, host } = alpha();
    const key = new TerraformVariable(stack, "key", { type: "string" });
    new Secret(stack, "one", { host, usage: "iscsi", secretName: "san", value: key.stringValue, variable: "other" });
    new Secret(stack, "two", { host, usage: "iscsi", secretName: "san" });
    expect(errorsOf(stack)).toEqual([
      "'value' cannot be combined with 'variable'; remove one of them (at lab/one)",
      "iscsi secret name must be unique on host 'alpha', 'san' is already used by lab/one; rename one of them (at lab/two)",
    ]);
  });
});
