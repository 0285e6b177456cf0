resource "libvirt_pool" "images" {
  host = "alpha"
  name = "images"
  path = "/var/lib/libvirt/images"
}

# Storage that every host mounts: a guest with its disks on it migrates without copying them.
resource "libvirt_pool" "shared" {
  host = "alpha"
  name = "shared"
  type = "netfs"
  path = "/var/lib/libvirt/shared"

  source = {
    host   = "storage.example"
    dir    = "vms"
    format = "glusterfs"
  }
}

# A volume group, made of a disk that is empty, and kept when the pool goes.
resource "libvirt_pool" "fast" {
  host  = "alpha"
  name  = "fast"
  type  = "logical"
  build = "new"

  source = {
    name    = "fast"
    devices = ["/dev/disk/by-id/nvme-example"]
  }
}

# The units of an iSCSI target, which QEMU itself logs in at.
resource "libvirt_pool" "san" {
  host = "alpha"
  name = "san"
  type = "iscsi-direct"

  source = {
    host      = "san.example"
    devices   = ["iqn.2013-06.com.example:san"]
    initiator = "iqn.2013-06.com.example:alpha"

    auth = {
      type        = "chap"
      username    = "fleet"
      secret_uuid = libvirt_secret.san.uuid
    }
  }
}
