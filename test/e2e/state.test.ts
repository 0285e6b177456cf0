import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { type Lab, status, up } from "../../lab";
import { down } from "../../lab/down";
import { blocksIn, root } from "../docs/markdown";
import { EditableCheckout } from "./editable-checkout";
import { Newcomer, type Ran } from "./newcomer";
import { PostgreSql } from "./postgresql";
import { S3Server } from "./s3-server";

jest.setTimeout(600_000);

const labName = process.env.KVM_FLEET_LAB_NAME ?? "test";
const report = (): undefined => undefined;
const page = path.join(root, "docs", "state.md");

let lab: Lab;
let broughtUp: boolean;

beforeAll(async () => {
  broughtUp = !(await status(labName)).up;
  lab = await up({ name: labName, hosts: 1, report });
});

afterAll(async () => {
  if (broughtUp) await down({ name: labName, report });
});

/** The networks of the stack that the host has. */
function networks(): readonly string[] {
  const args = ["--connect", lab.hosts[0]?.uri ?? "", "net-list", "--all", "--name"];
  const names = execFileSync("virsh", args, { encoding: "utf8" }).split("\n");
  return names.filter((name) => name.startsWith("shared-")).sort();
}

/** An apply that waits before it ends. */
interface Waiting {
  /** The process of terraform. */
  readonly terraform: number;
  readonly ended: Promise<Ran>;
}

/** A person with a checkout of the stack. */
class Colleague {
  private readonly checkout = new EditableCheckout();
  private readonly user: Newcomer;
  private readonly gate = path.join(this.checkout.folder, "gate");
  // Opened for both directions, it does not wait for a reader.
  private readonly gateHandle: number;

  constructor(environment: NodeJS.ProcessEnv) {
    this.user = new Newcomer(labName, this.checkout.folder, environment);
    execFileSync("mkfifo", [this.gate]);
    this.gateHandle = fs.openSync(this.gate, "r+");
  }

  /** Writes the stack. @param gate the id of a resource whose creation waits until the gate is opened */
  write(backend: string, names: readonly string[], gate?: string): void {
    const command = `echo created by $PPID; read line < ${this.gate}`;
    const resource = `new cdktf.DataResource(stack, "${gate ?? ""}", {
  provisioners: [{ type: "local-exec", command: ${JSON.stringify(command)} }],
}).node.addDependency(...networks);`;
    this.checkout.write(
      "stacks/main.ts",
      `import * as cdktf from "cdktf";
import { Cidr, Host, IsolatedNetwork } from "../constructs";
import { load } from "../lab";

const app = new cdktf.App({ stackTraces: false });
const stack = new cdktf.TerraformStack(app, "shared");
${backend.replace(/new (\w+Backend)/, "new cdktf.$1")}const host = new Host(stack, "alpha", { uri: load("${labName}").hosts[0]!.uri });
const networks = ${JSON.stringify(names)}.map(
  (name, index) => new IsolatedNetwork(stack, name, { host, cidr: Cidr.parse("10.50.0.0/16").subnet(24, index) }),
);
${gate === undefined ? "networks.at(0);" : resource}
app.synth();
`,
    );
  }

  plan(): Ran {
    return this.user.kvmFleet("plan");
  }

  deploy(): Ran {
    return this.user.kvmFleet("deploy", "--auto-approve");
  }

  destroy(): Ran {
    return this.user.kvmFleet("destroy", "--auto-approve");
  }

  terraform(...args: readonly string[]): Ran {
    return this.user.terraform("shared", ...args);
  }

  /** Starts to deploy a stack with a gate. */
  async deployUntilGate(): Promise<Waiting> {
    let output = "";
    return new Promise((resolve, reject) => {
      const { ended } = this.user.begin(
        (text) => {
          output += text;
          const [, terraform] = /created by (\d+)/.exec(output) ?? [];
          if (terraform !== undefined) resolve({ terraform: Number(terraform), ended });
        },
        "deploy",
        "--auto-approve",
      );
      ended.then(() => {
        reject(new Error(`the deployment ended before its gate:\n${output}`));
      }, reject);
    });
  }

  openGate(): void {
    fs.writeSync(this.gateHandle, "\n");
  }

