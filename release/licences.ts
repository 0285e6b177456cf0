import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { checkout } from "./checkout";
import { goEnvironment } from "./go-build";
import type { BuildPlatform } from "./platforms";

/** The names of files with licences and notices. */
const licenceFile = /^(licen[cs]e|copying|notice|patents)([.-].*)?$/i;

const provider = join(checkout, "provider");

/** A folder of a module whose licences apply to what is compiled in. */
interface Folder {
  /** The module, with its version. */
  readonly module: string;
  readonly root: string;
  readonly folder: string;
}

/**
 * The licences and notices of everything that is compiled into the provider for a platform and into its probes.
 *
 * @throws Error if a module has no licence
 */
export function licences(platform: BuildPlatform): string {
  const folders = [
    goItself(),
    ...foldersOf(".", platform),
    ...foldersOf("./probe", { goos: "linux", goarch: platform.goarch }),
  ];
  const texts = new Map<string, string>();
  for (const module of new Set(folders.map((each) => each.module))) {
    const files = folders.filter((each) => each.module === module).flatMap(licenceFiles);
    if (files.length === 0) {
      throw new Error(`${module} has no licence in its folder; add where it is to release/licences.ts`);
    }
    for (const { title, file } of files) texts.set(title, readFileSync(file, "utf8"));
  }
  const line = "=".repeat(80);
  return [...texts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([title, text]) => `${line}\n${title}\n${line}\n\n${text.trimEnd()}\n`)
    .join("\n");
}

function goItself(): Folder {
  const [root = "", version = ""] = go(["env", "GOROOT", "GOVERSION"]).split("\n");
  return { module: `Go ${version.replace("go", "")}`, root, folder: root };
}

/** The folders of the packages that a program consists of, but for those of this project and of Go. */
function foldersOf(program: string, platform: Pick<BuildPlatform, "goos" | "goarch">): readonly Folder[] {
  const format = "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}";
  return go(["list", "-deps", "-f", format, program], goEnvironment(platform))
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => {
      const [module = "", root = "", folder = ""] = text.split("\t");
      return { module, root, folder };
    });
}

/** The licences in a folder and in those above it, up to the module's root. */
function licenceFiles({ module, root, folder }: Folder): readonly { readonly title: string; readonly file: string }[] {
  const here = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && licenceFile.test(entry.name))
    .map(({ name }) => {
      const file = join(folder, name);
      return { title: `${module}: ${relative(root, file)}`, file };
    });
  return folder === root ? here : [...here, ...licenceFiles({ module, root, folder: dirname(folder) })];
}

function go(args: readonly string[], env = process.env): string {
  return execFileSync("go", args, { cwd: provider, encoding: "utf8", env });
}
