resource "libvirt_cloudinit_disk" "web" {
  host      = "alpha"
  pool      = libvirt_pool.images.name
  name      = "web-cidata.iso"
  user_data = <<-EOT
    #cloud-config
    hostname: web
  EOT
  meta_data = "instance-id: web\n"
}
