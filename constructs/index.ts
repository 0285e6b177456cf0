export { Cidr } from "./core/cidr";
export { type MovableProps, movedFrom } from "./core/formerly";
export type { PortRange } from "./core/port-range";
export type { ProtectableProps } from "./core/protectable";
export { Size, type SizeRounding } from "./core/size";
export { Cpu, type CpuCache, type CpuFeaturePolicy, type CpuMode, type CpuOptions } from "./host/cpu";
export { Fleet, type FleetFailures, type FleetProps } from "./host/fleet";
export { Host, type HostProps } from "./host/host";
export { PerHost } from "./host/per-host";
export type { Accelerator, DedicatedCpus, IFleet, IHost } from "./host/types";
export { BaseImage, type BaseImageProps } from "./storage/base-image";
export {
  type CephDisk,
  Disk,
  type DiskLogin,
  type GlusterDisk,
  type IscsiDisk,
  type NbdDisk,
  type WebDisk,
} from "./storage/disk";
export type { FilePermissions } from "./storage/permissions";
export { Secret, type SecretAttributes, type SecretProps } from "./storage/secret";
export type {
  CephStoragePoolProps,
  DiskStoragePoolProps,
  FibreChannelAdapter,
  FilesystemStoragePoolProps,
  GlusterStoragePoolProps,
  IscsiStoragePoolProps,
  LvmStoragePoolProps,
  MultipathStoragePoolProps,
  NfsStoragePoolProps,
  ScsiHostAdapter,
  ScsiStoragePoolProps,
  StorageLogin,
  StoragePoolBaseProps,
  StoragePoolBuild,
  StoragePoolProps,
  ZfsStoragePoolProps,
} from "./storage/storage-pool-props";
export { StoragePool, type StoragePoolAttributes } from "./storage/storage-pool";
export type {
  ISecret,
  IStoragePool,
  IVolume,
  PoolVolumes,
  SecretUsage,
  SharedStorage,
  VolumeEncryption,
  VolumeFormat,
} from "./storage/types";
export type { VolumeProps } from "./storage/volume-props";
export { Volume, type VolumeAttributes } from "./storage/volume";
export type { StoragePoolXml } from "./storage/xml";
export { BridgedNetwork, type BridgedNetworkProps } from "./network/bridged-network";
export { type DirectMode, DirectNetwork, type DirectNetworkProps } from "./network/direct-network";
export { IsolatedNetwork, type IsolatedNetworkProps } from "./network/isolated-network";
export { NatNetwork, type NatNetworkProps } from "./network/nat-network";
export { Network, type NetworkAttributes } from "./network/network";
export type { NetworkProps, VirtualNetworkProps } from "./network/props";
export { RoutedNetwork, type RoutedNetworkProps } from "./network/routed-network";
export type {
  DhcpRange,
  NetworkBandwidth,
  NetworkBoot,
  NetworkDns,
  NetworkIpv6,
  NetworkRate,
  NetworkRoute,
  NetworkVlan,
  PortGroup,
} from "./network/settings";
export { SriovNetwork, type SriovNetworkProps } from "./network/sriov-network";
export type { AddressReservation, ForwardMode, INetwork, INetworkZone } from "./network/types";
export { VirtualNetwork } from "./network/virtual-network";
export type { NetworkXml } from "./network/xml";
export type { CloudInitEthernet, CloudInitRoute } from "./seed/cloud-init-network";
export { CloudInit } from "./seed/cloud-init";
export { Combustion, type CombustionProps } from "./seed/combustion";
export { ConfigDrive, type ConfigDriveProps } from "./seed/config-drive";
export { Ignition, type IgnitionProps } from "./seed/ignition";
export type { CloudInitFile, CloudInitPart, CloudInitProps, CloudInitUser } from "./seed/props";
export { SeedDisk, type SeedDiskProps } from "./seed/seed-disk";
export type { ISeed, SeedContent, SeedFile } from "./seed/types";
export type { KernelBoot } from "./machine/boot";
export type { Clock, Timer } from "./machine/clock";
export type {
  BaseLabel,
  Confinement,
  DiskLabels,
  DriverConfinement,
  StaticLabel,
  Unconfined,
} from "./machine/confinement";
export type { CpuTopology } from "./machine/cpu-topology";
export { Dedicated, type DedicatedOptions } from "./machine/dedicated";
export type {
  Balloon,
  DirectoryShare,
  HostDevice,
  RandomNumbers,
  Tpm,
  Watchdog,
  WatchdogAction,
} from "./machine/devices";
export type { CdromAttachment, DiskAttachment, DiskBus, DiskCache, DiskOptions, DiskThrottle } from "./machine/disks";
export type { HyperV, MachineFeatures } from "./machine/features";
export type { Graphics, Video } from "./machine/graphics";
export type { MachineHardwareProps } from "./machine/hardware";
export type { ChangePolicy, MachineState, Migration, Shutdown } from "./machine/lifecycle";
export { RollingGroup, type RollingGroupProps } from "./machine/rolling-group";
export { Architecture } from "./machine/architecture";
export { MachineType } from "./machine/machine-type";
export type { ElasticMemory, MemoryBacking, MemoryModules, PersistentMemory } from "./machine/memory";
export type { NetworkAttachment } from "./machine/network-interfaces";
export type { HostNodes, NumaNode } from "./machine/numa";
export type { Firmware, VirtualMachineProps } from "./machine/props";
export type { MachinePlacement } from "./machine/placement";
export type { HostDiskLimits, MachineResources } from "./machine/resources";
export { type ISnapshot, Snapshot, type SnapshotProps } from "./machine/snapshot";
export type { IoThread, RealTimeScheduler, ThreadScheduler } from "./machine/threads";
export type { IVirtualMachine } from "./machine/types";
export { VirtualMachine, type VirtualMachineAttributes } from "./machine/virtual-machine";
export type { AddressSource, WaitFor } from "./machine/wait";
export { windows, type WindowsOptions, type WindowsProps } from "./machine/windows";
export type { MachineXml } from "./machine/xml";
export { Affinity } from "./placement/affinity";
export { AntiAffinity } from "./placement/anti-affinity";
export type { PlacementRuleProps } from "./placement/props";
export { Spread } from "./placement/spread";
export { Gateway, type GatewayProps } from "./separation/gateway";
export { Peers } from "./separation/peers";
export { type Flow, type FlowPeer, SeparationPolicy } from "./separation/policy";
export type { AllowedFlow, FlowProtocol, IGateway, ISeparationPolicy } from "./separation/types";
export { NetworkZone, type NetworkZoneProps } from "./separation/zone";
