export { down, type DownOptions } from "./down";
export type { Accelerator, Lab, LabHost, LabImage, LabShared } from "./fleet";
export { type HostKind, type HostRequest, parseHostRequests } from "./host-kind";
export { type HostStatus, type LabStatus, load, status } from "./status";
export { up, type UpOptions } from "./up";
