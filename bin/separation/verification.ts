import type { Analysis } from "../../separation/policy/analysis";
import { isSame, type Judgement, type TalkResult } from "../../separation/verify/evaluate";
import type { Probe, Talk } from "../../separation/verify/probe";
import type { ProbePlan } from "../../separation/verify/probe-plan";
import { matrixMarkdown, matrixTable } from "./report";

/** What packets have shown of a fleet, as `--json` writes it. */
export interface Verification extends Omit<Judgement, "cells"> {
  /** What the analysis says, and what was seen. */
  readonly policy: Analysis["cells"];
  readonly packets: Judgement["cells"];
  /** Whether the two are one, and nothing else is wrong. */
  readonly verified: boolean;
  readonly untried: readonly string[];
  readonly seconds: number;
  /** Each flow that was tried, and how it went. */
  readonly tried: readonly (Omit<TalkResult, "id"> &
    Pick<Probe, "from" | "to" | "what" | "rule" | "expectation"> &
    Pick<Talk, "hold">)[];
}

export function verificationOf(
  { cells: policy }: Analysis,
  plan: ProbePlan,
  judgement: Judgement,
  report: { readonly seconds: number; readonly talks: readonly TalkResult[] },
): Verification {
  const { cells: packets, ...judged } = judgement;
  const probes = new Map(plan.probes.map((probe) => [probe.id, probe]));
  const held = new Set(plan.request.talks.filter(({ hold }) => hold).map(({ id }) => id));
  return {
    policy,
    packets,
    verified: judged.mismatches.length === 0 && judged.unclear.length === 0 && isSame(policy, packets),
    ...judged,
    untried: plan.untried,
    seconds: report.seconds,
    tried: report.talks.flatMap(({ id, ...result }) => {
      const probe = probes.get(id);
      if (probe === undefined) return [];
      const { from, to, what, rule, expectation } = probe;
      return [{ from, to, what, rule, expectation, hold: held.has(id), ...result }];
    }),
  };
}

/** What there is to read, without what is wrong: that is for standard error. */
export function verificationLines(verification: Verification): string[] {
  const { policy, packets } = verification;
  return [
    "What the policy says:",
    matrixTable({ cells: policy }),
    "",
    "What packets did:",
    matrixTable({ cells: packets }),
    "",
    ...countLines(verification),
  ];
}

/** What is wrong, and what is not known: a line each. */
export function wrongLines({ mismatches, unclear }: Verification): string[] {
  return [...mismatches.map(({ text }) => text), ...unclear];
}

/** For a pull request. */
export function verificationMarkdown(verification: Verification): string {
  const { policy, packets } = verification;
  const wrong = wrongLines(verification);
  return [
    "## Network separation, with packets",
    "",
    ...(wrong.length > 0 ? ["**Not as the policy says:**", "", ...wrong.map((line) => `- ${line}`), ""] : []),
    "What the policy says:",
    "",
    ...matrixMarkdown({ cells: policy }),
    "",
    "What packets did:",
    "",
    ...matrixMarkdown({ cells: packets }),
    "",
    ...countLines(verification).map((line) => `- ${line}`),
    "",
  ].join("\n");
}

function countLines({
  policy,
  packets,
  known,
  momentary,
  routeless,
  pairs,
  frames,
  talks,
  untried,
  seconds,
}: Verification): string[] {
  const how = isSame(policy, packets) ? "the same" : "not the same";
  return [
    `the two are ${how}: ${pairs} pairs of interfaces, ${talks} talks and ${frames} forged frames in ${Math.round(seconds)} s`,
    ...(known > 0 ? [`${known} false neighbour advertisements arrived, as is known of them (decisions/0009)`] : []),
    ...(momentary > 0
      ? [`${momentary} frames came through in the moment when filters changed, as is known of them (decisions/0009)`]
      : []),
    ...(routeless > 0
      ? [`${routeless} addresses and ports of hosts were not tried, from machines that have no route there`]
      : []),
    ...untried,
  ];
}
