terraform import libvirt_nwfilter.web alpha/web
