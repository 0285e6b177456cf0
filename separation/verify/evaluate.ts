import type { Cell } from "../policy/analysis";
import type { Model } from "../policy/model";
import { machinesForwarding } from "../policy/model-index";
import { type PacketCell, PacketMatrix } from "./packet-matrix";
import type { ProbePlan } from "./probe-plan";
import type { FlowResult, ProbeReport } from "./probe-protocol";
import type { Probe } from "./probe-recorder";

/** What packets proved, compared with the policy. */
export interface Evaluation {
  /** The matrix of the packets, in the order of the policy's matrix. */
  readonly cells: readonly PacketCell[];
  readonly mismatches: readonly Mismatch[];
  /** One line for each machine that could not be probed, and for packets that could not be sent. */
  readonly unclear: readonly string[];
  /** How many frames arrived that are known to arrive (decisions/0009). */
  readonly known: number;
  /** How many frames arrived while libvirt replaced filters. */
  readonly momentary: number;
  /** How many denied connections were not tried, because the guest has no route to the target. */
  readonly routeless: number;
  readonly pairs: number;
  readonly frames: number;
  readonly flows: number;
}

/** A difference between the policy and what packets did. */
export interface Mismatch {
  readonly kind: "arrived" | "overheard" | "unanswered" | "interrupted";
  /** Path of the sender. */
  readonly from: string;
  /** Path of the machine that received it or should have; empty for an address that no machine has. */
  readonly to: string;
  readonly what: readonly string[];
  /** How many frames arrived. */
  readonly count?: number;
  /** Name of the rule that allows the packets. */
  readonly rule?: string;
  readonly text: string;
}

const noResult = "the provider reported no result";

/**
 * One in this many frames may arrive while filters change.
 *
 * Observed with libvirt 9.0: whenever it applies a filter of any machine, it removes its chains from the host's FORWARD and INPUT
 * and adds them again, one command after the other. In between, only ebtables filters the guests of that host. ebtables does not
 * track connections, so frames that look like answers pass. A machine that has just migrated to the host has no ebtables rules yet
 * and receives the broadcasts and multicasts of that moment. Neither can start a connection: the machine's own answers are
 * dropped.
 */
const framesPerTransient = 10;

/** The error of a machine that is reached, but does not listen on the port. */
const connectionRefused = /connection refused/i;

/** The error of a guest without a route to the target, which proves nothing about filters. */
const networkUnreachable = /network is unreachable/i;

/** Compares what arrived with the policy: a pure function. */
export function evaluate(model: Model, cells: readonly Cell[], plan: ProbePlan, report: ProbeReport): Evaluation {
  return new Evaluator(model, plan, report).evaluate(cells);
}

class Evaluator {
  private readonly probes: ReadonlyMap<number, Probe>;
  private readonly heldFlows: ReadonlySet<number>;
  private readonly unprobed: ReadonlyMap<string, string>;
  /** Paths of machines that are not on their first host anymore. */
  private readonly moved: ReadonlySet<string>;
  private readonly nameCounts = new Map<string, number>();
  private readonly mismatches: Mismatch[] = [];
  private readonly matrix = new PacketMatrix();
  private readonly zoneOfMac: ReadonlyMap<string, string>;
  private readonly unclear: string[] = [];
  private known = 0;
  private routeless = 0;
  private momentary = 0;

  constructor(
    private readonly model: Model,
    private readonly plan: ProbePlan,
    private readonly report: ProbeReport,
  ) {
    this.probes = new Map(plan.probes.map((probe) => [probe.id, probe]));
    this.heldFlows = new Set(plan.request.flows.filter(({ hold }) => hold).map(({ id }) => id));
    const errors = new Map(report.machines.map(({ name, error }) => [name, error]));
    this.unprobed = new Map(
      plan.request.machines
        .map(({ name }): [string, string] => [name, errors.get(name) ?? noResult])
        .filter(([, error]) => error !== ""),
    );
    const first = new Map(plan.request.machines.map(({ name, hosts }) => [name, hosts[0]]));
    this.moved = new Set(
      report.machines.filter(({ name, host }) => host !== "" && host !== first.get(name)).map(({ name }) => name),
    );
    for (const { name } of model.machines) {
      this.nameCounts.set(name, (this.nameCounts.get(name) ?? 0) + 1);
    }
    const zones = new Map(model.zones.map(({ path, name }) => [path, name]));
    const networks = new Map(model.networks.map(({ path, zone }) => [path, zones.get(zone ?? "")]));
    this.zoneOfMac = new Map(
      model.machines.flatMap(({ interfaces }) =>
        interfaces.map(({ mac = "", network = "" }): [string, string] => [
          mac.toLowerCase(),
          networks.get(network) ?? "",
        ]),
      ),
    );
  }

  public evaluate(cells: readonly Cell[]): Evaluation {
    for (const [machine, error] of this.unprobed) {
      this.unclear.push(`${this.nameOf(machine)} could not be probed: ${error}`);
    }
    this.evaluateFlows();
    this.evaluateSent();
    this.evaluateArrivals();
    return {
      cells: cells.map((cell) => this.matrix.cellFor(cell)),
      mismatches: this.mismatches,
      unclear: this.unclear,
      known: this.known,
      momentary: this.momentary,
      routeless: this.routeless,
      pairs: this.plan.pairs,
      frames: this.report.sent.reduce((sum, { frames }) => sum + frames, 0),
      flows: this.report.flows.length,
    };
  }

  public nameOf(path: string): string {
    const name = this.model.machines.find((machine) => machine.path === path)?.name ?? path;
    return (this.nameCounts.get(name) ?? 0) > 1 ? path : name;
  }

