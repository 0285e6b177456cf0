import { Cidr } from "../../../constructs";

describe("Cidr", () => {
  it("tells everything of a network", () => {
    const cidr = Cidr.parse("10.1.2.0/24");
    expect(cidr.prefix).toBe(24);
    expect(cidr.size).toBe(256);
    expect(cidr.hosts).toBe(254);
    expect(cidr.networkAddress).toBe("10.1.2.0");
    expect(cidr.broadcastAddress).toBe("10.1.2.255");
    expect(cidr.netmask).toBe("255.255.255.0");
    expect(cidr.toString()).toBe("10.1.2.0/24");
  });

  it.each([
    ["0.0.0.0/0", 4_294_967_294, "0.0.0.0", "255.255.255.255"],
    ["128.0.0.0/1", 2_147_483_646, "128.0.0.0", "255.255.255.255"],
    ["192.168.0.0/30", 2, "255.255.255.252", "192.168.0.3"],
    ["192.168.0.0/31", 0, "255.255.255.254", "192.168.0.1"],
    ["192.168.0.1/32", 0, "255.255.255.255", "192.168.0.1"],
  ])("holds at the edges: %s", (text, hosts, netmask, broadcast) => {
    const cidr = Cidr.parse(text);
    expect([cidr.hosts, cidr.netmask, cidr.broadcastAddress]).toEqual([hosts, netmask, broadcast]);
  });

  it("counts addresses from both ends", () => {
    const cidr = Cidr.parse("10.1.0.0/16");
    expect([0, 1, 256, -1, -2].map((index) => cidr.nth(index))).toEqual([
      "10.1.0.0",
      "10.1.0.1",
      "10.1.1.0",
      "10.1.255.255",
      "10.1.255.254",
    ]);
  });

  it("is divided into subnets", () => {
    const cidr = Cidr.parse("10.0.0.0/8");
    expect(cidr.subnet(16, 255).toString()).toBe("10.255.0.0/16");
    expect(cidr.subnet(8, 0).equals(cidr)).toBe(true);
  });

  it("knows what is in it", () => {
    const cidr = Cidr.parse("10.1.0.0/24");
    expect(cidr.contains("10.1.0.0")).toBe(true);
    expect(cidr.contains("10.1.0.255")).toBe(true);
    expect(cidr.contains("10.1.1.0")).toBe(false);
    expect(cidr.contains("no address")).toBe(false);
    expect(cidr.contains(Cidr.parse("10.1.0.128/25"))).toBe(true);
    expect(cidr.contains(Cidr.parse("10.0.0.0/8"))).toBe(false);
  });

  it.each([
    ["10.1.0.0/24", "10.1.0.0/24", true],
    ["10.1.0.0/24", "10.1.0.128/25", true],
    ["10.1.0.128/25", "10.1.0.0/24", true],
    ["10.1.0.0/24", "10.1.1.0/24", false],
  ])("%s and %s overlap: %s", (one, other, overlap) => {
    expect(Cidr.parse(one).overlaps(Cidr.parse(other))).toBe(overlap);
  });

  it.each([
    ["10.1.0.5/24", "a CIDR must begin with the network's first address, got '10.1.0.5/24'; write '10.1.0.0/24'"],
    ...["10.1.0.0", "10.1.0.0/33", "10.1.0/24", "10.1.0.256/32", "010.1.0.0/24", "fd00::/64", ""].map((text) => [
      text,
      `a CIDR must be an IPv4 address and a prefix length from 0 to 32, got '${text}'; write it like '10.1.0.0/24'`,
    ]),
  ])("refuses '%s'", (text, message) => {
    expect(() => Cidr.parse(text)).toThrow(message);
  });

  it.each([
    [4, "the index of an address in 10.1.0.0/30 must be a whole number from -4 to 3, got 4"],
    [-5, "the index of an address in 10.1.0.0/30 must be a whole number from -4 to 3, got -5"],
    [0.5, "the index of an address in 10.1.0.0/30 must be a whole number from -4 to 3, got 0.5"],
  ])("has no address %d", (index, message) => {
    expect(() => Cidr.parse("10.1.0.0/30").nth(index)).toThrow(message);
  });

  it.each([
    [7, 0, "the prefix of a subnet of 10.0.0.0/8 must be a whole number from 8 to 32, got 7"],
    [9, 2, "the index of a /9 in 10.0.0.0/8 must be a whole number from 0 to 1, got 2"],
  ])("has no subnet /%d at %d", (prefix, index, message) => {
    expect(() => Cidr.parse("10.0.0.0/8").subnet(prefix, index)).toThrow(message);
  });
});
