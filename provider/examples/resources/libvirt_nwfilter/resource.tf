resource "libvirt_nwfilter" "web" {
  host    = "alpha"
  name    = "web"
  filters = ["no-mac-spoofing", "no-ip-spoofing", "no-arp-spoofing"]
  rules = {
    "https from anywhere" = {
      action    = "accept"
      direction = "in"
      protocol  = "tcp"
      match     = ["dstportstart=443"]
    }
    "nothing else" = {
      action    = "drop"
      direction = "inout"
      protocol  = "all"
      priority  = 1000
    }
  }
}
