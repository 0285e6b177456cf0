import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Command, Option } from "commander";
import { version } from "../../package.json";
import { type Facts, findFacts, type Forge, isInstalled, runs } from "../init/facts";
import { initialHosts } from "../init/hosts";
import { pipelineFile } from "../init/pipeline-file";
import { app, cdktfJson, gitignore, ignored, mainTs, tsconfigJson } from "../init/project-files";
import { PackagedProvider } from "../pipeline/packaged-provider";

/** A file that `init` writes if it does not exist. */
interface InitialFile {
  readonly path: string;
  readonly content: string;
  /** What a file that exists lacks; undefined where nothing is missing. */
  readonly missing?: (content: string) => string | undefined;
}

export function addInit(program: Command): void {
  program
    .command("init")
    .description("write the first files of a project into the current folder; files that exist are left alone")
    .argument("[uri...]", "URIs of hosts, as virsh accepts them (default: the one that virsh uses, or this machine)")
    .addOption(
      new Option(
        "--pipeline <forge>",
        "write the file of a pipeline for this forge (default: that of the repository)",
      ).choices(["github", "gitlab", "none"]),
    )
    .action((uris: string[], options: { pipeline?: Forge | "none" }) => {
      const facts = findFacts(process.cwd());
      PackagedProvider.check();
      const { hosts, isExample } = initialHosts(uris);
      const forge = options.pipeline ?? facts.forge ?? "github";
      const files: readonly InitialFile[] = [
        { path: "cdktf.json", content: cdktfJson(), missing: missingApp },
        { path: "tsconfig.json", content: tsconfigJson(facts) },
        { path: "main.ts", content: mainTs(facts, hosts) },
        { path: ".gitignore", content: gitignore(), missing: missingIgnored },
        ...(forge === "none" ? [] : [pipeline(forge, facts)]),
      ];
      for (const file of files) {
        console.log(write(facts.folder, file));
      }
      console.log(["", ...nextSteps(facts, isExample)].join("\n"));
    });
}

function pipeline(forge: Forge, facts: Facts): InitialFile {
  const { path, content } = pipelineFile(forge, facts);
  return { path: join(relative(facts.folder, facts.repository), path), content };
}

/** @returns what was done with the file */
function write(folder: string, { path, content, missing }: InitialFile): string {
  const file = join(folder, path);
  if (existsSync(file)) {
    const advice = missing?.(readFileSync(file, "utf8"));
    return `left alone  ${path}${advice === undefined ? "" : `: ${advice}`}`;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return `wrote       ${path}`;
}

function missingApp(content: string): string | undefined {
  return content.includes("kvm-fleet/app") ? undefined : `set "app" to "${app}"`;
}

function missingIgnored(content: string): string | undefined {
  const lines = content.split("\n").map((line) => line.trim().replace(/^\/|\/$/g, ""));
  const missing = ignored.filter((line) => !lines.includes(line.replace(/\/$/, "")));
  return missing.length === 0 ? undefined : `add ${missing.map((line) => `'${line}'`).join(", ")}`;
}

function nextSteps({ folder, engine, packageManager }: Facts, isExample: boolean): readonly string[] {
  const command = `${runs[packageManager]} kvm-fleet`;
  const bindings = "@cdktf/provider-libvirt";
  return [
    "Next:",
    ...(engine === undefined ? ["  install terraform or tofu; neither is on the PATH"] : []),
    ...(isExample ? ["  name your own host in main.ts"] : []),
    `  ${command} plan      what a deployment would change`,
    `  ${command} deploy    change it`,
    // Not every package manager makes the packages of a package importable.
    ...(isInstalled(bindings, folder)
      ? []
      : [`To import ${bindings}, add it: pnpm add ${bindings}@npm:@kvm-fleet/provider-libvirt@${version}`]),
  ];
}
