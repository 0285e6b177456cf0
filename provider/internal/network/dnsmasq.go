package network

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// dnsmasqRow are further options of the program that serves DHCP, DNS and TFTP.
var dnsmasqRow = table.Attr{Name: "dnsmasq_options", Type: table.Strings, Mode: table.Optional, Check: dnsmasqOption, XML: dnsmasqOptions{},
	Doc: "Further options of dnsmasq, the network's DNS and DHCP server, in the format of its configuration file: " +
		"`address=/apps.example.org/10.0.0.5` for all names in a domain, `dhcp-option=option:ntp-server,10.0.0.1`. dnsmasq reads " +
		"their values when the network starts: a wrong value fails the apply. A change restarts the network. See " +
		"https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html."}

// tftpRow is the directory of the TFTP server, an attribute of an <ip>.
var tftpRow = table.Attr{Name: "tftp_root", Type: table.String, Mode: table.Optional, Check: table.AbsolutePath,
	XML: xmlmodel.Whole{Element: "tftp", Attr: "root"},
	Doc: "A directory on the host whose files guests can read by TFTP, for example to boot from the network. It has to exist, and " +
		"dnsmasq's user has to be able to read it. A change restarts the network. Unset: no TFTP server."}

// bootpRow is what a guest that boots from the network loads.
var bootpRow = table.Attr{Name: "bootp", Type: table.Object, Mode: table.Optional, Group: xmlmodel.Element{"bootp"},
	Doc: "What a guest loads that boots from the network (PXE). A change restarts the network.",
	Attrs: []table.Attr{
		{Name: "file", Type: table.String, Mode: table.Required, Check: bootFile, XML: xmlmodel.At("@file"),
			Doc: "The file on the TFTP server, for example `pxelinux.0`, or a URL that the firmware understands."},
		{Name: "server", Type: table.String, Mode: table.Optional, Check: table.IPv4, XML: xmlmodel.At("@server"),
			Doc: "The address of the TFTP server. Unset: the network's own."},
	}}

func bootFile(v any) error {
	if s := v.(string); s == "" || strings.ContainsAny(s, ", \t") {
		return fmt.Errorf("must be a file name or a URL without blanks and commas, got %q", s)
	}
	return nil
}

// dnsmasqOptions is the codec of libvirt's namespace for dnsmasq. https://libvirt.org/formatnetwork.html#network-namespaces
type dnsmasqOptions struct{}

const dnsmasqNamespace = "http://libvirt.org/schemas/network/dnsmasq/1.0"

func (dnsmasqOptions) Read(network *etree.Element) any {
	el := dnsmasqElement(network)
	if el == nil {
		return nil
	}
	var options []string
	for _, option := range el.ChildElements() {
		options = append(options, option.SelectAttrValue("value", ""))
	}
	if options == nil {
		return nil
	}
	return table.ListOf(options...)
}

func (dnsmasqOptions) Write(network *etree.Element, v any) {
	xmlmodel.Drop(dnsmasqElement(network))
	list, _ := v.(table.List)
	if len(list.Items()) == 0 {
		return
	}
	el := network.CreateElement("dnsmasq:options")
	el.CreateAttr("xmlns:dnsmasq", dnsmasqNamespace)
	for _, option := range list.Items() {
		el.CreateElement("dnsmasq:option").CreateAttr("value", option)
	}
}

func dnsmasqElement(network *etree.Element) *etree.Element {
	for _, el := range network.ChildElements() {
		if el.Tag == "options" && el.NamespaceURI() == dnsmasqNamespace {
			return el
		}
	}
	return nil
}

// dnsmasqFlags are the options without a value, and dnsmasqValues those with one, of dnsmasq 2.80 and newer. What libvirt sets itself is not among
// them, nor what starts programs or reads configuration from other files.
var (
	dnsmasqFlags = strings.Fields("all-servers bogus-priv dhcp-authoritative dhcp-client-update dhcp-fqdn dhcp-ignore-clid dhcp-no-override " +
		"dhcp-rapid-commit dhcp-sequential-ip domain-needed expand-hosts filterwin2k localise-queries localmx log-dhcp " +
		"no-hosts no-negcache no-ping no-poll no-resolv no-round-robin quiet-dhcp quiet-dhcp6 quiet-ra quiet-tftp " +
		"read-ethers rebind-localhost-ok selfmx stop-dns-rebind tftp-lowercase tftp-no-blocksize tftp-no-fail " +
		"tftp-secure tftp-single-port")
	dnsmasqValues = strings.Fields("address alias bogus-nxdomain caa-record cache-size cname dhcp-boot dhcp-broadcast dhcp-host dhcp-ignore " +
		"dhcp-lease-max dhcp-mac dhcp-match dhcp-option dhcp-option-force dhcp-proxy dhcp-pxe-vendor dhcp-relay " +
		"dhcp-userclass dhcp-vendorclass dns-forward-max dns-rr domain dynamic-host edns-packet-max host-record " +
		"interface-name local local-ttl log-facility max-cache-ttl max-ttl min-cache-ttl mx-host mx-target " +
		"naptr-record neg-ttl ptr-record pxe-prompt pxe-service ra-param rebind-domain-ok rev-server server srv-host " +
		"synth-domain tag-if tftp-max tftp-mtu tftp-port-range txt-record")
)

func dnsmasqOption(v any) error {
	name, value, has := strings.Cut(v.(string), "=")
	switch {
	case slices.Contains(dnsmasqFlags, name) && !has, slices.Contains(dnsmasqValues, name) && value != "":
		return nil
	case slices.Contains(dnsmasqFlags, name):
		return fmt.Errorf("must not give %q a value, got %q; remove it", name, v)
	case slices.Contains(dnsmasqValues, name):
		return fmt.Errorf("must give %q a value, got %q; write %s=VALUE", name, v, name)
	default:
		return fmt.Errorf("must be options of dnsmasq that libvirt does not set, like address=/example.org/10.0.0.5, got %q; see its manual", v)
	}
}

// dnsmasqRules checks that there is a server to give the options to.
func dnsmasqRules(p table.Problems, config table.Model) {
	if list, known := config["dnsmasq_options"].(table.List); known && list == "" {
		p.Empty("dnsmasq_options")
	} else if config["dnsmasq_options"] != nil && config["ipv4"] == nil && config["ipv6"] == nil {
		p.Add("dnsmasq_options", "'dnsmasq_options' requires 'ipv4' or 'ipv6': a network without an address has no server; "+
			"set one, or remove 'dnsmasq_options'")
	}
}

// missingTFTPRoot returns a step that checks that the host has the directory of the TFTP server: without it, the network does not start.
func missingTFTPRoot(host *conn.Host) engine.HostStep {
	return func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		root := c.Plan.Group("ipv4").Str("tftp_root")
		if root == "" || root == c.Prior.Group("ipv4").Str("tftp_root") {
			return nil
		}
		sight, _, err := storage.Look(host, l, path.Clean(root))
		if err != nil || sight != storage.Absent {
			return err
		}
		c.Must("ipv4.tftp_root", "be a directory that exists on %s, got %q; create it first, or choose another", c.Host, root)
		return nil
	}
}
