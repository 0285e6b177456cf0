resource "libvirt_seed" "web" {
  host = "alpha"
  pool = "default"
  name = "web-seed.iso"
  cloud_init = {
    user_data = <<-EOT
      #cloud-config
      hostname: web
      packages: [nginx]
    EOT
    meta_data = "instance-id: web\n"
  }
}

resource "libvirt_domain" "web" {
  host   = "alpha"
  name   = "web"
  vcpu   = 1
  memory = 1024 * 1024 # KiB

  disks = {
    vda = { file = "/var/lib/libvirt/images/web.qcow2" }
    sda = { file = libvirt_seed.web.path, format = "raw", device = "cdrom", bus = "sata" }
  }
}

# Fedora CoreOS reads the configuration of Ignition by QEMU's fw_cfg.
resource "libvirt_seed" "core" {
  host    = "alpha"
  pool    = "default"
  name    = "core.ign"
  content = jsonencode({ ignition = { version = "3.4.0" } })
}

resource "libvirt_domain" "core" {
  host   = "alpha"
  name   = "core"
  vcpu   = 1
  memory = 2048 * 1024 # KiB

  disks = {
    vda = { file = "/var/lib/libvirt/images/core.qcow2" }
  }
  xml = {
    ignition = { element = "<sysinfo type='fwcfg'><entry name='opt/com.coreos/config' file='${libvirt_seed.core.path}'/></sysinfo>" }
  }
}
