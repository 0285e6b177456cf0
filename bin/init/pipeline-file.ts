import { MARK } from "../review/markdown";
import { type Facts, type Forge, pathInRepository, runs } from "./facts";

/** The versions for a pipeline, if there is no terraform on this machine. */
const engine = { name: "terraform", version: "1.11.4" } as const;

const installs = {
  npm: "npm ci",
  pnpm: "corepack enable && pnpm install --frozen-lockfile",
  // Yarn 1 and its successors know this option; the successors have a new name for it, too.
  yarn: "corepack enable && yarn install --frozen-lockfile",
};

/** 'plan' exits with 2 if there are changes, which does not fail the pipeline. */
function plan({ packageManager }: Facts, options: string): string {
  return `${runs[packageManager]} kvm-fleet plan ${options} || [ $? -eq 2 ]`;
}

/** Writes the comment, or writes it again: the first line of a comment says that it is the one. */
const writeComment = [
  `comments="repos/$GITHUB_REPOSITORY/issues"`,
  `id=$(gh api --paginate "$comments/$PULL_REQUEST/comments" --jq '.[] | select(.body | startswith("${MARK}")) | .id' | head -n 1)`,
  `if [ -n "$id" ]; then`,
  `  gh api --silent --method PATCH "$comments/comments/$id" --field body=@comment.md`,
  "else",
  `  gh api --silent --method POST "$comments/$PULL_REQUEST/comments" --field body=@comment.md`,
  "fi",
];

const notes = [
  "Shows what a deployment of a change would do. Before you use it:",
  "- Let the stack use a state that the pipeline can reach: a PgBackend or an S3Backend in place of the LocalBackend.",
  "- Keep a private key that may log in on the hosts in the secret KVM_FLEET_SSH_KEY,",
  "  and the hosts' public keys, which 'ssh-keyscan HOST' prints, in the variable KNOWN_HOSTS.",
];

/** The path and the content of the pipeline's file. The path is relative to the repository. */
export function pipelineFile(forge: Forge, facts: Facts): { readonly path: string; readonly content: string } {
  return forge === "github"
    ? { path: ".github/workflows/kvm-fleet.yml", content: github(facts) }
    : { path: ".gitlab-ci.yml", content: gitlab(facts) };
}

function github(facts: Facts): string {
  const folder = pathInRepository(facts);
  const { name, version } = facts.engine ?? engine;
  const setUp =
    name === "tofu"
      ? { action: "opentofu/setup-opentofu@v1", prefix: "tofu" }
      : { action: "hashicorp/setup-terraform@v3", prefix: "terraform" };
  return `${comment(notes)}
name: kvm-fleet
on: pull_request
permissions:
  contents: read
  pull-requests: write
jobs:
  plan:
    runs-on: ubuntu-latest
${folder === "" ? "" : `    defaults:\n      run:\n        working-directory: ${folder}\n`}    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: ${nodeVersion()}
      - uses: ${setUp.action}
        with:
          ${setUp.prefix}_version: ${version}
          # The wrapper would hide the exit code.
          ${setUp.prefix}_wrapper: false
      - run: ${installs[facts.packageManager]}
      - run: mkdir -p ~/.ssh && echo "$KNOWN_HOSTS" >> ~/.ssh/known_hosts
        env:
          KNOWN_HOSTS: \${{ vars.KNOWN_HOSTS }}
      - run: ${plan(facts, "--markdown comment.md")}
        env:
          KVM_FLEET_SSH_KEY: \${{ secrets.KVM_FLEET_SSH_KEY }}
      - run: |
${writeComment.map((line) => `          ${line}`).join("\n")}
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
`;
}

function gitlab(facts: Facts): string {
  const folder = pathInRepository(facts);
  const { name, version } = facts.engine ?? engine;
  const archive = `${name}_${version}_linux_amd64.zip`;
  const from =
    name === "tofu"
      ? `https://github.com/opentofu/opentofu/releases/download/v${version}`
      : `https://releases.hashicorp.com/terraform/${version}`;
  return `${comment(notes)}
kvm-fleet plan:
  image: node:${nodeVersion()}-bookworm
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - curl --fail --silent --show-error --location --output /tmp/${archive} ${from}/${archive}
    - python3 -m zipfile -e /tmp/${archive} /usr/local/bin && chmod +x /usr/local/bin/${name}
    - mkdir -p ~/.ssh && echo "$KNOWN_HOSTS" >> ~/.ssh/known_hosts
${folder === "" ? "" : `    - cd ${folder}\n`}    - ${installs[facts.packageManager]}
    - ${plan(facts, "--gitlab plan.json")}
  artifacts:
    reports:
      terraform: ${folder === "" ? "" : `${folder}/`}plan.json
`;
}

function nodeVersion(): string {
  return process.versions.node.split(".")[0] ?? "";
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}`).join("\n");
}
