data "libvirt_cpu_baseline" "fleet" {
  hosts = { alpha = {}, beta = {} }
}

resource "libvirt_domain" "mobile" {
  host   = "alpha"
  name   = "mobile"
  vcpu   = 1
  memory = 524288
  cpu    = { mode = "custom", model = data.libvirt_cpu_baseline.fleet.model }
}
