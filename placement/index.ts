export { type Bound, boundOf, useOf } from "./bound";
export { capacityOf, demandOf, type DomainDemand, type HostFacts, type HostLimits } from "./capacity";
export { check, inWords, unmetPreferences } from "./check";
export { type Conflict, conflictIn } from "./conflict";
export type { CpuDemand, HostCpus } from "./cpus";
export { dedicate, dedicateAll, type Dedication } from "./dedicate";
export { type Decision, type Decisions, formatDecisions, LOCK_FILE, parseDecisions } from "./decisions";
export { explain, type Explanation, type Possibility } from "./explain";
export type {
  Assignment,
  Finding,
  FleetNode,
  HostNode,
  MachineNode,
  PlacementModel,
  Resources,
  Rule,
  Strategy,
} from "./model";
export { type Move, place, type Placement } from "./place";
export { nameOf, quantity } from "./quantity";
export { lostIn } from "./survive";
export { type DeclaredDomain, type DeclaredMachine, type DeclaredModel, modelOf } from "./declared";
