export { type AllowedPath, type Analysis, analyze, type Cell } from "./policy/analysis";
export { type Assignment, type Compilation, compile, type Filter } from "./policy/compile";
export { type Change, type Difference, differenceOf } from "./policy/difference";
export { explain, type ExplainedFlow, type Explanation } from "./policy/explain";
export {
  flowOf,
  type GatewayNode,
  type HostNode,
  type Leg,
  type MachineNode,
  type Model,
  type NetworkMode,
  type NetworkNode,
  type Ports,
  type Protocol,
  type Rule,
  type Selector,
  type Violation,
  type Zone,
} from "./policy/model";
export { canonical, eui64, isBlock, networkOf } from "./policy/ranges";
export { isSame, type Judgement, judge, type ProbeReport, type TalkResult } from "./verify/evaluate";
export type { FrameKind, Probe, ProbedMachine, ProbeRequest, RawFrame, Talk } from "./verify/probe";
export { planProbes, type ProbeOptions, type ProbePlan } from "./verify/probe-plan";
