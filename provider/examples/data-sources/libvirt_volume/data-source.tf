data "libvirt_volume" "golden" {
  host = "alpha"
  pool = "default"
  name = "debian-12.qcow2"
}

resource "libvirt_volume" "web" {
  host = "alpha"
  pool = "default"
  name = "web.qcow2"
  backing_store = {
    path   = data.libvirt_volume.golden.path
    format = data.libvirt_volume.golden.format
  }
}
