# An image that is uploaded from the machine that runs Terraform.
resource "libvirt_volume" "debian" {
  host   = "alpha"
  pool   = "default"
  name   = "debian.qcow2"
  source = "debian.qcow2"
}

# An image that is downloaded, and checked.
resource "libvirt_volume" "alma" {
  host          = "alpha"
  pool          = "default"
  name          = "alma.qcow2"
  source        = "https://images.example.org/alma-9.qcow2"
  source_sha256 = "3f786850e387550fdab836ed7e6dc881de23001b3f786850e387550fdab836ed"
}

# A thin copy of an image. It grows in place.
resource "libvirt_volume" "web" {
  host          = "alpha"
  pool          = "default"
  name          = "web.qcow2"
  capacity      = 20 * 1024 * 1024 * 1024 # bytes
  backing_store = { path = libvirt_volume.debian.path }
}

variable "vault_passphrase" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "libvirt_secret" "vault" {
  host          = "alpha"
  usage         = "volume"
  name          = "/var/lib/libvirt/images/vault.raw"
  value         = var.vault_passphrase
  value_version = 1
}

# A full, encrypted copy of an image.
resource "libvirt_volume" "vault" {
  host       = "alpha"
  pool       = "default"
  name       = "vault.raw"
  format     = "raw"
  clone_from = libvirt_volume.debian.path
  encryption = { secret_uuid = libvirt_secret.vault.uuid }
}
