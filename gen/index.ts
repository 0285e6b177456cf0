/** Bindings for the kvm-fleet/libvirt provider, as `import { Domain } from "@cdktf/provider-libvirt"` finds them. */
export * from "./libvirt";
