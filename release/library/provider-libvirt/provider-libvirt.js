// The bindings of the provider, under a name of this package.
module.exports = require("@cdktf/provider-libvirt");
