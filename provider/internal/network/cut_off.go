package network

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/usage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A network that is stopped loses its bridge and its ports. When it starts again, libvirt (9.0) does not attach the interfaces of running
// guests: they are cut off, although their definitions look as before. Such an interface names a port that the network does not have. An interface
// that names the network's bridge has no port. It is cut off if the network has just started, or if interfaces with a port are.

// attachment is an interface of a running guest in a network.
type attachment struct {
	guest usage.User
	port  string // the UUID of its port
}

// attachments are the interfaces of a host's running guests, by network, and its running guests by the bridges that their interfaces name.
type attachments struct {
	toNetwork map[string][]attachment
	toBridge  map[string][]usage.User
}

var attachmentsOf = &conn.Listing[attachments]{Read: readAttachments}

func readAttachments(l *libvirt.Libvirt) (all attachments, err error) {
	guests, _, err := l.ConnectListAllDomains(1, libvirt.ConnectListDomainsActive)
	if err != nil {
		return all, err
	}
	live, reads := make([]string, len(guests)), make([]func() error, len(guests))
	for i, d := range guests {
		reads[i] = func() (err error) {
			if live[i], err = l.DomainGetXMLDesc(d, 0); conn.IsNotFound(err) { // it stopped meanwhile
				return nil
			}
			return err
		}
	}
	if err := conn.Parallel(reads...); err != nil {
		return all, err
	}
	all = attachments{map[string][]attachment{}, map[string][]usage.User{}}
	for i, text := range live {
		if text == "" {
			continue
		}
		definition, err := xmlmodel.Parse(text)
		if err != nil {
			return all, err
		}
		guest := usage.User{Domain: guests[i], Name: guests[i].Name, Running: true}
		for _, source := range definition.FindElements("devices/interface/source") {
			network, bridge, port := source.SelectAttrValue("network", ""), source.SelectAttrValue("bridge", ""), source.SelectAttrValue("portid", "")
			switch {
			case network != "" && port != "":
				all.toNetwork[network] = append(all.toNetwork[network], attachment{guest, port})
			case network == "" && bridge != "":
				all.toBridge[bridge] = append(all.toBridge[bridge], guest)
			}
		}
	}
	return all, nil
}

// ports are the UUIDs of the ports of a host's active networks, by network.
type ports map[string]map[string]bool

var portsOf = &conn.Listing[ports]{Read: readPorts}

func readPorts(l *libvirt.Libvirt) (ports, error) {
	networks, _, err := l.ConnectListAllNetworks(1, libvirt.ConnectListNetworksActive)
	if err != nil {
		return nil, err
	}
	all := ports{}
	for _, n := range networks {
		list, _, err := l.NetworkListAllPorts(n, 1, 0)
		switch {
		case conn.IsUnsupported(err): // before libvirt 5.5
			return nil, nil
		case conn.IsNotFound(err), conn.IsInactive(err): // it was removed or stopped meanwhile
			continue
		case err != nil:
			return nil, err
		}
		all[n.Name] = map[string]bool{}
		for _, p := range list {
			all[n.Name][uuid.UUID(p.UUID).String()] = true
		}
	}
	return all, nil
}

// lacks reports whether a network is active and does not have a port.
func (p ports) lacks(network, port string) bool {
	has, active := p[network]
	return active && !has[port]
}

// cutOff returns the running guests that are cut off from a network. started tells that no guest has been started since the network was.
func cutOff(l *libvirt.Libvirt, n libvirt.Network, started bool) ([]usage.User, error) {
	running, err := definition(l, n, 0)
	if err != nil || linkTypeOf(running) != ownBridge {
		return nil, err
	}
	all, err := readAttachments(l)
	if err != nil {
		return nil, err
	}
	var has ports
	if len(all.toNetwork[n.Name]) > 0 {
		if has, err = readPorts(l); err != nil {
			return nil, err
		}
	}
	var found []usage.User
	add := func(guest usage.User) {
		if !slices.ContainsFunc(found, func(u usage.User) bool { return u.Domain.UUID == guest.Domain.UUID }) {
			found = append(found, guest)
		}
	}
	for _, a := range all.toNetwork[n.Name] {
		if has.lacks(n.Name, a.port) {
			add(a.guest)
		}
	}
	if started || len(found) > 0 {
		for _, guest := range all.toBridge[Bridge(running)] {
			add(guest)
		}
	}
	return found, nil
}

