terraform import libvirt_cloudinit_disk.web alpha/default/web-cidata.iso
