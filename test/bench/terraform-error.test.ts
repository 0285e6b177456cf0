import { firstError } from "../../bench/terraform-error";

describe("firstError", () => {
  test("returns the first error without its location in the configuration", () => {
    const output = `
Error: Unable to define domain "vm-0001"

  with libvirt_domain.vm-0001,
  on main.tf.json line 1, in resource.libvirt_domain.vm-0001:
   1: {"resource":${"x".repeat(250_000)}}

on alpha: the host has no domains of type "kvm"

Error: Unable to define domain "vm-0002"

on beta: the same
`;
    expect(firstError(output)).toBe(
      'Unable to define domain "vm-0001" on alpha: the host has no domains of type "kvm"',
    );
  });

  test("removes the frame", () => {
    expect(firstError("╷\n│ Error: Invalid value\n│ \n│   on main.tf.json line 3:\n│ too large\n╵\n")).toBe(
      "Invalid value too large",
    );
  });

  test("returns the last line of output that contains no error", () => {
    expect(firstError("Planning ...\nkilled\n")).toBe("killed");
  });
});
