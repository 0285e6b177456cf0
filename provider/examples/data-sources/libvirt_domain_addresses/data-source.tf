data "libvirt_domain" "web" {
  host = "alpha"
  name = "web"
}

data "libvirt_domain_addresses" "web" {
  host   = "alpha"
  domain = data.libvirt_domain.web.uuid
}

output "web" {
  value = data.libvirt_domain_addresses.web.addresses
}
