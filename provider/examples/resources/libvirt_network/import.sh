terraform import libvirt_network.lan alpha/lan
