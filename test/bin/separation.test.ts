import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SeparationReport } from "../../bin/separation/report";
import { SeparationProjects } from "./separation-project";

const program = join(__dirname, "..", "..", "bin", "kvm-fleet");
let projects: SeparationProjects;
let folder: string;

beforeAll(() => {
  projects = new SeparationProjects();
});

afterAll(() => {
  projects.remove();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "separation-"));
  projects.write(folder);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function separation(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, ["separation", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { code: status, stdout, stderr };
}

describe("kvm-fleet separation", () => {
  test("prints the matrix of zones, and each path", () => {
    const { code, stdout, stderr } = separation([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.split("\n").slice(0, 9)).toEqual([
      "FROM \\ TO  critical  dmz         external  internal  outside",
      "critical   tcp 502   -           -         -         -",
      "dmz        -         -           -         tcp 5432  -",
      "external   -         tcp 80,443  -         -         tcp 443",
      "internal   tcp 443   -           -         tcp 5432  -",
      "outside    -         -           -         -         -",
      "",
      "critical > critical: historian to controller, tcp 502; by bridge or device br-plant",
      "dmz > internal: web to database, tcp 5432; by network 'front' on host 'alpha', then gateway 'front-gate', which forwards " +
        "'web-to-database-tcp-5432', then network 'office' on host 'alpha'; because: orders of the web shop, approved by IT security",
    ]);
  });

  test("explains a pair hop by hop", () => {
    expect(separation(["--from", "web", "--to", "db"])).toEqual({
      code: 0,
      stderr: "",
      stdout: `'web' is allowed to reach 'db': tcp 5432, by rule 'web-to-database-tcp-5432' (orders of the web shop, approved by IT security)
  1. leaves 'web' through interface 'front', filter 'separation-dmz-web-ipv6'
  2. network 'front' on host 'alpha'
  3. gateway 'front-gate', which forwards 'web-to-database-tcp-5432'
  4. network 'office' on host 'alpha'
  5. reaches 'db' through interface 'office', filter 'separation-internal-database-ipv6'
`,
    });
  });

  test("explains why there is no path", () => {
    expect(separation(["--from", "web", "--to", "plc-1"]).stdout).toBe(
      `'web' cannot initiate traffic to 'plc-1':
  no rule allows 'web' to initiate traffic to 'plc-1'
  there is no route: no shared bridge, and no host that routes between them
`,
    );
    expect(separation(["--from", "plc-1", "--to", "plc-2"]).stdout).toBe(
      `'plc-1' cannot initiate traffic to 'plc-2':
  no rule allows 'plc-1' to initiate traffic to 'plc-2'
  there is a route: bridge or device br-plant
  packets are dropped when they leave 'plc-1' through interface 'plant', filter 'separation-critical-controller-static'
`,
    );
  });

  test("fails on an unknown name, and on one end alone", () => {
    expect(separation(["--from", "web", "--to", "printer"])).toMatchObject({
      code: 1,
      stderr:
        "kvm-fleet: no zone, machine, network or tag is named 'printer'; the zones are critical, internal, dmz, external\n",
    });
    expect(separation(["--from", "web"])).toMatchObject({
      code: 64,
      stderr: "kvm-fleet: '--from' and '--to' require each other; name both ends\n",
    });
  });

  test("prints and writes violations, and exits with 1", () => {
    const { code, stdout, stderr } = separation(["--markdown", "report.md"], { SEPARATION_MISTAKE: "1" });
    expect(code).toBe(1);
    expect(stdout).toContain("FROM \\ TO");
    const message = "'zone' is required in an app with zones; choose one of 'critical', 'dmz', 'external', 'internal'";
    expect(stderr).toContain(`kvm-fleet: ${message} (at separated/forgotten)`);
    expect(readFileSync(join(folder, "report.md"), "utf8")).toContain(
      `**Violations:**\n\n- ${message} (at \`separated/forgotten\`)`,
    );
  });

  test("writes the report in each format, and shows the difference to an earlier report", () => {
    const { code } = separation(["--json", "base.json", "--svg", "zones.svg", "--markdown", "report.md"]);
    expect(code).toBe(0);
    const report = JSON.parse(readFileSync(join(folder, "base.json"), "utf8")) as SeparationReport;
    expect(report.violations).toEqual([]);
    expect(readFileSync(join(folder, "zones.svg"), "utf8")).toContain("internal &gt; critical: tcp 443");
    expect(readFileSync(join(folder, "report.md"), "utf8")).toContain(
      "| **internal** | tcp 443 | denied | denied | tcp 5432 | denied |",
    );
    expect(separation(["--base", "base.json"]).stdout).toContain("no path was opened or closed");

    const rules = report.model.rules.filter(({ name }) => name !== "web-to-database-tcp-5432");
    const [moved] = rules.splice(0, 1);
    if (moved === undefined) throw new Error("there are no rules");
    rules.push({ ...moved, ports: [[503, 503]], name: "old" });
    writeFileSync(join(folder, "base.json"), JSON.stringify({ model: { ...report.model, rules } }));
    const changed = separation(["--base", "base.json", "--markdown", "report.md"])
      .stdout.split("\n")
      .filter((line) => /^[-+~] /.test(line));
    expect(changed).toEqual([
      "+ opened  critical > critical: historian to controller, tcp 502; by bridge or device br-plant",
      "+ opened  dmz > internal: web to database, tcp 5432; by network 'front' on host 'alpha', then gateway 'front-gate', which forwards " +
        "'web-to-database-tcp-5432', then network 'office' on host 'alpha'; because: orders of the web shop, approved by IT security",
      "- closed  critical > critical: historian to controller, tcp 503; by bridge or device br-plant",
    ]);
    expect(readFileSync(join(folder, "report.md"), "utf8")).toContain("```diff\n+ opened  critical > critical");
  });

  test.each([
    ["is not a report", {}],
    ["has the model of another version", { model: { machines: [{ legs: [] }], networks: [] } }],
  ])("fails on a file that %s", (_, content) => {
    writeFileSync(join(folder, "base.json"), JSON.stringify(content));
    expect(separation(["--base", "base.json"])).toMatchObject({
      code: 1,
      stderr:
        "kvm-fleet: 'base.json' is not a file that '--json' of this version has written; write it with 'kvm-fleet separation --json base.json'\n",
    });
  });

  test("fails for an app without zones", () => {
    writeFileSync(join(folder, "app.js"), "");
    writeFileSync(
      join(folder, "cdktf.json"),
      JSON.stringify({ app: 'mkdir -p "$CDKTF_OUTDIR" && echo \'{"stacks":{}}\' > "$CDKTF_OUTDIR/manifest.json"' }),
    );
    expect(separation([])).toMatchObject({
      code: 1,
      stderr: "kvm-fleet: the app has no zones; add a NetworkZone for each class of networks, and a SeparationPolicy\n",
    });
  });

  test("shows the difference to a commit", () => {
    const git = (...args: readonly string[]) => {
      const { status, stderr } = spawnSync("git", args, { cwd: folder, encoding: "utf8" });
      if (status !== 0) throw new Error(stderr);
    };
    git("init", "--quiet");
    git("add", "cdktf.json");
    git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "-m", "app");
    expect(separation(["--base", "HEAD"])).toMatchObject({ code: 0, stderr: "" });
    expect(separation(["--base", "HEAD"]).stdout).toContain("no path was opened or closed");
    expect(separation(["--base", "nowhere"])).toMatchObject({ code: 1 });
  });
});
