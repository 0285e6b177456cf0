resource "libvirt_pool" "images" {
  host = "alpha"
  name = "images"
  path = "/var/lib/libvirt/images"
}
