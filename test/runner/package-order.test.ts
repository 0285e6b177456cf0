import { packageOrderViolations, readPackages } from "./package-order";

const order = ["domain", "domain/power", "domain/schema"];

/** Parses packages from the output format of `go list`. */
function listed(...lines: readonly string[]) {
  return readPackages(
    lines.map((line) => line.replace(/(domain\S*)/g, "example.org/provider/internal/$1")).join("\n") + "\n",
  );
}

describe("the order of Go packages", () => {
  test("accepts imports of lower packages, and of packages that are not in the order", () => {
    const packages = listed("domain fmt domain/power", "domain/power domain/schema", "domain/schema strings");

    expect(packageOrderViolations(packages, order)).toEqual([]);
  });

  test("rejects an import of a higher package", () => {
    const packages = listed("domain fmt", "domain/power domain/schema", "domain/schema domain/power");

    expect(packageOrderViolations(packages, order)).toEqual([
      "package 'domain/schema' must not import 'domain/power': the order is domain > domain/power > domain/schema",
    ]);
  });

  test("rejects a package without a place in the order, unless only tests import it", () => {
    const packages = listed("domain", "domain/power", "domain/schema", "domain/domaintest domain");

    expect(packageOrderViolations(packages, order)).toEqual([
      "package 'domain/domaintest' must have a place in the order domain > domain/power > domain/schema; add it",
    ]);
    expect(packageOrderViolations(packages, order, ["domain/domaintest"])).toEqual([]);
  });

  test("rejects an order that names a package which does not exist", () => {
    expect(packageOrderViolations(listed("domain", "domain/power"), order)).toEqual([
      "package 'domain/schema' must exist, since the order names it; remove it from the order",
    ]);
  });
});
