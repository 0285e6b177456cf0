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
