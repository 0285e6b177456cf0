import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { type Facts, findFacts, identifier } from "../../bin/init/facts";
import { initialHosts } from "../../bin/init/hosts";
import { pipelineFile } from "../../bin/init/pipeline-file";
import { mainTs } from "../../bin/init/project-files";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "init-")));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(join(folder, file, ".."), { recursive: true });
  writeFileSync(join(folder, file), text);
}

function install(...names: readonly string[]): void {
  for (const name of names) write(`node_modules/${name}/package.json`, "{}");
}

const facts: Facts = {
  folder: "/repository",
  library: "cdktf",
  packageManager: "npm",
  repository: "/repository",
  forge: undefined,
  engine: { name: "terraform", version: "1.11.4" },
  isModule: false,
  stackName: "shop",
};

describe("findFacts", () => {
  test("finds the library that the project declares, also where both are installed", () => {
    install("kvm-fleet", "cdktf", "cdktn");
    write("package.json", JSON.stringify({ dependencies: { cdktn: "^0.24.0" } }));

    expect(findFacts(folder)).toMatchObject({ library: "cdktn", isModule: false });
  });

  test("finds what is in the folders above, as in a monorepo", () => {
    install("kvm-fleet", "cdktf");
    write("pnpm-lock.yaml", "");
    write("infra/shop/package.json", JSON.stringify({ type: "module" }));

    expect(findFacts(join(folder, "infra", "shop"))).toMatchObject({
      library: "cdktf",
      packageManager: "pnpm",
      isModule: true,
      stackName: "shop",
    });
  });

  test("refuses a folder without kvm-fleet, and one without a library", () => {
    expect(() => findFacts(folder)).toThrow(`kvm-fleet is not installed in ${folder}; run 'npm install`);
    install("kvm-fleet");
    expect(() => findFacts(folder)).toThrow(
      "neither 'cdktf' nor 'cdktn' is installed; run 'npm install cdktf constructs'",
    );
  });

  test.each([
    ["My Shop!", "My-Shop"],
    ["2024-infra", "infra"],
    ["---", undefined],
  ])("makes an id of %s", (text, id) => {
    expect(identifier(text)).toBe(id);
  });
});

describe("initialHosts", () => {
  test.each([
    ["qemu+ssh://root@alpha.example.org/system", "alpha"],
    ["qemu+ssh://alpha:2222/system", "alpha"],
    ["qemu+tcp://192.0.2.7/system", "host-192-0-2-7"],
    ["qemu+tcp://[2001:db8::7]/system", "host-2001-db8-7"],
    ["qemu:///system", "local"],
    ["qemu+unix:///system?socket=/run/libvirt/libvirt-sock", "local"],
  ])("names the host of %s", (uri, name) => {
    expect(initialHosts([uri])).toEqual({ hosts: [{ name, uri }], isExample: false });
  });

  test("numbers hosts that would have the same name", () => {
    const { hosts } = initialHosts(["qemu+ssh://kvm.a.example/system", "qemu+ssh://kvm.b.example/system"]);

    expect(hosts.map(({ name }) => name)).toEqual(["kvm", "kvm-2"]);
  });

  test("refuses what is not a URI of libvirt", () => {
    expect(() => initialHosts(["alpha.example.org"])).toThrow(
      "the URI of a host must be one of libvirt's, such as 'qemu+ssh://root@alpha.example.org/system', got 'alpha.example.org'",
    );
  });
});

describe("the first stack", () => {
  test("is TypeScript, whatever the hosts are called", () => {
    const text = mainTs(facts, [
      { name: "alpha", uri: "qemu:///system" },
      { name: "host-192-0-2-7", uri: 'qemu+tcp://192.0.2.7/system?a="b"' },
    ]);

    expect(ts.transpileModule(text, { reportDiagnostics: true }).diagnostics).toEqual([]);
    expect(text).toContain('  "host-192-0-2-7": "qemu+tcp://192.0.2.7/system?a=\\"b\\"",\n');
  });
});

describe("pipelineFile", () => {
  test("plans on GitHub, in the folder of the project", () => {
    const { path, content } = pipelineFile("github", { ...facts, folder: "/repository/infra", packageManager: "pnpm" });

    expect(path).toBe(".github/workflows/kvm-fleet.yml");
    const { jobs } = parse(content) as {
      jobs: { plan: { defaults: object; steps: { uses?: string; run?: string; with?: object; env?: object }[] } };
    };
    expect(jobs.plan.defaults).toEqual({ run: { "working-directory": "infra" } });
    expect(jobs.plan.steps).toContainEqual({
      uses: "hashicorp/setup-terraform@v3",
      with: { terraform_version: "1.11.4", terraform_wrapper: false },
    });
    expect(jobs.plan.steps).toContainEqual({ run: "corepack enable && pnpm install --frozen-lockfile" });
    expect(jobs.plan.steps.at(-2)).toEqual({
      run: "pnpm exec kvm-fleet plan --markdown comment.md || [ $? -eq 2 ]",
      env: { KVM_FLEET_SSH_KEY: "${{ secrets.KVM_FLEET_SSH_KEY }}" },
    });
  });

  test.each([
    ["", "--method POST repos/o/r/issues/7/comments --field body=@comment.md"],
    ["41", "--method PATCH repos/o/r/issues/comments/41 --field body=@comment.md"],
  ])("writes one comment on GitHub, and the same again (id '%s')", (id, request) => {
    const { jobs } = parse(pipelineFile("github", facts).content) as { jobs: { plan: { steps: { run?: string }[] } } };
    const gh = `#!/bin/sh\ncase "$*" in *--paginate*) echo "${id}";; *) echo "$*" >&2;; esac\n`;
    writeFileSync(join(folder, "gh"), gh, { mode: 0o755 });
    const { status, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", jobs.plan.steps.at(-1)?.run ?? ""], {
      env: { PATH: `${folder}:${process.env.PATH ?? ""}`, GITHUB_REPOSITORY: "o/r", PULL_REQUEST: "7" },
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: `api --silent ${request}\n` });
  });

  test("plans on GitLab, with OpenTofu where the project uses it", () => {
    const { path, content } = pipelineFile("gitlab", { ...facts, engine: { name: "tofu", version: "1.10.6" } });

    expect(path).toBe(".gitlab-ci.yml");
    const { script, artifacts } = (parse(content) as { "kvm-fleet plan": { script: string[]; artifacts: object } })[
      "kvm-fleet plan"
    ];
    expect(script[0]).toContain(
      "https://github.com/opentofu/opentofu/releases/download/v1.10.6/tofu_1.10.6_linux_amd64.zip",
    );
    expect(script.slice(-2)).toEqual(["npm ci", "npx kvm-fleet plan --gitlab plan.json || [ $? -eq 2 ]"]);
    expect(artifacts).toEqual({ reports: { terraform: "plan.json" } });
  });
});
