data "libvirt_domain" "gateway" {
  host = "alpha"
  name = "gateway"
}

output "macs" {
  value = keys(data.libvirt_domain.gateway.interfaces)
}
