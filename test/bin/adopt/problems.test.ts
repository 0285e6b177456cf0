import { planErrors, synthesisErrors } from "../../../bin/adopt/problems";

describe("the errors of the written code", () => {
  test("of a synthesis are known by the path of the construct", () => {
    const output = `'app' ended with exit code 1:
'memory' must be at least 64 MiB, got 16 MiB; raise it (at alpha/web-1)
'cidr' must not overlap, got 10.0.0.0/8; choose another (at alpha/alpha/lan)`;

    expect([...synthesisErrors(output)]).toEqual([
      ["alpha/web-1", "'memory' must be at least 64 MiB, got 16 MiB; raise it"],
      ["alpha/alpha/lan", "'cidr' must not overlap, got 10.0.0.0/8; choose another"],
    ]);
  });

  test("of a plan are known by the address of the resource", () => {
    const output = `
Error: Unable to read domain "web-1"

  with libvirt_domain.web-1,
  on cdk.tf.json line 12, in resource.libvirt_domain.web-1:
  12:       }

on alpha: the definition is not valid

╷
│ Error: Invalid value
│ 
│   with libvirt_pool.vms,
│ 
│ it must be absolute
╵
`;
    expect([...planErrors(output)]).toEqual([
      ["libvirt_domain.web-1", 'Unable to read domain "web-1": on alpha: the definition is not valid'],
      ["libvirt_pool.vms", "Invalid value: it must be absolute"],
    ]);
  });
});
