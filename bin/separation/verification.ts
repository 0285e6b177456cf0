import {
  type Analysis,
  type Evaluation,
  type Flow,
  type FlowResult,
  type Probe,
  type ProbePlan,
  sameMatrix,
} from "../../separation";
import { matrixMarkdown, matrixTable } from "./report";

/** The result of a verification with packets, as `--json` writes it. */
export interface Verification extends Omit<Evaluation, "cells"> {
  /** The matrix of the policy, and below it the matrix of the packets. */
  readonly policy: Analysis["cells"];
  readonly packets: Evaluation["cells"];
  /** Whether the two matrices are equal, and there is no other problem. */
  readonly verified: boolean;
  readonly untried: readonly string[];
  readonly seconds: number;
  /** Each flow that was tried, and its result. */
  readonly tried: readonly (Omit<FlowResult, "id"> &
    Pick<Probe, "from" | "to" | "what" | "rule" | "expectation"> &
    Pick<Flow, "hold">)[];
}

export function verificationOf(
  { cells: policy }: Analysis,
  plan: ProbePlan,
  evaluation: Evaluation,
  report: { readonly seconds: number; readonly flows: readonly FlowResult[] },
): Verification {
  const { cells: packets, ...evaluated } = evaluation;
  const probes = new Map(plan.probes.map((probe) => [probe.id, probe]));
  const held = new Set(plan.request.flows.filter(({ hold }) => hold).map(({ id }) => id));
  return {
    policy,
    packets,
    verified: evaluated.mismatches.length === 0 && evaluated.unclear.length === 0 && sameMatrix(policy, packets),
    ...evaluated,
    untried: plan.untried,
    seconds: report.seconds,
    tried: report.flows.flatMap(({ id, ...result }) => {
      const probe = probes.get(id);
      if (probe === undefined) return [];
      const { from, to, what, rule, expectation } = probe;
      return [{ from, to, what, rule, expectation, hold: held.has(id), ...result }];
    }),
  };
}

/** The report for standard output. Problems go to standard error. */
export function verificationLines(verification: Verification): string[] {
  const { policy, packets } = verification;
  return [
    "Allowed by the policy:",
    matrixTable({ cells: policy }),
    "",
    "Observed with packets:",
    matrixTable({ cells: packets }),
    "",
    ...countLines(verification),
  ];
}

/** A line for each mismatch, and for each machine or flow without a result. */
export function problemLines({ mismatches, unclear }: Verification): string[] {
  return [...mismatches.map(({ text }) => text), ...unclear];
}

/** The report for a pull request. */
export function verificationMarkdown(verification: Verification): string {
  const { policy, packets } = verification;
  const problems = problemLines(verification);
  return [
    "## Network separation, with packets",
    "",
    ...(problems.length > 0
      ? ["**Differences from the policy:**", "", ...problems.map((line) => `- ${line}`), ""]
      : []),
    "Allowed by the policy:",
    "",
    ...matrixMarkdown({ cells: policy }),
    "",
    "Observed with packets:",
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
  flows,
  untried,
  seconds,
}: Verification): string[] {
  const verdict = sameMatrix(policy, packets) ? "the matrices are equal" : "the matrices differ";
  return [
    `${verdict}: ${pairs} pairs of interfaces, ${flows} connections and ${frames} forged frames in ${Math.round(seconds)} s`,
    ...(known > 0
      ? [`${known} false neighbour advertisements arrived, which is a known limitation (decisions/0009)`]
      : []),
    ...(momentary > 0
      ? [`${momentary} frames arrived while libvirt replaced filters, which is a known limitation (decisions/0009)`]
      : []),
    ...(routeless > 0
      ? [`${routeless} addresses and ports of hosts were not tried, because the machines have no route to them`]
      : []),
    ...untried,
  ];
}
