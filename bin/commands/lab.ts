import { type Command, InvalidArgumentError } from "commander";
import { down, status, up } from "../../lab";
import { exitCodes } from "../failure";
import { progress } from "../progress";
import { table } from "../table";

const defaultName = "lab";
const defaultHosts = 2;

export function addLab(program: Command): void {
  const lab = program.command("lab").description("real KVM hosts on this machine, to try stacks on (root only)");
  lab
    .command("up")
    .description("bring the lab up, or add hosts to it")
    .option("--name <name>", "which lab", defaultName)
    .option("--hosts <number>", "how many hosts it shall have at least", positiveInteger, defaultHosts)
    .option("--shared", "with storage that the hosts share, a GlusterFS volume")
    .action(async ({ name, hosts, shared }: { name: string; hosts: number; shared?: boolean }) => {
      await up({ name, hosts, shared, report: progress });
      await show(name);
    });
  lab
    .command("down")
    .description("take the lab down, and all that runs in it")
    .option("--name <name>", "which lab", defaultName)
    .action(async ({ name }: { name: string }) => {
      await down({ name, report: progress });
    });
  lab
    .command("status")
    .description("show the lab's hosts; exit code 1 where the lab is not up or a host doesn't answer")
    .option("--name <name>", "which lab", defaultName)
    .option("--json", "as JSON")
    .action(async ({ name, json }: { name: string; json?: boolean }) => {
      await show(name, json);
    });
}

async function show(name: string, json = false): Promise<void> {
  const lab = await status(name);
  if (json) {
    console.log(JSON.stringify(lab, undefined, 2));
  } else if (lab.up) {
    const rows = lab.hosts.map((host) => [
      host.name,
      host.alive ? "answers" : "does not answer",
      host.domains === undefined ? "-" : String(host.domains),
      host.uri,
    ]);
    console.log(table(["HOST", "LIBVIRTD", "VMS", "URI"], rows));
  } else {
    console.log(`lab '${name}' is not up`);
  }
  if (!lab.up || lab.hosts.some(({ alive }) => !alive)) {
    process.exitCode = exitCodes.failed;
  }
}

function positiveInteger(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError("it must be a whole number above 0.");
  }
  return number;
}
