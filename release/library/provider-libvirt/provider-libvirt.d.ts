export * from "@cdktf/provider-libvirt";
