import { inventoryTable } from "../../bin/inventory-table";

const uri = "qemu:///system";
const web = { name: "web-1", uuid: "u", state: "running", vcpu: 2, memory: 262144, addresses: ["10.1.0.5"] };

describe("inventoryTable", () => {
  test("has a line for each VM", () => {
    const db = { ...web, name: "db", state: "stopped", memory: 2 * 1024 * 1024, addresses: [] };

    expect(inventoryTable({ hosts: [{ name: "alpha", uri, error: "", domains: [web, db] }] })).toBe(
      [
        "HOST   VM     STATE    VCPUS  MEMORY   ADDRESS",
        "alpha  web-1  running  2      256 MiB  10.1.0.5",
        "alpha  db     stopped  2      2 GiB    -",
      ].join("\n"),
    );
  });

  test("has a line for a host without VMs, and for one that cannot be reached", () => {
    const hosts = [
      { name: "alpha", uri, error: "", domains: [] },
      { name: "beta", uri, error: "connection refused", domains: [] },
    ];

    expect(inventoryTable({ hosts })).toBe(
      [
        "HOST   VM  STATE                VCPUS  MEMORY  ADDRESS",
        "alpha  -   no virtual machines",
        "beta   -   unreachable",
      ].join("\n"),
    );
  });

  test("shows memory in KiB if it is not a whole number of MiB", () => {
    expect(
      inventoryTable({ hosts: [{ name: "alpha", uri, error: "", domains: [{ ...web, memory: 1500 }] }] }),
    ).toContain("1500 KiB");
  });
});
