data "libvirt_pool" "images" {
  host = "alpha"
  name = "default"
}

output "free_bytes" {
  value = data.libvirt_pool.images.available
}
