import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verification } from "../../bin/separation/verification";
import { SeparationProjects } from "./separation-project";

const program = join(__dirname, "..", "..", "bin", "kvm-fleet");

/**
 * A provider that reports a fleet whose filters enforce the policy, except for what the file wrong.json lists: connections
 * without an answer, frames that arrive, and machines that cannot be probed.
 */
const provider = `#!${process.execPath}
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const file = join(process.env.HOME, "wrong.json");
const wrong = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
const request = JSON.parse(readFileSync(0, "utf8"));
writeFileSync(join(process.env.HOME, "request.json"), JSON.stringify({ command: process.argv[2], ...request }));
process.on("SIGINT", () => { writeFileSync(join(process.env.HOME, "cleaned"), ""); process.exit(1); });
process.stderr.write("sending\\n");
const is = (one, other) => Object.entries(other).every(([key, value]) => one[key] === value);
const answer = () => console.log(JSON.stringify({
  machines: request.machines.map(({ name, hosts: [host] }) => ({ name, host, error: wrong.unprobed?.[name] ?? "" })),
  flows: request.flows.map((flow) => {
    const answered = flow.to !== "" && !(wrong.unanswered ?? []).some((each) => is(flow, each)) ? 1 : 0;
    return { id: flow.id, tries: 1, answered, arrived: answered, longestGap: 0, service: false, error: answered ? "" : "no answer" };
  }),
  arrived: request.frames.filter((frame) => (wrong.arrived ?? []).some((each) => is(frame, each))).map(({ id, to }) => ({ id, at: to, interface: "", count: 3, overheard: 0 })),
  sent: request.frames.map(({ id }) => ({ id, frames: 3, error: "" })),
  seconds: 2.4,
}));
if (wrong.hangs) {
  setInterval(() => undefined, 1000);
} else {
  answer();
}
`;

let projects: SeparationProjects;
let folder: string;

beforeAll(() => {
  projects = new SeparationProjects();
});

afterAll(() => {
  projects.remove();
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "verify-"));
  projects.write(folder);
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const home = join(
    folder,
    ".terraform.d/plugins/registry.terraform.io/kvm-fleet/libvirt",
    "0.1.0",
    `${process.platform}_${architecture}`,
  );
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "terraform-provider-libvirt_v0.1.0"), provider, { mode: 0o755 });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, HOME: folder });

function verify(...args: readonly string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(program, ["separation", "verify", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: environment(),
  });
  return { code: status, stdout, stderr };
}

function wrong(what: object): void {
  writeFileSync(join(folder, "wrong.json"), JSON.stringify(what));
}

describe("kvm-fleet separation verify", () => {
  test("prints the matrices of the policy and of the packets, and exits with 0 if they are equal", () => {
    const { code, stdout, stderr } = verify("--json", "report.json", "--markdown", "report.md");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "sending\n" });
    expect(stdout).toBe(`==> 10 machines: 234 connections and 2035 kinds of forged frames
Allowed by the policy:
FROM \\ TO  critical  dmz         external  internal  outside
critical   tcp 502   -           -         -         -
dmz        -         -           -         tcp 5432  -
external   -         tcp 80,443  -         -         tcp 443
internal   tcp 443   -           -         tcp 5432  -
outside    -         -           -         -         -

Observed with packets:
FROM \\ TO  critical  dmz         external  internal  outside
critical   tcp 502   -           -         -         -
dmz        -         -           -         tcp 5432  -
external   -         tcp 80,443  -         -         tcp 443, not tried
internal   tcp 443   -           -         tcp 5432  -
outside    -         -           -         -         -

the matrices are equal: 214 pairs of interfaces, 234 connections and 6105 forged frames in 2 s
rule 'mirror-to-outside-tcp-443' was not tried: set '--outside' to an address there that answers
`);
    const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Verification;
    expect(report).toMatchObject({ verified: true, mismatches: [], unclear: [], pairs: 214 });
    expect(readFileSync(join(folder, "report.md"), "utf8")).toContain(
      "Observed with packets:\n\n| from \\ to | critical | dmz | external | internal | outside |",
    );
    const request = JSON.parse(readFileSync(join(folder, "request.json"), "utf8")) as object;
    expect(request).toMatchObject({
      command: "probe",
      hosts: { alpha: { uri: "qemu+tcp://alpha/system" }, beta: { uri: "qemu+tcp://beta/system" } },
      for: 0,
    });
  });

  test("names each difference from the policy, and exits with 1", () => {
    wrong({
      arrived: [{ from: "separated/web", to: "separated/plc-1", kind: "udp" }],
      unanswered: [{ from: "separated/engineer", to: "separated/historian" }],
      unprobed: { "separated/mirror": "no agent answers; install qemu-guest-agent in it" },
    });
    const { code, stdout, stderr } = verify("--markdown", "report.md");
    expect(code).toBe(1);
    expect(stderr).toBe(`sending
kvm-fleet: engineer did not reach historian with tcp 443, which rule 'workstation-to-historian-tcp-443' allows (no answer)
kvm-fleet: plc-1 received udp 7 from web, which no rule allows
kvm-fleet: mirror could not be probed: no agent answers; install qemu-guest-agent in it
`);
    expect(stdout).toContain("dmz        udp 7 by no rule  -           -         tcp 5432  -\n");
    expect(stdout).toContain("the matrices differ: ");
    expect(readFileSync(join(folder, "report.md"), "utf8")).toContain(
      "**Differences from the policy:**\n\n- engineer did not reach historian",
    );
  });

  test("exits with 1 if a machine could not be probed, even without another problem", () => {
    wrong({ unprobed: { "separated/mirror": "it is shut off; start it" } });
    expect(verify()).toMatchObject({
      code: 1,
      stderr: "sending\nkvm-fleet: mirror could not be probed: it is shut off; start it\n",
    });
  });

  test.each([
    [["--for", "soon"], 64, "'--for' must be 1 to 99999 seconds, got 'soon'; write it like '60s'"],
    [
      ["--outside", "10.0.0.0/8"],
      64,
      "'--outside' must be an IPv4 or IPv6 address, got '10.0.0.0/8'; name one that answers",
    ],
    [
      ["printer"],
      1,
      "no machine is named 'printer'; the machines are plc-1, plc-2, historian, engineer, db, web, mirror, plant-gate, front-gate, outer-gate",
    ],
  ])("fails on the arguments %j", (args, code, message) => {
    expect(verify(...args)).toEqual({ code, stdout: "", stderr: `kvm-fleet: ${message}\n` });
  });

  test("sends no packets for an app that violates its policy", () => {
    const { status, stderr } = spawnSync(program, ["separation", "verify"], {
      cwd: folder,
      encoding: "utf8",
      env: { ...environment(), SEPARATION_MISTAKE: "1" },
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      "kvm-fleet: the app violates its policy, so it cannot be what is deployed; 'kvm-fleet separation' lists the violations\n",
    );
  });

  test("lets the provider clean up after Ctrl-C", async () => {
    wrong({ hangs: true });
    // A process group of its own, as in a terminal: the signal goes to all of its processes.
    const child = spawn(program, ["separation", "verify", "--for", "60s"], {
      cwd: folder,
      env: environment(),
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (text.includes("sending") && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "sending\nkvm-fleet: interrupted before the provider reported its results\n",
    });
    expect(existsSync(join(folder, "cleaned"))).toBe(true);
  });
});
