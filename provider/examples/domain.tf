resource "libvirt_domain" "web" {
  host   = "alpha"
  name   = "web"
  vcpu   = 2
  memory = 2 * 1024 * 1024
  cpu    = { mode = "host-passthrough" }
  disks = {
    vda = { file = libvirt_volume.web.path }
    sda = { file = libvirt_cloudinit_disk.web.path, format = "raw", device = "cdrom", bus = "sata" }
  }
  interfaces = {
    lan = { network = libvirt_network.lan.name, mac = "52:54:00:00:00:01" }
  }
  serial      = { log_file = "/var/log/libvirt/qemu/web-serial.log" }
  guest_agent = true

  on_change = "restart" # what a running guest can't take over; unset: it waits for the next start
  shutdown  = { timeout = 120, on_timeout = "fail" }
}

# A guest of another kind: what Windows wants, a directory of the host, a device of the host, and what no attribute stands for.
resource "libvirt_domain" "desk" {
  host     = "alpha"
  name     = "desk"
  vcpu     = 4
  memory   = 8 * 1024 * 1024
  firmware = "efi"
  disks    = { vda = { file = libvirt_volume.desk.path } }

  clock    = { offset = "localtime", timers = { hypervclock = { present = true } } }
  features = { hyperv = { relaxed = true, vapic = true, spinlocks = 8191 } }
  graphics = { type = "spice", password = var.desk_password, password_version = 1 } # 2 with another password

  memory_backing = { source = "memfd", access = "shared" } # which virtiofs needs
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
    threads = { element = "<iothreads>2</iothreads>" }
    hub     = { under = "devices", element = "<hub type=\"usb\"/>" }
  }
}
