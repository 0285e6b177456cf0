resource "libvirt_network" "lan" {
  host = "alpha"
  name = "lan"
  ipv4 = {
    address = "10.10.0.1"
    prefix  = 24
    dhcp = {
      start = "10.10.0.100"
      end   = "10.10.0.199"
      hosts = {
        "52:54:00:00:00:01" = { ip = "10.10.0.10", name = "web" }
      }
    }
  }
}
