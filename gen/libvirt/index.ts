// Generated from the provider's schema by `npm run gen`. Do not edit.

export * from "./data-libvirt-cpu-baseline";
export * from "./data-libvirt-domain";
export * from "./data-libvirt-domain-addresses";
export * from "./data-libvirt-host";
export * from "./data-libvirt-network";
export * from "./data-libvirt-pool";
export * from "./data-libvirt-volume";
export * from "./domain";
export * from "./domain-snapshot";
export * from "./network";
export * from "./nwfilter";
export * from "./pool";
export * from "./provider";
export * from "./secret";
export * from "./seed";
export * from "./volume";