  leave(): void {
    fs.closeSync(this.gateHandle);
    this.user.leave();
    this.checkout.remove();
  }
}

function ending(code: number, { stdout, stderr, ...ran }: Ran): string {
  const output = `${stdout}\n${stderr}`;
  if (ran.code !== code) throw new Error(`it ended with exit code ${String(ran.code)}, not ${code}:\n${output}`);
  return output;
}

/** A server that keeps states. */
interface Server {
  /** The stack's backend, as code. */
  readonly backend: string;
  readonly environment: NodeJS.ProcessEnv;
  stop(): void;
}

/** The last example of a backend in the documentation, with another address. */
function example(backend: string, address = "", ours = ""): string {
  const [program = ""] = blocksIn(page, ["ts"])
    .map(({ text }) => text)
    .filter((text) => text.includes(`new ${backend}(`) && text.includes(address))
    .slice(-1);
  const [, code = ""] = /^const stack = .*\n([^]+)^app\.synth/m.exec(program) ?? [];
  return code.replace(address, ours);
}

function postgreSql(): Server {
  const server = new PostgreSql();
  return {
    backend: example("PgBackend", "postgres://fleet@db.example.org/fleet", server.connStr),
    environment: { PGPASSWORD: server.password },
    stop: () => {
      server.stop();
    },
  };
}

async function s3(): Promise<Server> {
  const server = await S3Server.start("example-states");
  return {
    backend: example("S3Backend", "https://s3.example.org", server.url),
    environment: { AWS_ACCESS_KEY_ID: "fleet", AWS_SECRET_ACCESS_KEY: "secret" },
    stop: () => {
      server.stop();
    },
  };
}

describe.each<[string, () => Server | Promise<Server>]>([
  ["PostgreSQL", postgreSql],
  ["S3", s3],
])("a state in %s", (name, start) => {
  let server: Server;
  let ann: Colleague;
  let ben: Colleague;

  beforeAll(async () => {
    server = await start();
    ann = new Colleague(server.environment);
    ben = new Colleague(server.environment);
  });

  afterAll(() => {
    ann.leave();
    ben.leave();
    server.stop();
  });

  test("takes over the state of a file", () => {
    ann.write(example("LocalBackend"), ["shared-1"]);
    ending(0, ann.deploy());
    ann.write(server.backend, ["shared-1"]);

    expect(ending(1, ann.plan())).toContain("Error: Backend configuration changed");
    ending(0, ann.terraform("init", "-migrate-state", "-force-copy"));

    expect(ending(0, ann.plan())).toContain("No changes.");
  });

  test("refuses a second deployment at the same time, and loses nothing of either", async () => {
    ann.write(server.backend, ["shared-1", "shared-2"], "gate");
    ben.write(server.backend, ["shared-1", "shared-2", "shared-3"]);
    const first = await ann.deployUntilGate();

    const refusal = ending(1, ben.deploy());
    ann.openGate();
    ending(0, await first.ended);

    expect(refusal).toContain("Error: Error acquiring the state lock");
    // Ben's stack has everything but the gate.
    expect(ending(0, ben.deploy())).toContain("Resources: 1 added, 0 changed, 1 destroyed.");
    expect(networks()).toEqual(["shared-1", "shared-2", "shared-3"]);
  });

  test("can be used after a deployment that was killed", async () => {
    const all = ["shared-1", "shared-2", "shared-3", "shared-4"];
    ben.write(server.backend, all, "gate");
    const killed = await ben.deployUntilGate();
    process.kill(killed.terraform, "SIGKILL");
    ending(1, await killed.ended);
    ben.openGate();
    ben.write(server.backend, all);

    if (name === "S3") {
      const [, id = ""] = /^ *(?:│ +)?ID: +(\S+)/m.exec(ending(1, ben.deploy())) ?? [];
      ending(0, ben.terraform("force-unlock", "-force", id));
    }

    ending(0, ben.deploy());
    expect(networks()).toEqual(all);
    ann.write(server.backend, all);
    expect(ending(0, ann.plan())).toContain("No changes.");
    ending(0, ann.destroy());
    expect(networks()).toEqual([]);
  });
});
