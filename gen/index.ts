/** The bindings of the kvm-fleet/libvirt provider: the module `@cdktf/provider-libvirt`. */
export * from "./libvirt";
