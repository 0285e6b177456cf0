terraform {
  required_providers {
    libvirt = {
      source = "kvm-fleet/libvirt"
    }
  }
}

# One block for the whole fleet. Each resource names its host.
provider "libvirt" {
  hosts = {
    alpha = { uri = "qemu+ssh://root@alpha.example.net/system" }
    beta  = { uri = "qemu+tls://beta.example.net/system" }
  }
}
