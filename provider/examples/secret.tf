variable "chap_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "libvirt_secret" "san" {
  host          = "alpha"
  usage         = "iscsi"
  name          = "san"
  value         = var.chap_password
  value_version = 1
}
