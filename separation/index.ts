export { type Analysis, analyze, type Cell, type RoutedFlow } from "./policy/analysis";
export { compile, type CompiledPolicy, type FilterAssignment, type HostFilter } from "./policy/compile";
export { type Difference, differenceOf, type FlowChange } from "./policy/difference";
export { explain, type ExplainedFlow, type Explanation } from "./policy/explain";
export {
  flowText,
  type GatewayNode,
  type HostNode,
  type InterfaceNode,
  isModel,
  type MachineNode,
  type Model,
  type NetworkMode,
  type NetworkNode,
  type PortSpan,
  type Protocol,
  type Rule,
  type Selector,
  type Violation,
  type Zone,
} from "./policy/model";
export { canonicalAddress, eui64, isAddressOrCidr, networkCidr } from "./policy/ip-addresses";
export { evaluate, type Evaluation } from "./verify/evaluate";
export { sameMatrix } from "./verify/packet-matrix";
export { planProbes, type ProbeOptions, type ProbePlan } from "./verify/probe-plan";
export type {
  Flow,
  FlowResult,
  ForgedFrame,
  FrameKind,
  ProbedMachine,
  ProbeReport,
  ProbeRequest,
} from "./verify/probe-protocol";
export type { Probe } from "./verify/probe-recorder";