// cutOffNow is cutOff for a network by name; nil if it is not active.
func cutOffNow(ctx context.Context, host *conn.Host, name string) (found []usage.User, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, active, err := lookUp(l, name)
		if err != nil || !active {
			return err
		}
		found, err = cutOff(l, n, false)
		return err
	})
	return found, err
}

// lookUp finds a network, and reports whether it is active.
func lookUp(l *libvirt.Libvirt, name string) (n libvirt.Network, active bool, err error) {
	if n, err = l.NetworkLookupByName(name); err != nil {
		return n, false, err
	}
	is, err := l.NetworkIsActive(n)
	return n, is != 0, err
}

// hasCutOffGuests reports whether guests are cut off from an active network; false if that is unknown. It asks the host again only if its
// listings, which are as old as this series of reads, say so.
func hasCutOffGuests(ctx context.Context, host *conn.Host, name string) bool {
	all, known := attachmentsOf.Get(ctx, host)
	if !known || len(all.toNetwork[name]) == 0 {
		return false
	}
	has, known := portsOf.Get(ctx, host)
	if !known || !slices.ContainsFunc(all.toNetwork[name], func(a attachment) bool { return has.lacks(name, a.port) }) {
		return false
	}
	guests, err := cutOffNow(ctx, host, name)
	return err == nil && len(guests) > 0
}

// IsCutOff reports whether the interface of a running guest with this port is cut off from an active network; false if that is unknown.
func IsCutOff(ctx context.Context, host *conn.Host, guest libvirt.Domain, name, port string) bool {
	has, known := portsOf.Get(ctx, host)
	if !known || !has.lacks(name, port) {
		return false
	}
	guests, err := cutOffNow(ctx, host, name)
	return err == nil && slices.ContainsFunc(guests, func(u usage.User) bool { return u.Domain.UUID == guest.UUID })
}

// AttachGuests attaches all running guests that are cut off from a network, if it is active.
func AttachGuests(ctx context.Context, host *conn.Host, name string) error {
	return attachGuests(ctx, host, name, false)
}

func attachGuests(ctx context.Context, host *conn.Host, name string, started bool) error {
	return diag.Wrap("attach the guests to", host.Do(ctx, func(l *libvirt.Libvirt) error {
		n, active, err := lookUp(l, name)
		if err != nil || !active {
			return err
		}
		if err := returnGuests(l, n.Name); err != nil {
			return err
		}
		return attachCutOff(l, n, started)
	}))
}

// attachCutOff attaches the guests that are cut off. libvirt (9.0) attaches an interface to a bridge when its network changes, and not when
// it stays the same: the guests change to the temporary network and back.
func attachCutOff(l *libvirt.Libvirt, n libvirt.Network, started bool) error {
	guests, err := cutOff(l, n, started)
	if err != nil || len(guests) == 0 {
		return err
	}
	running, err := definition(l, n, 0)
	if err != nil {
		return err
	}
	if _, err := l.NetworkCreateXML(text(temporaryNetwork(running, n.Name))); err != nil {
		return fmt.Errorf("unable to start the temporary network for the guests: %w", err)
	}
	var failed []error
	for _, u := range guests {
		if err := changeNetwork(l, u.Domain, n.Name, temporaryName(n.Name)); err != nil && !conn.IsNotFound(err) {
			failed = append(failed, fmt.Errorf("unable to attach an interface of %q again: %w", u.Name, err))
		}
	}
	return errors.Join(append(failed, returnGuests(l, n.Name))...)
}
