package observe

import (
	"fmt"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// deviceIdentity returns a text that distinguishes a device from the others of its domain: its kind and where the guest finds it.
func deviceIdentity(el *etree.Element) string {
	switch el.Tag {
	case "disk":
		return words(el.Tag, xmlmodel.At("target@dev").Text(el))
	case "interface":
		return words(el.Tag, xmlmodel.At("mac@address").Text(el))
	case "graphics":
		return words(el.Tag, xmlmodel.At("@type").Text(el))
	default:
		return describeDevice(el)
	}
}

// describeDevice returns a description of a device for people. It is the same for the device of the running guest and the defined one.
func describeDevice(el *etree.Element) string {
	at := func(where string) string { return xmlmodel.At(where).Text(el) }
	switch el.Tag {
	case "disk":
		return words(at("@device"), at("target@dev"),
			inParentheses(firstOf(at("source@file"), at("source@dev"), at("source@dir"), joined(at("source@pool"), at("source@volume")),
				joined(at("source@protocol"), at("source@name")))))
	case "interface":
		return words("interface", at("mac@address"), inParentheses(words(at("@type"),
			firstOf(at("source@network"), at("source@bridge"), at("source@dev"), hostAddress(el)))))
	case "hostdev":
		return words("hostdev", at("@type"), hostAddress(el))
	case "filesystem":
		return fmt.Sprintf("filesystem %s as %s", firstOf(at("source@dir"), at("source@file"), at("source@socket"), at("source@name")),
			at("target@dir"))
	case "graphics":
		return words("graphics", at("@type"), at("listen@address"))
	case "serial", "parallel", "console":
		return words(el.Tag, "port", firstOf(at("target@port"), "0"), inParentheses(backend(el)))
	case "channel":
		return words("channel", firstOf(at("target@name"), at("target@address")), inParentheses(backend(el)))
	case "redirdev", "smartcard":
		return words(el.Tag, at("@bus"), inParentheses(backend(el)))
	case "memory":
		return words("memory", at("@model"), at("target/size"), at("target/size@unit"))
	case "vsock":
		return words("vsock", inParentheses(at("cid@address")))
	case "rng":
		return words("rng", at("backend@model"))
	case "tpm":
		return words("tpm", at("backend@type"))
	default:
		return words(el.Tag, firstOf(at("@model"), at("@name"), at("model@type"), at("@type")))
	}
}

// backend returns where on the host a character device leads. It leaves out what libvirt chose at the start.
func backend(el *etree.Element) string {
	typ := xmlmodel.At("@type").Text(el)
	switch typ {
	case "pty", "unix", "nmdm":
		return typ
	}
	for _, s := range el.SelectElements("source") {
		if host := s.SelectAttrValue("host", ""); host != "" {
			return words(typ, host+":"+s.SelectAttrValue("service", ""))
		}
		if path := s.SelectAttrValue("path", ""); path != "" {
			return words(typ, path)
		}
	}
	return typ
}

// hostAddress returns which of the host's devices is given to the guest. A USB device that is defined by vendor and product is described
// by these, because libvirt adds its address.
func hostAddress(el *etree.Element) string {
	source := el.SelectElement("source")
	if source == nil {
		return ""
	}
	part := func(where string) string { return xmlmodel.At(where).Text(source) }
	if vendor := part("vendor@id"); vendor != "" {
		return strings.TrimPrefix(vendor, "0x") + ":" + strings.TrimPrefix(part("product@id"), "0x")
	}
	address := source.SelectElement("address")
	if address == nil {
		return firstOf(part("@dev"), part("block"), part("char"), part("@wwpn"))
	}
	if id := address.SelectAttrValue("uuid", ""); id != "" {
		return id
	}
	var parts []string
	for _, name := range []string{"domain", "bus", "slot", "target", "unit", "device"} {
		if v := address.SelectAttrValue(name, ""); v != "" {
			parts = append(parts, strings.TrimPrefix(v, "0x"))
		}
	}
	text := strings.Join(parts, ":")
	if f := address.SelectAttrValue("function", ""); f != "" {
		text += "." + strings.TrimPrefix(f, "0x")
	}
	return firstOf(text, part("adapter@name"))
}

func words(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, " ")
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return a + "/" + b
}

func inParentheses(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}
