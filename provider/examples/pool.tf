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
