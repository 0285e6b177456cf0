resource "libvirt_volume" "debian" {
  host   = "alpha"
  pool   = libvirt_pool.images.name
  name   = "debian.qcow2"
  source = "debian.qcow2"
}

resource "libvirt_volume" "alma" {
  host          = "alpha"
  pool          = libvirt_pool.images.name
  name          = "alma.qcow2"
  source        = "https://images.example.org/alma-9.qcow2"
  source_sha256 = "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed"
}

resource "libvirt_volume" "web" {
  host          = "alpha"
  pool          = libvirt_pool.images.name
  name          = "web.qcow2"
  capacity      = 20 * 1024 * 1024 * 1024
  backing_store = { path = libvirt_volume.debian.path }
}

resource "libvirt_volume" "vault" {
  host       = "alpha"
  pool       = libvirt_pool.images.name
  name       = "vault.raw"
  format     = "raw"
  clone_from = libvirt_volume.debian.path
  encryption = { secret_uuid = libvirt_secret.vault.uuid }
}
