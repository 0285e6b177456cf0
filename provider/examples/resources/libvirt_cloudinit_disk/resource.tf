resource "libvirt_cloudinit_disk" "web" {
  host      = "alpha"
  pool      = "default"
  name      = "web-cidata.iso"
  user_data = <<-EOT
    #cloud-config
    hostname: web
    packages: [nginx]
  EOT
  meta_data = "instance-id: web\n"
}

resource "libvirt_domain" "web" {
  host   = "alpha"
  name   = "web"
  vcpu   = 1
  memory = 1024 * 1024 # KiB

  disks = {
    vda = { file = "/var/lib/libvirt/images/web.qcow2" }
    sda = { file = libvirt_cloudinit_disk.web.path, format = "raw", device = "cdrom", bus = "sata" }
  }
}
