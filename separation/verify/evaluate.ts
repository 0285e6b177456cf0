import { type Cell } from "../policy/analysis";
import type { Model } from "../policy/model";
import type { Probe } from "./probe";
import { forwardersOf, type ProbePlan } from "./probe-plan";

/** What the provider says of what was sent. */
export interface ProbeReport {
  readonly machines: readonly { readonly name: string; readonly host: string; readonly error: string }[];
  readonly talks: readonly TalkResult[];
  readonly arrived: readonly Arrival[];
  readonly sent: readonly { readonly id: number; readonly frames: number; readonly error: string }[];
  readonly seconds: number;
}

export interface TalkResult {
  readonly id: number;
  readonly tries: number;
  readonly answered: number;
  /** How often it was seen where it was to go. */
  readonly arrived: number;
  /** In milliseconds. */
  readonly longestGap: number;
  readonly error: string;
}

export interface Arrival {
  readonly id: number;
  /** Path of the machine. */
  readonly at: string;
  /** MAC address of the interface. */
  readonly leg: string;
  readonly count: number;
}

/** What became of what was sent, held against the policy. */
export interface Evaluation {
  /** As the cells of the analysis: what got through from zone to zone. */
  readonly cells: readonly PacketCell[];
  readonly mismatches: readonly Mismatch[];
  /** What is not known, a line each: who could not be probed, and what could not be sent. */
  readonly unclear: readonly string[];
  /** What arrived, and is known to. */
  readonly known: number;
  /** What was let through for a moment while filters were put in place. */
  readonly momentary: number;
  /** What is denied and was not tried, as the guest has no route there. */
  readonly routeless: number;
  readonly pairs: number;
  readonly frames: number;
  readonly talks: number;
}

export interface PacketCell {
  readonly from: string;
  readonly to: string;
  readonly flows: readonly { readonly flow: string }[];
}

/** Something that is not as the policy says. */
export interface Mismatch {
  readonly kind: "arrived" | "overheard" | "unanswered" | "interrupted";
  /** Path of the machine that sent it. */
  readonly from: string;
  /** Path of the machine that got it, or was to; empty for an address that is none of theirs. */
  readonly to: string;
  readonly what: readonly string[];
  /** How many of it arrived. */
  readonly count?: number;
  /** Name of the rule that it was sent by. */
  readonly rule?: string;
  readonly text: string;
}

/** How long a machine that moves, or rules that change, may keep an answer back, in milliseconds. */
const maxPause = 10_000;

/**
 * Of how many frames one may get through while filters change.
 *
 * Observed with libvirt 9.0: whenever it puts a filter of any machine in place, it takes its chains out of the host's FORWARD and
 * INPUT and puts them back, a command each. In between, ebtables alone holds everybody on that host, which knows no connections:
 * what looks like an answer gets through. A machine that arrives there has no rules of ebtables yet, and finds what was sent to all
 * in that moment in its queue. Neither begins anything: its own answers are held.
 */
const framesPerTransient = 10;

/** Said where somebody is there, and listens on no such port. */
const connectionRefused = /connection refused/i;

/** Said where a guest does not know where to send something: that proves nothing. */
const networkUnreachable = /network is unreachable/i;

/** Holds what arrived against what the policy says: a pure function of both. */
export function evaluate(model: Model, cells: readonly Cell[], plan: ProbePlan, report: ProbeReport): Evaluation {
  return new Evaluator(model, plan, report).evaluate(cells);
}

