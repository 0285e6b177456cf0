data "libvirt_domain_addresses" "web" {
  host   = "alpha"
  domain = libvirt_domain.web.uuid
}

output "web" {
  value = data.libvirt_domain_addresses.web.addresses
}
