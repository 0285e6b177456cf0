terraform import libvirt_pool.images alpha/images
