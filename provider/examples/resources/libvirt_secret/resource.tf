variable "chap_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

# The value is neither in the plan nor in the state. Raise value_version to write another value.
resource "libvirt_secret" "san" {
  host          = "alpha"
  usage         = "iscsi"
  name          = "san"
  value         = var.chap_password
  value_version = 1
}
