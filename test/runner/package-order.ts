/** A Go package and its imports, as paths below the provider's `internal/`. */
export interface GoPackage {
  readonly name: string;
  readonly imports: readonly string[];
}

/** The packages of a libvirt domain in import order: each package may import only the packages after it. */
export const DOMAIN_ORDER = [
  "domain",
  "domain/forecast",
  "domain/power",
  "domain/hotplug",
  "domain/observe",
  "domain/schema",
];

/** The packages of the domain that only tests import. */
export const DOMAIN_TEST_PACKAGES = ["domain/domaintest"];

/**
 * Returns the violations of a package order.
 *
 * @param order packages that share their first folder, highest first
 * @param outside packages in that folder that the order does not apply to
 */
export function packageOrderViolations(
  packages: readonly GoPackage[],
  order: readonly string[],
  outside: readonly string[] = [],
): string[] {
  const folder = order[0]?.split("/")[0] ?? "";
  const own = packages.filter(({ name }) => name === folder || name.startsWith(`${folder}/`));
  const names = new Set(own.map(({ name }) => name));
  return [
    ...order
      .filter((name) => !names.has(name))
      .map((name) => `package '${name}' must exist, since the order names it; remove it from the order`),
    ...own.flatMap(({ name, imports }) => {
      if (outside.includes(name)) {
        return [];
      }
      const place = order.indexOf(name);
      if (place < 0) {
        return [`package '${name}' must have a place in the order ${order.join(" > ")}; add it`];
      }
      return imports
        .filter((imported) => order.includes(imported) && order.indexOf(imported) <= place)
        .map((imported) => `package '${name}' must not import '${imported}': the order is ${order.join(" > ")}`);
    }),
  ];
}

/** Reads the output of `go list -f '{{.ImportPath}} {{join .Imports " "}}'`. */
export function readPackages(output: string): GoPackage[] {
  const short = (path: string) => path.replace(/^.*\/internal\//, "");
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [path = "", ...imports] = line.split(" ");
      return { name: short(path), imports: imports.map(short) };
    });
}
