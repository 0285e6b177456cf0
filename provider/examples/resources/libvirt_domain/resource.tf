resource "libvirt_volume" "web" {
  host     = "alpha"
  pool     = "default"
  name     = "web.qcow2"
  capacity = 20 * 1024 * 1024 * 1024 # bytes

  backing_store = { path = "/var/lib/libvirt/images/debian-12.qcow2" }
}

resource "libvirt_domain" "web" {
  host   = "alpha" # another host here, and the domain migrates
  name   = "web"
  vcpu   = 2
  memory = 2 * 1024 * 1024 # KiB
  cpu    = { mode = "host-model" }

  disks      = { vda = { file = libvirt_volume.web.path } }
  interfaces = { lan = { network = "default", mac = "52:54:00:00:00:01" } }

  guest_agent = true
  serial      = { log_file = "/var/log/libvirt/qemu/web-serial.log" }

  on_change = "restart" # for changes that a running guest cannot take over
  shutdown  = { timeout = 120, on_timeout = "fail" }
  wait_for  = { address = "any" }
}

variable "desk_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

# A Windows desktop with a TPM, a shared directory, a GPU of the host, and XML for what has no attribute.
resource "libvirt_domain" "desk" {
  host     = "alpha"
  name     = "desk"
  vcpu     = 4
  memory   = 8 * 1024 * 1024
  firmware = "efi"

  disks    = { vda = { file = "/var/lib/libvirt/images/desk.qcow2" } }
  clock    = { offset = "localtime", timers = { hypervclock = { present = true } } }
  features = { hyperv = { relaxed = true, vapic = true, spinlocks = 8191 } }

  # Raise password_version to set another password.
  graphics = { type = "spice", password = var.desk_password, password_version = 1 }

  # virtiofs requires shared memory.
  memory_backing = { source = "memfd", access = "shared" }

  devices = {
    video       = { model = "qxl" }
    tpm         = { model = "tpm-crb" }
    watchdog    = { model = "i6300esb" }
    sound       = "ich9"
    tablet      = "usb"
    filesystems = { photos = { source = "/srv/photos" } }
    hostdevs    = { gpu = { pci = "0000:05:00.0" } }
  }

  xml = {
    crash = { element = "<on_crash>preserve</on_crash>" }
    hub   = { under = "devices", element = "<hub type=\"usb\"/>" }
  }
}
