import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { LabHost } from "../lab";
import { terraformBinary } from "../lab/terraform-binary";
import { ProcessUsage, type Usage } from "./process-usage";
import { firstError } from "./terraform-error";

/** The duration of one run of Terraform. */
export interface Run {
  /** The seconds from its start to its end. */
  readonly seconds: number;
  /** The seconds from the start of the first change to the end of the last change, according to Terraform's output. */
  readonly changing: number;
  readonly terraform: Usage;
  readonly provider: Usage;
}

/** The arguments of a block of a configuration. */
export type Block = Readonly<Record<string, unknown>>;

/** Resources by type, then by name. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** A folder with a configuration and the state of the applied resources. */
export class Workspace {
  constructor(readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
  }

  /** Writes the configuration and runs `terraform init`. */
  async write(resources: Resources, hosts: readonly LabHost[]): Promise<void> {
    this.rewrite(resources, hosts);
    await this.run(["init", "-input=false"]);
  }

  /** Writes another configuration to an initialized folder. */
  rewrite(resources: Resources, hosts: readonly LabHost[]): void {
    const configuration = hosts.length === 0 ? { resource: resources } : { ...fleet(hosts), resource: resources };
    fs.writeFileSync(path.join(this.folder, "main.tf.json"), JSON.stringify(configuration));
  }

  apply(...options: string[]): Promise<Run> {
    return this.run(["apply", "-input=false", "-auto-approve", ...options]);
  }

  destroy(...options: string[]): Promise<Run> {
    return this.run(["destroy", "-input=false", "-auto-approve", ...options]);
  }

  /** Runs a plan, and fails if it has changes. */
  planNothing(): Promise<Run> {
    return this.run(["plan", "-input=false", "-detailed-exitcode"]);
  }

  /** Reads all resources from the hosts. */
  refresh(): Promise<Run> {
    return this.run(["plan", "-refresh-only", "-input=false"]);
  }

  private run(args: readonly string[]): Promise<Run> {
    return new Promise((resolve, reject) => {
      const began = performance.now();
      // The machines' disks need not exist. Terraform takes longer to print the warnings about them, with the whole
      // configuration in each, than for everything else.
      const child = spawn(terraformBinary(), [...args, "-no-color", "-compact-warnings"], {
        cwd: this.folder,
        env: environment(),
      });
      const usage = child.pid === undefined ? undefined : new ProcessUsage(child.pid);
      let output = "";
      const changing = new Changing();
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
          changing.read(text);
        });
      }
      child.stdin.end();
      child.once("error", reject);
      child.once("close", (code) => {
        const seconds = (performance.now() - began) / 1000;
        usage?.end();
        const provider = usage?.of(/terraform-provider-libvirt/);
        const terraform = usage?.of(/^(?!.*terraform-provider)/);
        if (code === 0 && provider && terraform) resolve({ seconds, changing: changing.seconds, terraform, provider });
        else reject(new Error(`'terraform ${args[0] ?? ""}' failed: ${firstError(output)}`));
      });
    });
  }
}

/** The time in which Terraform changes resources, according to its output. */
class Changing {
  private began: number | undefined;
  private ended: number | undefined;

  read(text: string): void {
    if (/: (Creating|Modifying|Destroying)\.\.\./.test(text)) this.began ??= performance.now();
    if (/: \w+ complete after /.test(text)) this.ended = performance.now();
  }

  get seconds(): number {
    return this.began === undefined || this.ended === undefined ? 0 : (this.ended - this.began) / 1000;
  }
}

/** The blocks of a configuration that name the provider and its hosts. */
export function fleet(hosts: readonly LabHost[]) {
  return {
    terraform: {
      required_providers: { libvirt: { source: "registry.terraform.io/kvm-fleet/libvirt", version: "0.1.0" } },
    },
    provider: {
      libvirt: [
        {
          hosts: Object.fromEntries(hosts.map(({ name, uri, tcpUri }) => [name, { uri, migration_uri: tcpUri }])),
        },
      ],
    },
  };
}

function environment(): NodeJS.ProcessEnv {
  const { TF_CLI_CONFIG_FILE: cliConfig, ...others } = process.env;
  return {
    ...others,
    ...(cliConfig !== undefined && fs.existsSync(cliConfig) ? { TF_CLI_CONFIG_FILE: cliConfig } : {}),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  };
}
