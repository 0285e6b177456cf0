import { hostIndex, hostNames, validateLabName } from "../../lab/names";

describe("host names", () => {
  test("are the letters of the Greek alphabet, then numbers", () => {
    const names = hostNames(26);
    expect(names.slice(0, 3)).toEqual(["alpha", "beta", "gamma"]);
    expect(names.slice(23)).toEqual(["omega", "h25", "h26"]);
  });

  test("have an index", () => {
    const names = hostNames(250);
    expect(names.map(hostIndex)).toEqual(names.map((_, index) => index));
    expect(["fabric", "h24", "h025", "h251", ""].map(hostIndex)).toEqual(Array(5).fill(undefined));
  });

  test.each([0, -1, 1.5, 251])("cannot be generated for %p hosts", (count) => {
    expect(() => hostNames(count)).toThrow(new Error(`a lab has 1 to 250 hosts, got ${count}`));
  });
});

describe("a lab's name", () => {
  test.each(["lab", "a", "bench-2", "x".repeat(32)])("can be '%s'", (name) => {
    expect(() => {
      validateLabName(name);
    }).not.toThrow();
  });

  test.each(["", "Lab", "2nd", "a_b", "../x", "x".repeat(33)])("cannot be '%s'", (name) => {
    expect(() => {
      validateLabName(name);
    }).toThrow(
      new Error(
        `a lab's name is up to 32 lower-case letters, digits and dashes, starting with a letter, got '${name}'`,
      ),
    );
  });
});
