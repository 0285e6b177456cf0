import { type Command, InvalidArgumentError } from "commander";
import { down, type HostRequest, parseHostRequests, status, up } from "../../lab";
import { exitCodes } from "../failure";
import { progress } from "../progress";
import { table } from "../table";

const defaultName = "lab";
const defaultHosts = 2;

export function addLab(program: Command): void {
  const lab = program
    .command("lab")
    .description("manage a lab of KVM hosts on this machine, to try stacks on (requires root)");
  lab
    .command("up")
    .description("start the lab, or add hosts to it")
    .option("--name <name>", "name of the lab", defaultName)
    .option(
      "--hosts <hosts>",
      "minimum number of hosts, or hosts and their kinds: alpha,beta=debian13",
      hostsOption,
      defaultHosts,
    )
    .option("--shared", "add storage that the hosts share: a GlusterFS volume")
    .action(async ({ name, hosts, shared }: { name: string; hosts: number | HostRequest[]; shared?: boolean }) => {
      await up({ name, hosts, shared, report: progress });
      await show(name);
    });
  lab
    .command("down")
    .description("stop the lab, and remove everything in it")
    .option("--name <name>", "name of the lab", defaultName)
    .action(async ({ name }: { name: string }) => {
      await down({ name, report: progress });
    });
  lab
    .command("status")
    .description("show the hosts of the lab; exit code 1 if the lab is not up or a host does not answer")
    .option("--name <name>", "name of the lab", defaultName)
    .option("--json", "print JSON")
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
      host.kind,
      host.alive ? "answers" : "does not answer",
      host.domains === undefined ? "-" : String(host.domains),
      host.uri,
    ]);
    console.log(table(["HOST", "KIND", "LIBVIRTD", "VMS", "URI"], rows));
  } else {
    console.log(`lab '${name}' is not up`);
  }
  if (!lab.up || lab.hosts.some(({ alive }) => !alive)) {
    process.exitCode = exitCodes.failed;
  }
}

/** Reads a number of hosts, or the hosts and their kinds. */
function hostsOption(text: string): number | HostRequest[] {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  try {
    return parseHostRequests(text);
  } catch (error) {
    throw new InvalidArgumentError(
      `It must be a whole number above 0 or a list of hosts: ${(error as Error).message}.`,
    );
  }
}
