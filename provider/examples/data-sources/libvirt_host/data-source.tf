data "libvirt_host" "alpha" {
  host = "alpha"
}

output "usable_cpu_models" {
  value = [for name, model in data.libvirt_host.alpha.domain_types["kvm"].cpu_models : name if model.usable]
}
