import type {
  DomainConfig,
  DomainCputune,
  DomainCputuneIothreads,
  DomainCputuneVcpupin,
} from "@cdktf/provider-libvirt";
import { Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { type CpuDemand, dedicate, type Dedication, LOCK_FILE } from "../../../placement";
import { ConstructState } from "../../core/construct-state";
import { parseCpuList } from "../../core/cpu-list";
import { addCheck, addError } from "../../core/errors";
import { Late } from "../../core/late";
import { checkWhole } from "../../core/numbers";
import { decisionFor } from "../../host/decisions";
import { DeclaredPlacement } from "../../host/declared-placement";
import { hostCpus } from "../../host/dedicated-cpus";
import type { IHost } from "../../host/types";
import type { CpuTopology } from "../cpu-topology";
import type { Dedicated } from "../dedicated";
import type { PlacedProps } from "./place-machine";

/** The CPUs of one host, in all stacks of the app: which machines have some alone, and which others are pinned to some. */
class CpusOfHost {
  private readonly demands = new Map<string, CpuDemand>();
  private readonly pins: { readonly machine: IConstruct; readonly cpus: readonly number[] }[] = [];
  private dedication: Dedication | undefined;

  constructor(private readonly host: IHost) {
    addCheck(host, () => this.messages());
  }

  public add(machine: IConstruct, demand: CpuDemand): void {
    this.demands.set(machine.node.path, demand);
    this.dedication = undefined;
  }

  public addPins(machine: IConstruct, cpus: readonly number[]): void {
    this.pins.push({ machine, cpus });
  }

  /** The CPUs of a machine, after all machines have been added. */
  public of(machine: IConstruct): readonly number[] | undefined {
    return this.decided.cpus.get(machine.node.path);
  }

  private get decided(): Dedication {
    const { hostName } = this.host;
    this.dedication ??= dedicate(hostName, hostCpus(this.host) ?? { cores: [], packages: [] }, this.demands);
    return this.dedication;
  }

  private messages(): string[] {
    const { cpus, findings } = this.decided;
    const cores = hostCpus(this.host)?.cores ?? [];
    const shared = this.pins.flatMap(({ machine, cpus: pinned }) =>
      [...cpus].flatMap(([path, own]) => {
        const core = cores.find(
          (each) => each.some((cpu) => own.includes(cpu)) && each.some((cpu) => pinned.includes(cpu)),
        );
        return core === undefined || path === machine.node.path
          ? []
          : [
              `the pinning of the machine must not contain CPU ${core.join(", ")} of host '${this.host.hostName}', which ${path} has alone; ` +
                `choose other CPUs (at ${machine.node.path})`,
            ];
      }),
    );
    return [...findings.map(({ at, message }) => `${message} (at ${at})`), ...shared];
  }
}

/** By the URI of the host: several stacks can have a Host of their own for one host. */
const hosts = new ConstructState(() => new Map<string, CpusOfHost>());

/** The CPUs of a host. */
function cpusOf(host: IHost): CpusOfHost {
  const all = hosts.of(host.node.root);
  const known = all.get(host.uri) ?? new CpusOfHost(host);
  all.set(host.uri, known);
  return known;
}

/** The topology of a machine that has all threads of its cores: the guest sees as many in a core as the host has. */
export function dedicatedTopology({ dedicated, host }: PlacedProps): CpuTopology | undefined {
  const threads = hostCpus(host)?.cores[0]?.length ?? 1;
  return dedicated?.options.threads === true && threads > 1 ? { threads } : undefined;
}

/** Renders how a machine with CPUs of its own is pinned and scheduled. Without CPUs of its own, only its pins are noted. */
export function withDedicated(
  machine: Construct,
  props: PlacedProps,
  tune: DomainCputune | undefined,
): DomainConfig["cputune"] {
  const { host, dedicated } = props;
  if (dedicated === undefined) {
    notePins(machine, host, tune);
    return tune;
  }
  const { vcpuPinning, vcpuSchedulers, emulatorPinning } = props.resources ?? {};
  const { realtime = false } = dedicated.options;
  const housekeeping = typeof host.dedicatedCpus === "object" ? host.dedicatedCpus.housekeeping : undefined;
  const rest = emulatorPinning ?? housekeeping;
  const conflicts = { maxVcpus: props.maxVcpus, "resources.vcpuPinning": vcpuPinning };
  for (const [property, value] of Object.entries(conflicts)) {
    if (value !== undefined)
      addError(machine, `'${property}' cannot be combined with Dedicated 'vcpus'; remove one of them`);
  }
  if (realtime !== false && vcpuSchedulers !== undefined) {
    addError(machine, "'resources.vcpuSchedulers' cannot be combined with 'vcpus.realtime'; remove one of them");
  }
  if (realtime !== false && rest === undefined) {
    addError(
      machine,
      `'vcpus.realtime' requires CPUs for the rest of the machine's process; set 'dedicatedCpus.housekeeping' of host '${host.hostName}', ` +
        "or 'resources.emulatorPinning'",
    );
  }
  takeCpus(machine, host, dedicated);
  return new Late(() => {
    const own = cpusOf(host).of(machine) ?? [];
    const others = rest ?? own.join(",");
    const each = <T>(value: (cpu: number) => T) =>
      Object.fromEntries(own.map((cpu, vcpu) => [String(vcpu), value(cpu)] as const));
    return {
      ...tune,
      vcpupin: each((cpu) => ({ cpuset: String(cpu) })),
      emulatorpin: others,
      ...(realtime === false
        ? {}
        : { vcpusched: each(() => ({ scheduler: "fifo", priority: realtime === true ? 1 : realtime })) }),
      iothreads:
        tune?.iothreads &&
        Object.fromEntries(
          Object.entries(tune.iothreads as Record<string, DomainCputuneIothreads>).map(([number, thread]) => [
            number,
            { cpuset: others, ...withoutUndefined(thread) },
          ]),
        ),
    };
  });
}

/** Notes to which CPUs a machine is pinned that shares them. */
function notePins(machine: IConstruct, host: IHost, tune: DomainCputune | undefined): void {
  const {
    vcpupin = {},
    iothreads = {},
    emulatorpin,
  } = (tune ?? {}) as {
    vcpupin?: Record<string, DomainCputuneVcpupin>;
    iothreads?: Record<string, DomainCputuneIothreads>;
    emulatorpin?: string;
  };
  const lists = [emulatorpin, ...[...Object.values(vcpupin), ...Object.values(iothreads)].map(({ cpuset }) => cpuset)];
  const cpus = lists.flatMap((list) =>
    list === undefined || Token.isUnresolved(list) ? [] : (parseCpuList(list) ?? []),
  );
  if (cpus.length > 0) cpusOf(host).addPins(machine, cpus);
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;
}

/** Checks what a machine says about CPUs of its own, and takes them. */
function takeCpus(machine: Construct, host: IHost, { count, options }: Dedicated): void {
  const { threads = false, samePackage = false, realtime, cpus } = options;
  checkWhole(machine, "vcpus.count", count, { least: 1 });
  checkWhole(machine, "vcpus.realtime", typeof realtime === "number" ? realtime : undefined, { least: 1, most: 99 });
  if (Token.isUnresolved(count)) {
    addError(machine, "'vcpus' must be known to have dedicated CPUs, got a reference; state a number");
    return;
  }
  if (host.dedicatedCpus === undefined) {
    addError(
      machine,
      `'vcpus' requires 'dedicatedCpus' of host '${host.hostName}'; declare the CPUs that machines can have alone`,
    );
    return;
  }
  const stated = cpus === undefined ? undefined : parseCpuList(cpus);
  if (cpus !== undefined && stated?.length !== count) {
    addError(machine, `'vcpus.cpus' must be ${count} CPUs of the host, got '${cpus}'; write it like '2-${count + 1}'`);
    return;
  }
  const decision = decisionFor(machine);
  const decided =
    decision?.host === host.hostName && decision.cpus !== undefined ? parseCpuList(decision.cpus) : undefined;
  const demand: CpuDemand = { count, threads, samePackage, stated, current: decided };
  DeclaredPlacement.of(machine).dedicate(machine, demand);
  cpusOf(host).add(machine, demand);
  if (!DeclaredPlacement.of(machine).isAsked && stated === undefined && decided === undefined) {
    addError(
      machine,
      `'vcpus' is Dedicated, and no CPUs are decided for the machine; state 'cpus', or run 'kvm-fleet place', and commit ${LOCK_FILE}`,
    );
  }
}
