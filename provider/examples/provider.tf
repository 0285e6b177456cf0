terraform {
  required_providers {
    libvirt = {
      source = "kvm-fleet/libvirt"
    }
  }
}

provider "libvirt" {
  hosts = {
    alpha = { uri = "qemu+unix:///system?socket=/run/libvirt/libvirt-sock" }
    beta  = { uri = "qemu+tcp://beta.example.net/system" }
  }
}
