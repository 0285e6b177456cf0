resource "libvirt_volume" "debian" {
  host   = "alpha"
  pool   = libvirt_pool.images.name
  name   = "debian.qcow2"
  source = "debian.qcow2"
}

resource "libvirt_volume" "web" {
  host          = "alpha"
  pool          = libvirt_pool.images.name
  name          = "web.qcow2"
  capacity      = 20 * 1024 * 1024 * 1024
  backing_store = { path = libvirt_volume.debian.path }
}
