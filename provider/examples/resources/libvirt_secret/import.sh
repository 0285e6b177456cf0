terraform import libvirt_secret.san alpha/2a1ddc74-5f3b-4d3e-9d49-52d5ff7f3a01