class Evaluator {
  private readonly probes: ReadonlyMap<number, Probe>;
  private readonly heldTalks: ReadonlySet<number>;
  private readonly unprobed: ReadonlyMap<string, string>;
  /** Machines that are not where they were at first. */
  private readonly moved: ReadonlySet<string>;
  private readonly nameCounts = new Map<string, number>();
  private readonly mismatches: Mismatch[] = [];
  /** Of each cell and flow, how many talks were tried and how many got through. */
  private readonly passed = new Map<string, { tried: number; passed: number }>();
  private readonly leaks = new Map<string, Set<string>>();
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
    this.heldTalks = new Set(plan.request.talks.filter(({ hold }) => hold).map(({ id }) => id));
    const told = new Map(report.machines.map(({ name, error }) => [name, error]));
    this.unprobed = new Map(
      plan.request.machines
        .map(({ name }): [string, string] => [name, told.get(name) ?? "the provider says nothing of it"])
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
    this.evaluateTalks();
    this.evaluateSent();
    this.evaluateArrivals();
    return {
      cells: cells.map((cell) => this.cellOf(cell)),
      mismatches: this.mismatches,
      unclear: this.unclear,
      known: this.known,
      momentary: this.momentary,
      routeless: this.routeless,
      pairs: this.plan.pairs,
      frames: this.report.sent.reduce((sum, { frames }) => sum + frames, 0),
      talks: this.report.talks.length,
    };
  }

  private evaluateTalks(): void {
    const results = new Map(this.report.talks.map((result) => [result.id, result]));
    const lost = new Map<string, string[]>();
    const reached = new Map<string, string[]>();
    for (const { id } of this.plan.request.talks) {
      const probe = this.probes.get(id);
      const result = results.get(id);
      if (probe === undefined || this.unprobed.has(probe.from) || this.unprobed.has(probe.to ?? "")) continue;
      if (result === undefined || result.tries === 0) {
        lost.set(probe.from, [...(lost.get(probe.from) ?? []), targetText(probe, this)]);
      } else if (probe.expectation === "answered") {
        this.evaluateAllowed(probe, result);
      } else if (result.answered > 0 || connectionRefused.test(result.error)) {
        reached.set(probe.from, [...(reached.get(probe.from) ?? []), probe.what]);
        this.leak(probe.zone, probe.toZone, probe.flow);
      } else if (networkUnreachable.test(result.error)) {
        this.routeless++;
      }
    }
    for (const [from, what] of reached) {
      const text = `${this.nameOf(from)} reached ${what.join("; ")}, which no rule allows`;
      this.mismatches.push({ kind: "arrived", from, to: "", what, text });
    }
    for (const [from, what] of lost) {
      this.unclear.push(`${this.nameOf(from)} could not try ${firstAndCount(what)}: the provider says nothing of it`);
    }
  }

  private evaluateAllowed(probe: Probe, result: TalkResult): void {
    const { from, to = "", what, rule = "" } = probe;
    const common = { from, to, what: [what], rule };
    const error = result.error === "" ? "" : ` (${result.error})`;
    const isHeld = this.heldTalks.has(probe.id);
    const key = JSON.stringify([probe.zone, probe.toZone, rule]);
    const count = this.passed.get(key) ?? { tried: 0, passed: 0 };
    this.passed.set(key, count);
    count.tried++;
    if (result.answered === 0) {
      const seen = result.arrived > 0 ? "; it arrived, and no answer came back" : "";
      const text = `${this.nameOf(from)} did not reach ${targetText(probe, this)}, which rule '${rule}' allows${seen}${error}`;
      this.mismatches.push({ kind: "unanswered", ...common, text });
      return;
    }
    count.passed++;
    if (isHeld && result.error !== "") {
      const text = `${this.nameOf(from)} lost ${targetText(probe, this)}, which rule '${rule}' allows${error}`;
      this.mismatches.push({ kind: "interrupted", ...common, text });
    } else if (result.longestGap > maxPause) {
      const seconds = (result.longestGap / 1_000).toFixed(1);
      const text = `${this.nameOf(from)} did not reach ${targetText(probe, this)} for ${seconds} s, which rule '${rule}' allows`;
      this.mismatches.push({ kind: "interrupted", ...common, text });
    }
  }

