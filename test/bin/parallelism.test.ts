import { parallelism } from "../../bin/pipeline/parallelism";

describe("parallelism", () => {
  const member = { host: "alpha", rollout: { group: "web" } };
  const stack = (domains: Readonly<Record<string, typeof member | { host: string }>>) => ({
    configuration: { resource: { libvirt_domain: domains } },
  });

  test("leaves room for the machines of rolling groups that wait", () => {
    expect(parallelism(stack({ a: member, b: member, c: { host: "alpha" } }), {})).toEqual(["-parallelism=12"]);
  });

  test("is Terraform's own without a rolling group", () => {
    expect(parallelism(stack({ c: { host: "alpha" } }), {})).toEqual([]);
    expect(parallelism({ configuration: {} }, {})).toEqual([]);
  });

  test("is what the user has set", () => {
    expect(parallelism(stack({ a: member }), { TF_CLI_ARGS_apply: "-parallelism=3" })).toEqual([]);
  });
});
