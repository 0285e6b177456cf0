resource "libvirt_pool" "images" {
  host = "alpha"
  name = "images"
  path = "/var/lib/libvirt/images"
}

# Storage that every host mounts: a guest migrates without a copy of its disks.
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

# An NFS server, mounted with options of mount(8).
resource "libvirt_pool" "nfs" {
  host = "alpha"
  name = "nfs"
  type = "netfs"
  path = "/var/lib/libvirt/nfs"

  source = {
    host   = "nas.example"
    dir    = "/srv/vms"
    format = "nfs"
  }

  xml = {
    options = {
      element = <<-EOT
        <fs:mount_opts xmlns:fs="http://libvirt.org/schemas/storagepool/fs/1.0">
          <fs:option name="soft"/>
          <fs:option name="timeo=100"/>
        </fs:mount_opts>
      EOT
    }
  }
}

# A volume group that is made of an empty disk. Destroying the pool keeps the volume group.
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

variable "chap_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "libvirt_secret" "san" {
  host          = "alpha"
  usage         = "iscsi"
  name          = "san"
  value         = var.chap_password
  value_version = 1
}

# The logical units of an iSCSI target. QEMU logs in to the target itself.
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
