terraform import libvirt_domain.web alpha/web
