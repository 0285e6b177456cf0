// Package hotplug changes the definition of a domain, and its running guest as far as libvirt supports that.
package hotplug
