import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { scripts } from "../../package.json";
import { checkout } from "../../release/checkout";

interface GitHub {
  readonly on: object;
  readonly jobs: { readonly release: { readonly steps: readonly { readonly run?: string }[] } };
}

interface GitLab {
  readonly workflow: { readonly rules: readonly { readonly if: string }[] };
  readonly build: GitLabJob;
  readonly "npm packages": GitLabJob;
  readonly release: GitLabJob;
}

interface GitLabJob {
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
}

function read(file: string): unknown {
  return parse(readFileSync(join(checkout, file), "utf8"));
}

const gitHub = read(".github/workflows/release.yml") as GitHub;
const gitLab = read(".gitlab-ci.yml") as GitLab;
const jobs = [gitLab.build, gitLab["npm packages"], gitLab.release];

test("the pipelines begin with a tag of a version", () => {
  expect(gitHub.on).toEqual({ push: { tags: ["v*"] } });
  expect(gitLab.workflow.rules).toEqual([{ if: "$CI_COMMIT_TAG =~ /^v\\d/" }]);
});

describe.each([
  ["GitHub", gitHub.jobs.release.steps.flatMap(({ run }) => run ?? [])],
  ["GitLab", jobs.flatMap(({ before_script: before = [], script }) => [...before, ...script])],
])("the pipeline for %s", (_forge, commands) => {
  const all = commands.join("\n");

  test("consists of commands that a shell understands", () => {
    expect(spawnSync("bash", ["-n"], { input: all, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  });

  test("builds the release with the version of the tag", () => {
    expect(all).toMatch(/npm run release -- "\$\{\w*TAG#v\}"/);
    expect([...all.matchAll(/npm run (\w+)/g)].filter(([, script = ""]) => !(script in scripts))).toEqual([]);
  });

  test("publishes the package that depends on the others last", () => {
    const archives = ["dist/npm/kvm-fleet-provider-*.tgz", "dist/npm/kvm-fleet-[0-9]*.tgz"];

    expect(all).toContain(`for archive in ${archives.join(" ")}; do\n  npm publish "./$archive" --access public\ndone`);
  });

  test("attaches everything that a release consists of", () => {
    expect(all).toMatch(/release create .*--notes-file dist\/notes\.md dist\/npm\/\*\.tgz dist\/provider\/\*/);
  });
});
