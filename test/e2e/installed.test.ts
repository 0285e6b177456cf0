import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { thisPlatform } from "../../bin/pipeline/platform";
import { type LabHost, load } from "../../lab";
import { version } from "../../package.json";
import { npmPack } from "../../release/npm-pack";
import { npmPlatforms, selectPlatforms } from "../../release/platforms";
import { buildPlugins } from "../../release/plugins";
import { blocksIn } from "../docs/markdown";
import { runsLongTests } from "./long";
import type { Ran } from "./newcomer";
import { NpmRegistry } from "./npm-registry";
import { SshServer } from "./ssh-server";
import { terraformPrograms } from "./terraform-programs";
import { UserProject } from "./user-project";

jest.setTimeout(600_000);

/** An address at which nothing answers. A plan with it creates everything. */
const UNREACHABLE = "qemu+tcp://127.0.0.1:1/system";
const CHECKOUT = path.join(__dirname, "..", "..");
const CDKTF = path.join(CHECKOUT, "node_modules", ".bin", "cdktf");
const labName = process.env.KVM_FLEET_LAB_NAME ?? "test";
const asRoot = { asRoot: true };
const isRoot = process.getuid?.() === 0;

const archives = fs.mkdtempSync(path.join(os.tmpdir(), "archives-"));
let registry: NpmRegistry;

beforeAll(async () => {
  const work = path.join(archives, "work");
  const plugins = buildPlugins(selectPlatforms(npmPlatforms, thisPlatform()), work);
  npmPack({ plugins, work, output: archives, report: () => undefined });
  registry = await NpmRegistry.start(archives);
});

afterAll(() => {
  registry.stop();
  fs.rmSync(archives, { recursive: true });
});

/** Fails with the output of a command that ended with another exit code. */
async function ending(code: number, running: Promise<Ran>): Promise<string> {
  const ran = await running;
  if (ran.code !== code) {
    throw new Error(`it ended with exit code ${String(ran.code)}, not ${code}:\n${ran.stdout}\n${ran.stderr}`);
  }
  return ran.stdout;
}

/** The files of an archive, and the folder of their contents. */
function unpack(name: string): { readonly folder: string; readonly files: readonly string[] } {
  const archive = fs.readdirSync(archives).find((file) => file.startsWith(`${name}-0`) && file.endsWith(".tgz"));
  const folder = path.join(archives, "unpacked", name);
  fs.mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", path.join(archives, archive ?? name), "--strip-components=1", "-C", folder]);
  const all = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return { folder, files: all.map(({ parentPath, name: file }) => path.relative(folder, path.join(parentPath, file))) };
}