  private evaluateSent(): void {
    const sent = new Map(this.report.sent.map((each) => [each.id, each]));
    const failed = new Map<string, { from: string; error: string; what: string[] }>();
    for (const { id, from } of this.plan.request.raw) {
      const probe = this.probes.get(id);
      const { frames, error } = sent.get(id) ?? { frames: 0, error: "the provider says nothing of it" };
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
    const got = new Map<string, { probe: Probe; at: string; what: string[]; count: number }>();
    for (const { id, at, leg, count } of this.report.arrived) {
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
        const expected = [probe.to, ...forwardersOf(this.model, probe.rule ?? "")];
        if (expected.includes(at)) continue;
      } else {
        this.leak(probe.zone, this.zoneOfMac.get(leg.toLowerCase()) ?? probe.toZone, probe.flow);
      }
      const key = JSON.stringify([probe.from, at, probe.expectation]);
      const same = got.get(key) ?? { probe, at, what: [], count: 0 };
      got.set(key, same);
      same.count += count;
      const passing = probe.to === at || probe.to === undefined ? "" : ` for ${this.nameOf(probe.to)}`;
      if (!same.what.includes(`${probe.what}${passing}`)) same.what.push(`${probe.what}${passing}`);
    }
    for (const { probe, at, what, count } of got.values()) {
      const [kind, verb] =
        probe.expectation === "answered" ? (["overheard", "overheard"] as const) : (["arrived", "got"] as const);
      const text = `${this.nameOf(at)} ${verb} ${what.join(", ")} from ${this.nameOf(probe.from)}, which no rule allows`;
      this.mismatches.push({ kind, from: probe.from, to: at, what, count, text });
    }
  }

  private isMomentary({ id, isLikeAnswer = false }: Probe, at: string, count: number): boolean {
    const sent = this.report.sent.find((each) => each.id === id)?.frames ?? 0;
    return (isLikeAnswer || this.moved.has(at)) && this.plan.request.for > 0 && count * framesPerTransient <= sent;
  }

  private leak(from: string, to: string | undefined, flow: string | undefined): void {
    if (to === undefined || flow === undefined) return;
    const key = JSON.stringify([from, to]);
    this.leaks.set(key, (this.leaks.get(key) ?? new Set()).add(flow));
  }

  /** What got through, in the words of the rules that let it through; and what did by no rule. */
  private cellOf({ from, to, flows }: Cell): PacketCell {
    const counts = new Map<string, { tried: number; passed: number }>();
    for (const { flow, rule } of flows) {
      const { tried, passed } = this.passed.get(JSON.stringify([from, to, rule])) ?? { tried: 0, passed: 0 };
      const sum = counts.get(flow) ?? { tried: 0, passed: 0 };
      counts.set(flow, { tried: sum.tried + tried, passed: sum.passed + passed });
    }
    const through = [...counts].flatMap(([flow, { tried, passed }]) =>
      tried === 0 ? [`${flow}${untried}`] : passed === 0 ? [] : passed < tried ? [`${flow} in part`] : [flow],
    );
    const leaked = [...(this.leaks.get(JSON.stringify([from, to])) ?? [])].map((flow) => `${flow} by no rule`);
    return { from, to, flows: [...through, ...leaked.sort()].map((flow) => ({ flow })) };
  }

  public nameOf(path: string): string {
    const name = this.model.machines.find((machine) => machine.path === path)?.name ?? path;
    return (this.nameCounts.get(name) ?? 0) > 1 ? path : name;
  }
}

const untried = ", not tried";

/** Whether the two matrices are one, but for what was not tried. */
export function sameMatrix(cells: readonly PacketCell[], packets: readonly PacketCell[]): boolean {
  const spell = (flows: PacketCell["flows"]) =>
    [...new Set(flows.map(({ flow }) => flow.replace(untried, "")))].join("; ");
  return cells.every(({ flows }, place) => spell(flows) === spell(packets[place]?.flows ?? []));
}

function targetText({ to, what }: Probe, names: Evaluator): string {
  return to === undefined ? what : `${names.nameOf(to)} by ${what}`;
}

/** `tcp 7 and 12 others`. */
function firstAndCount(what: readonly string[]): string {
  const [first = "", ...others] = what;
  return others.length === 0 ? first : `${first} and ${others.length} ${others.length === 1 ? "other" : "others"}`;
}
