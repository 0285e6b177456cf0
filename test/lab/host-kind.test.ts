import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { hostKinds, kindOf, ownKind, packageList, parseHostRequests, settleKinds } from "../../lab/host-kind";
import { LabPaths } from "../../lab/paths";

const kinds = ["debian12", "debian13", "deep"];

describe("the kinds of hosts", () => {
  test("are this machine's own, and those with a list of packages", () => {
    expect(ownKind('PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\nID=debian\n')).toBe("debian12");
    expect(hostKinds("debian12")).toEqual(["debian12", "debian13", "deep"]);
    expect(hostKinds("debian13")).toEqual(["debian13", "deep"]);
    expect(packageList("debian13")).toBe(path.join(__dirname, "..", "..", "lab", "roots", "debian13.txt"));
  });

  test("are read from a list of hosts", () => {
    expect(parseHostRequests("alpha=debian12,beta,gamma=debian13,delta=deep", kinds)).toEqual([
      { name: "alpha", kind: "debian12" },
      { name: "beta" },
      { name: "gamma", kind: "debian13" },
      { name: "delta", kind: "deep" },
    ]);
  });

  test.each([
    ["many", "a lab's hosts are alpha, beta, gamma, ..., got 'many'; use these names"],
    ["alpha,", "a lab's hosts are alpha, beta, gamma, ..., got ''; use these names"],
    ["alpha=fedora", "the kind of a host must be one of debian12, debian13, deep, got 'fedora'"],
    ["alpha=", "the kind of a host must be one of debian12, debian13, deep, got ''"],
    ["alpha,beta,alpha=debian13", "each host must be named once, got 'alpha' twice; remove one"],
  ])("are not read from '%s'", (text, message) => {
    expect(() => parseHostRequests(text, kinds)).toThrow(new Error(message));
  });
});

describe("a host", () => {
  const checkout = mkdtempSync(path.join(tmpdir(), "kvm-fleet-kinds-"));
  const paths = new LabPaths("lab", checkout);

  afterAll(() => {
    rmSync(checkout, { recursive: true });
  });

  test("keeps its kind, and a lab with a conflict gets no host", () => {
    settleKinds(paths, [{ name: "alpha" }, { name: "beta", kind: "debian13" }]);
    settleKinds(paths, [{ name: "alpha" }, { name: "beta" }]);
    expect(["alpha", "beta", "gamma"].map((name) => kindOf(paths, name))).toEqual([ownKind(), "debian13", undefined]);
    const conflict = [{ name: "gamma" }, { name: "beta", kind: "debian12" }];
    expect(() => {
      settleKinds(paths, conflict);
    }).toThrow(
      new Error(
        "host 'beta' of lab 'lab' is debian13, got debian12; take the lab down first to change the kind of a host",
      ),
    );
    expect(kindOf(paths, "gamma")).toBeUndefined();
  });
});
