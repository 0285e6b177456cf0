# A network of the host alone, with DHCP and a reserved address.
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

# A network that reaches others through the host, by address translation.
resource "libvirt_network" "nat" {
  host    = "alpha"
  name    = "nat"
  forward = { mode = "nat" }

  ipv4 = {
    address = "10.11.0.1"
    prefix  = 24
    dhcp    = { start = "10.11.0.100", end = "10.11.0.199" }
  }
}

# A network with a second address, which no attribute stands for.
resource "libvirt_network" "two" {
  host = "alpha"
  name = "two"
  ipv4 = { address = "10.12.0.1", prefix = 24 }

  xml = {
    second = { element = "<ip address=\"10.13.0.1\" prefix=\"24\"/>" }
  }
}

# A bridge that the host has already.
resource "libvirt_network" "office" {
  host    = "alpha"
  name    = "office"
  forward = { mode = "bridge" }
  bridge  = "br0"
}
