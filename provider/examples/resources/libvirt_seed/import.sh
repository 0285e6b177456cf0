terraform import libvirt_seed.web alpha/default/web-seed.iso
