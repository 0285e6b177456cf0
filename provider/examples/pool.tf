resource "libvirt_pool" "vms" {
  host = "alpha"
  name = "vms"
  path = "/var/lib/libvirt/images/vms"
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
