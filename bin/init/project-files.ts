import { randomUUID } from "node:crypto";
import type { Facts } from "./facts";
import type { InitialHost } from "./hosts";

/** The command that synthesizes the stacks. */
export const app = "node --require kvm-fleet/app main.ts";

/** What Git must not keep: packages, and what terraform writes. */
export const ignored = ["node_modules/", "cdktf.out/", "*.tfstate", "*.tfstate.*"];

export function cdktfJson(): string {
  return json({
    language: "typescript",
    app,
    projectId: randomUUID(),
    sendCrashReports: "false",
    terraformProviders: [],
    terraformModules: [],
    context: { "@cdktf/disable_stack_trace_in_metadata": true },
  });
}

export function tsconfigJson({ isModule }: Facts): string {
  return json({
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2022"],
      ...(isModule ? { module: "NodeNext" } : { module: "CommonJS", moduleResolution: "Node10" }),
      strict: true,
      noUncheckedIndexedAccess: true,
      forceConsistentCasingInFileNames: true,
      esModuleInterop: true,
      skipLibCheck: true,
      noEmit: true,
    },
    include: ["**/*.ts"],
    exclude: ["node_modules", "cdktf.out"],
  });
}

/** The first stack: a pool and a network on each host, and how to add a machine. */
export function mainTs({ library, stackName }: Facts, hosts: readonly InitialHost[]): string {
  return `import { App, LocalBackend, TerraformStack } from "${library}";
import { Cidr, Host, NatNetwork, StoragePool } from "kvm-fleet";

/** The hosts, by name. */
const hosts = {
${hosts.map(({ name, uri }) => `  ${/^\w+$/.test(name) ? name : JSON.stringify(name)}: ${JSON.stringify(uri)},`).join("\n")}
};

const app = new App({ stackTraces: false });
const stack = new TerraformStack(app, "${stackName}");
// The file of the state. Colleagues and pipelines need a state that they share: use a PgBackend or an S3Backend for them.
new LocalBackend(stack, { path: "../../../${stackName}.tfstate" });

for (const [name, uri] of Object.entries(hosts)) {
  const host = new Host(stack, name, { uri });
  const pool = new StoragePool(host, "pool", { host, path: "/var/lib/libvirt/images/${stackName}" });
  const network = new NatNetwork(host, "lan", { host, cidr: Cidr.parse("10.10.0.0/24") });
  // A machine: import BaseImage, Size and VirtualMachine from kvm-fleet, too.
  // const image = new BaseImage(host, "debian", { pool, source: "debian-12-generic-amd64.qcow2" });
  // new VirtualMachine(host, "web-1", { host, image, networks: [{ network }], memory: Size.gibibytes(2) });
}
app.synth();
`;
}

export function gitignore(): string {
  return `${ignored.join("\n")}\n`;
}

function json(content: object): string {
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
