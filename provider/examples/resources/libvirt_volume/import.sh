terraform import libvirt_volume.debian alpha/default/debian.qcow2