  private evaluateFlows(): void {
    const results = new Map(this.report.flows.map((result) => [result.id, result]));
    const untried = new Map<string, string[]>();
    const reached = new Map<string, string[]>();
    for (const { id } of this.plan.request.flows) {
      const probe = this.probes.get(id);
      const result = results.get(id);
      if (probe === undefined || this.unprobed.has(probe.from) || this.unprobed.has(probe.to ?? "")) continue;
      if (result === undefined || result.tries === 0) {
        untried.set(probe.from, [...(untried.get(probe.from) ?? []), targetText(probe, this)]);
      } else if (probe.expectation === "answered") {
        this.evaluateAllowed(probe, result);
      } else if (result.answered > 0 || connectionRefused.test(result.error)) {
        reached.set(probe.from, [...(reached.get(probe.from) ?? []), probe.what]);
        this.matrix.addLeak(probe, probe.toZone);
      } else if (networkUnreachable.test(result.error)) {
        this.routeless++;
      }
    }
    for (const [from, what] of reached) {
      const text = `${this.nameOf(from)} reached ${what.join("; ")}, which no rule allows`;
      this.mismatches.push({ kind: "arrived", from, to: "", what, text });
    }
    for (const [from, what] of untried) {
      this.unclear.push(`${this.nameOf(from)} could not try ${firstAndCount(what)}: ${noResult}`);
    }
  }

  private evaluateAllowed(probe: Probe, result: FlowResult): void {
    const { from, to = "", what, rule = "" } = probe;
    const common = { from, to, what: [what], rule };
    const error = result.error === "" ? "" : ` (${result.error})`;
    const isHeld = this.heldFlows.has(probe.id);
    this.matrix.addAllowed(probe, result.answered > 0);
    if (result.answered === 0) {
      const seen = result.arrived > 0 ? "; the packets arrived, but no answer came back" : "";
      const text = `${this.nameOf(from)} did not reach ${targetText(probe, this)}, which rule '${rule}' allows${seen}${error}`;
      this.mismatches.push({ kind: "unanswered", ...common, text });
      return;
    }
    if (isHeld && result.error !== "") {
      const text = `${this.nameOf(from)} lost ${targetText(probe, this)}, which rule '${rule}' allows${error}`;
      this.mismatches.push({ kind: "interrupted", ...common, text });
    } else if (result.longestGap > this.plan.maxPause * 1_000) {
      const seconds = (result.longestGap / 1_000).toFixed(1);
      const text = `${this.nameOf(from)} did not reach ${targetText(probe, this)} for ${seconds} s, which rule '${rule}' allows`;
      this.mismatches.push({ kind: "interrupted", ...common, text });
    }
  }

  private evaluateSent(): void {
    const sent = new Map(this.report.sent.map((each) => [each.id, each]));
    const failed = new Map<string, { from: string; error: string; what: string[] }>();
    for (const { id, from } of this.plan.request.frames) {
      const probe = this.probes.get(id);
      const { frames, error } = sent.get(id) ?? { frames: 0, error: noResult };
      if (probe === undefined || frames > 0 || this.unprobed.has(from)) continue;
      const key = JSON.stringify([from, error]);
      const same = failed.get(key) ?? { from, error, what: [] };
      failed.set(key, same);
      same.what.push(targetText(probe, this));
    }
    for (const { from, error, what } of failed.values()) {
      this.unclear.push(`${this.nameOf(from)} could not send ${firstAndCount(what)}: ${error}`);
    }
  }

  private evaluateArrivals(): void {
    const received = new Map<string, { probe: Probe; at: string; what: string[]; count: number }>();
    for (const { id, at, interface: mac, count } of this.report.arrived) {
      const probe = this.probes.get(id);
      if (probe === undefined) continue;
      if (probe.expectation === "known") {
        this.known++;
        continue;
      }
      if (this.isMomentary(probe, at, count)) {
        this.momentary += count;
        continue;
      }
      if (probe.expectation === "answered") {
        const expected = [probe.to, ...machinesForwarding(probe.rule ?? "", this.model)];
        if (expected.includes(at)) continue;
      } else {
        this.matrix.addLeak(probe, this.zoneOfMac.get(mac.toLowerCase()) ?? probe.toZone);
      }
      const key = JSON.stringify([probe.from, at, probe.expectation]);
      const same = received.get(key) ?? { probe, at, what: [], count: 0 };
      received.set(key, same);
      same.count += count;
      const receiver = probe.to === at || probe.to === undefined ? "" : ` for ${this.nameOf(probe.to)}`;
      if (!same.what.includes(`${probe.what}${receiver}`)) same.what.push(`${probe.what}${receiver}`);
    }
    for (const { probe, at, what, count } of received.values()) {
      const [kind, verb] =
        probe.expectation === "answered" ? (["overheard", "overheard"] as const) : (["arrived", "received"] as const);
      const text = `${this.nameOf(at)} ${verb} ${what.join(", ")} from ${this.nameOf(probe.from)}, which no rule allows`;
      this.mismatches.push({ kind, from: probe.from, to: at, what, count, text });
    }
  }

  private isMomentary({ id, isLikeAnswer = false }: Probe, at: string, count: number): boolean {
    const sent = this.report.sent.find((each) => each.id === id)?.frames ?? 0;
    return (isLikeAnswer || this.moved.has(at)) && this.plan.request.for > 0 && count * framesPerTransient <= sent;
  }
}

function targetText({ to, what }: Probe, names: Evaluator): string {
  return to === undefined ? what : `${names.nameOf(to)} with ${what}`;
}

/** Formats a list by its first entry and the number of the others: `tcp 7 and 12 others`. */
function firstAndCount(what: readonly string[]): string {
  const [first = "", ...others] = what;
  return others.length === 0 ? first : `${first} and ${others.length} ${others.length === 1 ? "other" : "others"}`;
}
