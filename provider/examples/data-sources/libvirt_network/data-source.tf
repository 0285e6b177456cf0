data "libvirt_network" "default" {
  host = "alpha"
  name = "default"
}

output "bridge" {
  value = data.libvirt_network.default.bridge
}
