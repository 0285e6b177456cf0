import type { Cell } from "../policy/analysis";
import type { Probe } from "./probe-recorder";

/** The flows that packets proved between two zones. */
export interface PacketCell {
  readonly from: string;
  readonly to: string;
  readonly flows: readonly { readonly flow: string }[];
}

/** Marks a flow that no connection tried. */
const untried = ", not tried";

/** Collects which flows packets proved, from zone to zone. */
export class PacketMatrix {
  /** How many connections were tried and answered, by zones and rule. */
  private readonly tried = new Map<string, { tried: number; answered: number }>();
  /** Flows that arrived without a rule, by zones. */
  private readonly leaks = new Map<string, Set<string>>();

  /** Records a connection that a rule allows. */
  public addAllowed({ zone, toZone, rule = "" }: Probe, isAnswered: boolean): void {
    const key = JSON.stringify([zone, toZone, rule]);
    const count = this.tried.get(key) ?? { tried: 0, answered: 0 };
    this.tried.set(key, count);
    count.tried++;
    if (isAnswered) count.answered++;
  }

  /** Records a flow that arrived in a zone although no rule allows it. */
  public addLeak({ zone, flow }: Probe, toZone: string | undefined): void {
    if (toZone === undefined || flow === undefined) return;
    const key = JSON.stringify([zone, toZone]);
    this.leaks.set(key, (this.leaks.get(key) ?? new Set()).add(flow));
  }

  /** The cell of the packets for a cell of the policy, in the words of the policy's rules. */
  public cellFor({ from, to, flows }: Cell): PacketCell {
    const counts = new Map<string, { tried: number; answered: number }>();
    for (const { flow, rule } of flows) {
      const { tried, answered } = this.tried.get(JSON.stringify([from, to, rule])) ?? { tried: 0, answered: 0 };
      const sum = counts.get(flow) ?? { tried: 0, answered: 0 };
      counts.set(flow, { tried: sum.tried + tried, answered: sum.answered + answered });
    }
    const proved = [...counts].flatMap(([flow, { tried, answered }]) =>
      tried === 0 ? [`${flow}${untried}`] : answered === 0 ? [] : answered < tried ? [`${flow} in part`] : [flow],
    );
    const leaked = [...(this.leaks.get(JSON.stringify([from, to])) ?? [])].map((flow) => `${flow} by no rule`);
    return { from, to, flows: [...proved, ...leaked.sort()].map((flow) => ({ flow })) };
  }
}

/** Reports whether the matrix of the packets equals the matrix of the policy, except for flows that were not tried. */
export function sameMatrix(cells: readonly PacketCell[], packets: readonly PacketCell[]): boolean {
  const flowList = (flows: PacketCell["flows"]) =>
    [...new Set(flows.map(({ flow }) => flow.replace(untried, "")))].join("; ");
  return cells.every(({ flows }, place) => flowList(flows) === flowList(packets[place]?.flows ?? []));
}
