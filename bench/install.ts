import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { thisPlatform } from "../bin/pipeline/platform";
import { CHECKOUT } from "../lab/paths";
import { terraformBinary } from "../lab/terraform-binary";
import type { Figure, Finding, Setting } from "./figure";
import { inTurn, median } from "./statistics";

const MEGABYTE = 1e6;

/** What kvm-fleet may take longer than terraform, besides its share: Node.js starts, and the app is run. */
const START = 1;

/** Measures the npm packages: their sizes, the way from an empty folder to a plan, and what a plan takes beyond terraform's. */
export const install: Figure = {
  name: "install",
  hosts: 1,

  async measure({ hosts, folder, quick, report }: Setting): Promise<Finding[]> {
    report("install: packing");
    const archives = path.join(folder, "archives");
    seconds(CHECKOUT, "npm", ["run", "--silent", "pack", "--", "--platforms", thisPlatform(), "--output", archives]);
    const files = fs.readdirSync(archives).map((name) => path.join(archives, name));
    const project = path.join(folder, "shop");
    fs.mkdirSync(project);
    seconds(project, "npm", ["init", "-y"]);

    report("install: from an empty folder to a plan");
    const packages = [...files.map(packageOf), "cdktf", "constructs"];
    const toPlan =
      seconds(project, "npm", ["install", "--no-audit", "--no-fund", ...packages]) +
      seconds(project, "npx", ["kvm-fleet", "init", ...hosts.map(({ uri }) => uri)]) +
      seconds(project, "npx", ["kvm-fleet", "plan"]);

    report("install: plans of kvm-fleet and of terraform, in turn");
    const command = path.join(project, "node_modules", ".bin", "kvm-fleet");
    const stack = path.join(project, "cdktf.out", "stacks", "shop");
    const rounds = await inTurn(quick ? 1 : 7, {
      ours: () => Promise.resolve(seconds(project, command, ["plan"])),
      theirs: () => Promise.resolve(seconds(stack, terraformBinary(), ["plan", "-detailed-exitcode"])),
    });
    const [ours, theirs] = [median(rounds.map((round) => round.ours)), median(rounds.map((round) => round.theirs))];
    return [
      {
        what: `plan of kvm-fleet less ${START} s / of terraform`,
        value: (ours - START) / theirs,
        unit: "x",
        bar: { atMost: 1.2 },
      },
      { what: "plan of kvm-fleet", value: ours, unit: "s" },
      { what: "plan of terraform", value: theirs, unit: "s" },
      { what: "from 'npm install' to the plan", value: toPlan, unit: "s" },
      { what: "node_modules of a project", value: sizeOf(path.join(project, "node_modules")), unit: "MB" },
      ...files.flatMap((file) => sizes(project, file)),
    ];
  },
};

/** The argument with which npm installs an archive. The bindings have the name by which stacks import them. */
function packageOf(file: string): string {
  return path.basename(file).startsWith("kvm-fleet-provider-libvirt-") ? `@cdktf/provider-libvirt@file:${file}` : file;
}

/** The sizes of an archive, and of what it contains. */
function sizes(project: string, file: string): Finding[] {
  const name = path.basename(file).replace(/-\d.*$/, "");
  const folder = { "kvm-fleet": "kvm-fleet", "kvm-fleet-provider-libvirt": "@cdktf/provider-libvirt" }[name];
  const installed = folder ?? name.replace("kvm-fleet-", "@kvm-fleet/");
  return [
    { what: `${name}, download`, value: fs.statSync(file).size / MEGABYTE, unit: "MB" },
    { what: `${name}, unpacked`, value: sizeOf(path.join(project, "node_modules", installed)), unit: "MB" },
  ];
}

/** The size of the files below a folder, in megabytes. */
function sizeOf(folder: string): number {
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = files.map(({ parentPath, name }) => fs.statSync(path.join(parentPath, name)).size);
  return bytes.reduce((sum, size) => sum + size, 0) / MEGABYTE;
}

/** Runs a command that ends with exit code 0, or with 2 where a plan has changes. @returns how many seconds it took */
function seconds(cwd: string, command: string, args: readonly string[]): number {
  const began = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: Infinity });
  if (error !== undefined) throw error;
  const isPlan = args.includes("plan");
  if (status !== 0 && !(isPlan && status === 2)) {
    throw new Error(`'${[command, ...args].join(" ")}' ended with exit code ${String(status)}:\n${stdout}${stderr}`);
  }
  return (performance.now() - began) / 1000;
}