describe("the archives", () => {
  test.each(["kvm-fleet", "kvm-fleet-provider-libvirt", `kvm-fleet-provider-${thisPlatform()}`])(
    "of %s have no install script, no test, and no path of the machine that built them",
    (name) => {
      const { folder, files } = unpack(name);

      const { scripts } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as {
        scripts?: object;
      };
      expect(scripts).toBeUndefined();
      expect(files.filter((file) => /\.test\.|\.go$|(?<!\.d)\.ts$/.test(file))).toEqual([]);
      const withPath = files.filter((file) => fs.readFileSync(path.join(folder, file)).includes(CHECKOUT));
      expect(withPath).toEqual([]);
    },
  );

  test("have declarations and a source map for each module, and refer to no certain library", () => {
    const { folder, files } = unpack("kvm-fleet");
    const modules = files.filter((file) => file.endsWith(".js") && file.includes("/"));

    expect(modules.length).toBeGreaterThan(100);
    for (const file of modules) {
      expect(files).toContain(file.replace(/\.js$/, ".d.ts"));
      expect(files).toContain(`${file}.map`);
      for (const each of [file, file.replace(/\.js$/, ".d.ts")]) {
        expect(fs.readFileSync(path.join(folder, each), "utf8")).not.toMatch(/(from|require\(|import\() ?"cdktf"/);
      }
    }
  });
});

function labHost(): LabHost {
  const host = load(labName).hosts[0];
  if (host === undefined) throw new Error(`lab '${labName}' must have a host`);
  return host;
}

/** Installs kvm-fleet with a library, as its user would. */
async function install(project: UserProject, library: string): Promise<void> {
  await ending(0, project.run("npm", "init", "-y"));
  await ending(0, project.run("npm", "install", "kvm-fleet", library, "constructs"));
}

describe.each(["cdktf", "cdktn"])("a project with %s", (library) => {
  let project: UserProject;

  beforeAll(async () => {
    project = new UserProject("shop", registry.url);
    await install(project, library);
  });

  afterAll(() => {
    project.leave();
  });

  test("needs neither Go nor the other library", async () => {
    expect(await project.run("sh", "-c", "command -v go")).toMatchObject({ code: 127 });
    const other = library === "cdktf" ? "cdktn" : "cdktf";
    expect(fs.existsSync(path.join(project.folder, "node_modules", other))).toBe(false);
  });

  test("gets its first files from 'init'", async () => {
    const output = await ending(0, project.run("npx", "kvm-fleet", "init", UNREACHABLE));

    expect(output).toMatch(
      /wrote +cdktf\.json\nwrote +tsconfig\.json\nwrote +main\.ts\nwrote +\.gitignore\nwrote +\.github/,
    );
    expect(project.read("main.ts")).toContain(`from "${library}"`);
  });

  test("imports the bindings by both names", async () => {
    project.edit(
      "main.ts",
      "\nconst app",
      `import { Pool } from "@cdktf/provider-libvirt";
import * as own from "kvm-fleet/provider-libvirt";

if (own.Pool !== Pool) throw new Error("there are two copies of the bindings");
const app`,
    );
    project.edit(
      "main.ts",
      "app.synth();",
      'new Pool(stack, "more", { host: Object.keys(hosts)[0]!, name: "more", path: "/var/lib/libvirt/images/more" });\napp.synth();',
    );

    await ending(0, project.run("npx", "tsc"));
  });

  test("plans with kvm-fleet, and writes nothing to the home directory", async () => {
    expect(await ending(2, project.run("npx", "kvm-fleet", "plan"))).toContain("Plan: 3 to add");
    expect(project.filesInHome).toEqual([]);
  });

  test("plans with cdktf's command line", async () => {
    expect(await ending(0, project.runWith(asRoot, CDKTF, "diff"))).toContain("3 to add");
  });

  if (library === "cdktn") {
    test("plans with cdktn's command line, on Node.js 22", async () => {
      const packages = ["cdktn-cli@0.24.0", `node-${thisPlatform()}@22.23.3`];
      await ending(0, project.run("npm", "install", "--save-dev", ...packages));

      // npx finds the project's Node.js, too.
      expect(await ending(0, project.run("npx", "node", "--version"))).toMatch(/^v22\./);
      expect(await ending(0, project.run("npx", "cdktn", "diff"))).toContain("3 to add");
    });
  }

  (isRoot ? test : test.skip)("deploys to a host by SSH, with one state for both command lines", async () => {
    const ssh = await SshServer.start(labHost(), project.folder);
    project.edit("main.ts", UNREACHABLE, ssh.uri);
    try {
      await ending(0, project.run("npx", "kvm-fleet", "deploy", "--auto-approve"));

      const networks = execFileSync("virsh", ["--connect", labHost().uri, "net-list", "--name"], { encoding: "utf8" });
      expect(networks.trim()).toBe("lan");
      const diff = library === "cdktf" ? project.runWith(asRoot, CDKTF, "diff") : project.run("npx", "cdktn", "diff");
      expect(await ending(0, diff)).toContain("No changes.");
    } finally {
      await ending(0, project.run("npx", "kvm-fleet", "destroy", "--auto-approve"));
      ssh.stop();
    }
  });
});

describe.each([
  { name: "pnpm", manager: ["pnpm@10.34.9", "pnpm"], command: ["exec", "kvm-fleet"], long: false },
  {
    name: "Yarn, without node_modules",
    manager: ["@yarnpkg/cli-dist@4.18.1", "yarn"],
    command: ["kvm-fleet"],
    long: true,
  },
])("a project with $name", ({ long, manager: [archive = "", manager = ""], command }) => {
  let project: UserProject;

  beforeAll(() => {
    project = new UserProject("shop", registry.url);
  });

  afterAll(() => {
    project.leave();
  });

  (long && !runsLongTests ? test.skip : test)("gets from nothing to a plan", async () => {
    const run = (...args: readonly string[]): Promise<Ran> =>
      project.run("npx", "--yes", "--package", archive, manager, ...args);
    // pnpm does not read this file. The registry does not say when versions were published, so Yarn takes them for new ones.
    const [newPackages] = blocksIn(path.join(CHECKOUT, "docs", "install.md"), ["yaml"]);
    project.write(
      ".yarnrc.yml",
      `npmRegistryServer: ${registry.url}\nunsafeHttpWhitelist: ["127.0.0.1"]\n${newPackages?.text ?? ""}`,
    );
    await ending(0, project.run("npm", "init", "-y"));
    await ending(0, run("add", "kvm-fleet", "cdktf", "constructs"));

    const ssh = isRoot ? await SshServer.start(labHost(), project.folder) : undefined;
    try {
      const output = await ending(0, run(...command, "init", ssh?.uri ?? UNREACHABLE));
      expect(output).toContain(`\n  ${[manager, ...command].join(" ")} plan `);

      expect(await ending(2, run(...command, "plan"))).toContain("Plan: 2 to add");
    } finally {
      ssh?.stop();
    }
  });
});

test("a project in a monorepo plans with the packages of the whole repository", async () => {
  const repository = new UserProject("repository", registry.url);
  const within = "infra/shop";
  const run = (...command: readonly [string, ...string[]]): Promise<Ran> => repository.runWith({ within }, ...command);
  try {
    await ending(0, repository.run("mkdir", "-p", within));
    await ending(0, repository.run("npm", "init", "-y"));
    await ending(0, repository.run("npm", "init", "-y", "--workspace", within));
    await ending(0, run("npm", "install", "kvm-fleet", "cdktf", "constructs"));
    expect(fs.existsSync(path.join(repository.folder, within, "node_modules"))).toBe(false);

    await ending(0, run("npx", "kvm-fleet", "init", UNREACHABLE));

    expect(await ending(2, run("npx", "kvm-fleet", "plan"))).toContain("Plan: 2 to add");
  } finally {
    repository.leave();
  }
});

describe("a project", () => {
  let project: UserProject;

  beforeAll(async () => {
    project = new UserProject("shop", registry.url);
    await install(project, "cdktf");
    await ending(0, project.run("npx", "kvm-fleet", "init", UNREACHABLE));
  });

  afterAll(() => {
    project.leave();
  });

  test("keeps its files when 'init' runs again", async () => {
    project.write("main.ts", `${project.read("main.ts")}// mine\n`);
    project.write(".gitignore", "node_modules\n");

    const output = await ending(0, project.run("npx", "kvm-fleet", "init"));

    expect(output).not.toContain("wrote");
    expect(output).toMatch(/left alone +\.gitignore: add 'cdktf\.out\/', '\*\.tfstate', '\*\.tfstate\.\*'\n/);
    expect(project.read("main.ts")).toContain("// mine");
    expect(project.read(".gitignore")).toBe("node_modules\n");
  });

  test("is refused where it does not compile, with the place", async () => {
    const text = project.read("main.ts");
    project.edit("main.ts", "{ uri }", "{ url: uri }");

    expect((await project.run("npx", "kvm-fleet", "plan")).stderr).toMatch(/main\.ts\(\d+,\d+\): error/);
    project.write("main.ts", text);
  });

  test("is refused with bindings of another version", async () => {
    const bindings = path.join(project.folder, "node_modules", "@cdktf", "provider-libvirt", "libvirt", "provider.js");
    const text = fs.readFileSync(bindings, "utf8");
    fs.writeFileSync(bindings, text.replaceAll(version, "0.0.9"));

    const { code, stderr } = await project.run("npx", "kvm-fleet", "plan");

    fs.writeFileSync(bindings, text);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `a stack requires version 0.0.9 of the provider, but kvm-fleet ${version} is installed; ` +
          "install the same version of 'kvm-fleet' and '@kvm-fleet/provider-libvirt'\n",
      ) as string,
    });
  });

  const withoutNetwork = { offline: isRoot };
  test("plans without a network after 'npm ci'", async () => {
    await ending(0, project.runWith(withoutNetwork, "npm", "ci", "--offline"));

    expect(await ending(2, project.runWith(withoutNetwork, "npx", "kvm-fleet", "plan"))).toContain("Plan: 2 to add");
  });

  test("is valid for terraform alone", async () => {
    const stack = `-chdir=${path.join(project.folder, "cdktf.out", "stacks", "shop")}`;

    expect(await ending(0, project.run("terraform", stack, "validate"))).toContain("Success");
  });

  (terraformPrograms.tofu === undefined ? test.skip : test)("plans with OpenTofu", async () => {
    const environment = { TERRAFORM_BINARY_NAME: "tofu" };

    const output = await ending(2, project.runWith({ environment }, "npx", "kvm-fleet", "plan"));

    expect(output).toMatch(/OpenTofu [^]*Plan: 2 to add/);
  });

  describe("on another platform, or with a package that is damaged", () => {
    const provider = (): string =>
      path.join(project.folder, "node_modules", "@kvm-fleet", `provider-${thisPlatform()}`);

    /**
     * What a command says instead of what it does. It must leave the project as it was.
     *
     * @param options options of Node.js
     */
    async function refusal(command: string, ...options: readonly string[]): Promise<string> {
      fs.rmSync(path.join(project.folder, "cdktf.out"), { recursive: true, force: true });
      fs.rmSync(path.join(project.folder, "tsconfig.json"), { force: true });
      const before = fs.readdirSync(project.folder);

      const kvmFleet = path.join("node_modules", "kvm-fleet", "bin", "kvm-fleet");
      const { code, stderr } = await project.run("node", ...options, kvmFleet, command);

      expect({ code, files: fs.readdirSync(project.folder) }).toEqual({ code: 1, files: before });
      return stderr;
    }

    test.each(["init", "plan"])("without a provider, says which platforms have one: %s", async (command) => {
      project.write("windows.cjs", 'Object.defineProperty(process, "platform", { value: "win32" });\n');

      expect(await refusal(command, "--require", "./windows.cjs")).toBe(
        `kvm-fleet: kvm-fleet runs on ${thisPlatform()}, and this machine is win32-${process.arch}; use one of these\n`,
      );
    });

    test.each(["init", "plan"])(
      "with a provider of another version, says so before anything has changed: %s",
      async (command) => {
        const manifest = path.join(provider(), "package.json");
        const text = fs.readFileSync(manifest, "utf8");
        fs.writeFileSync(manifest, text.replace(/"version": "[^"]+"/, '"version": "0.0.9"'));

        expect(await refusal(command)).toMatch(
          /^kvm-fleet: '\S+' has version 0\.0\.9, but kvm-fleet has version \S+; install '\S+'\n$/,
        );
        fs.writeFileSync(manifest, text);
      },
    );

    test.each(["init", "plan"])(
      "without optional packages, says which one is missing before anything has changed: %s",
      async (command) => {
        fs.rmSync(provider(), { recursive: true, force: true });

        expect(await refusal(command)).toBe(
          `kvm-fleet: the npm package '@kvm-fleet/provider-${thisPlatform()}' with the provider is missing; install ` +
            "optional dependencies, too ('npm install --include=optional'), on the same platform\n",
        );
      },
    );
  });
});
