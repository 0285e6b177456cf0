package migration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/room"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// inspection is what is known about a migration before it starts.
type inspection struct {
	domain      libvirt.Domain // on the old host
	active      bool
	paused      bool
	saved       bool
	autostart   bool
	live        string // the migratable XML of the running domain
	inactive    string // its definition
	disks       []*disk
	checkpoints []string
	journaled   bool            // an earlier attempt to move it to the new host has begun
	ours        map[volume]bool // the volumes that the attempt created there
	missing     []Missing       // what the new host lacks and this apply may create
	needs       room.Demand     // the memory of the running guest
	findings    []string        // why the domain cannot move there
}

// inspect collects what can be known without moving anything.
func inspect(ctx context.Context, r *Request) (*inspection, error) {
	s := &inspection{}
	r.To.FilterLock.RLock()
	defer r.To.FilterLock.RUnlock()
	err := r.From.Do(ctx, func(from *libvirt.Libvirt) error {
		running, pools, err := s.inspectSource(from, r)
		if err != nil {
			return err
		}
		return r.To.Do(ctx, func(to *libvirt.Libvirt) error { return s.inspectTarget(from, to, r, running, pools) })
	})
	return s, err
}

// inspectSource reads the domain on its host. It returns the XML with the most details.
func (s *inspection) inspectSource(l *libvirt.Libvirt, r *Request) (domain *etree.Element, pools map[string]poolInfo, err error) {
	if s.domain, err = l.DomainLookupByUUID(r.UUID); err != nil {
		return nil, nil, err
	}
	state, _, err := l.DomainGetState(s.domain, 0)
	if err != nil {
		return nil, nil, err
	}
	s.active, s.paused = libvirt.DomainState(state) != libvirt.DomainShutoff, libvirt.DomainState(state) == libvirt.DomainPaused
	saved, err := l.DomainHasManagedSaveImage(s.domain, 0)
	if err != nil {
		return nil, nil, err
	}
	autostart, err := l.DomainGetAutostart(s.domain)
	if err != nil {
		return nil, nil, err
	}
	s.saved, s.autostart = saved == 1, autostart == 1
	if s.inactive, err = l.DomainGetXMLDesc(s.domain, libvirt.DomainXMLInactive|libvirt.DomainXMLSecure); err != nil {
		return nil, nil, err
	}
	detailed := s.inactive
	if s.active {
		if s.live, err = l.DomainGetXMLDesc(s.domain, libvirt.DomainXMLMigratable|libvirt.DomainXMLSecure); err != nil {
			return nil, nil, err
		}
		if detailed, err = l.DomainGetXMLDesc(s.domain, libvirt.DomainXMLSecure); err != nil {
			return nil, nil, err
		}
	}
	if domain, err = xmlmodel.Parse(detailed); err != nil {
		return nil, nil, err
	}
	if s.ours, s.journaled, err = readJournal(l, s.domain, r.To.Name); err != nil {
		return nil, nil, err
	}
	if s.disks, pools, s.findings, err = readDisks(l, domain, r); err != nil {
		return nil, nil, err
	}
	s.findings = append(s.findings, immovable(domain, s.active || s.saved)...)
	s.needs = room.Running(domain)
	if s.checkpoints, err = readCheckpoints(l, s.domain); err != nil {
		return nil, nil, err
	}
	snapshots, err := snapshot.Unmanaged(l, s.domain)
	if err == nil && len(snapshots) > 0 {
		s.findings = append(s.findings, fmt.Sprintf("it has snapshots (%s), which libvirt cannot move to another host; delete them first",
			strings.Join(snapshots, ", ")))
	}
	return domain, pools, err
}

// immovable returns a finding for each device that ties the domain to its host: for a guest that keeps running, the host devices that it
// uses; for one that is off, device state that libvirt keeps on the host and cannot read.
func immovable(domain *etree.Element, keepsRunning bool) []string {
	var found []string
	for _, el := range xmlmodel.Ensure(domain, "devices").ChildElements() {
		passedThrough := xmlmodel.At("backend@type").Read(el) == any("passthrough")
		switch {
		case el.Tag == "tpm" && !keepsRunning && !passedThrough:
			found = append(found, "the state of its TPM is on this host and moves only with a running guest; start it to move it, or "+
				"remove 'devices.tpm' first")
		case !keepsRunning:
		case el.Tag == "tpm" && passedThrough:
			found = append(found, "it uses the TPM of its host; remove the TPM, or stop the guest to move it")
		case el.Tag == "hostdev", el.Tag == "interface" && el.SelectAttrValue("type", "") == "hostdev":
			found = append(found, fmt.Sprintf("it uses a device of its host (%s); remove the device, or stop the guest to move it",
				strings.TrimPrefix(xmlmodel.At("alias@name").Text(el), "ua-")))
		case el.Tag == "filesystem":
			found = append(found, fmt.Sprintf("it shares a directory with its host (%s); remove the file system, or stop the guest to move it",
				xmlmodel.At("source@dir").Text(el)))
		}
	}
	return found
}

// inspectTarget checks the new host.
func (s *inspection) inspectTarget(from, to *libvirt.Libvirt, r *Request, domain *etree.Element, pools map[string]poolInfo) error {
	if err := s.findConflicts(to, r); err != nil {
		return err
	}
	missing, findings, err := placeDisks(to, s.disks, pools, r, s.ours)
	if err != nil {
		return err
	}
	s.missing, s.findings = append(s.missing, missing...), append(s.findings, findings...)
	adapted := domain.Copy()
	r.Adapt(adapted)
	if err := s.findMissing(to, adapted); err != nil {
		return err
	}
	incompatibilities, err := hostinfo.Incompatibilities(from, to, domain)
	if err != nil {
		return err
	}
	for _, m := range incompatibilities {
		s.findings = append(s.findings, r.To.Name+" "+m.Text)
	}
	return nil
}

// findConflicts looks for a domain on the new host with the same UUID or name.
func (s *inspection) findConflicts(l *libvirt.Libvirt, r *Request) error {
	d, err := l.DomainLookupByUUID(r.UUID)
	switch {
	case conn.IsNotFound(err):
		d, err = l.DomainLookupByName(r.Name)
		if err == nil && d.UUID != r.UUID {
			s.findings = append(s.findings, fmt.Sprintf("%s already has another domain %q; rename or remove one of them", r.To.Name, r.Name))
		}
		if conn.IsNotFound(err) {
			return nil
		}
		return err
	case err != nil:
		return err
	case !s.journaled:
		s.findings = append(s.findings, fmt.Sprintf("both hosts have a definition of it; decide which is the right one, and remove the other: "+
			"virsh undefine --keep-nvram %s", r.Name))
	}
	return nil
}

// findMissing finds what the domain refers to by name and the new host does not have.
func (s *inspection) findMissing(l *libvirt.Libvirt, domain *etree.Element) error {
	var all error
	need := func(resource, name, what string, there bool, err error) {
		m := Missing{resource, name, fmt.Sprintf("%s %q", what, name)}
		switch {
		case err != nil && !conn.IsNotFound(err):
			all = errors.Join(all, err)
		case !there && !slices.Contains(s.missing, m):
			s.missing = append(s.missing, m)
		}
	}
	for _, source := range domain.FindElements("devices/interface/source") {
		if name := source.SelectAttrValue("network", ""); name != "" {
			there, err := hasNetwork(l, name)
			need("network", name, "network", there, err)
			continue
		}
		for attr, what := range map[string]string{"bridge": "bridge", "dev": "network device"} {
			if name := source.SelectAttrValue(attr, ""); name != "" {
				names, err := hostinfo.Links(l, hostinfo.Has(name))
				if _, isLibvirt := conn.Message(err); isLibvirt { // any libvirt error counts as a missing driver for host interfaces
					continue
				}
				_, there := names[name]
				need("", name, what, there, err)
			}
		}
	}
	for _, f := range domain.FindElements("devices/interface/filterref") {
		name := f.SelectAttrValue("filter", "")
		_, err := l.NwfilterLookupByName(name)
		need("nwfilter", name, "network filter", err == nil, err)
	}
	for _, el := range domain.FindElements("devices//secret") {
		if id, usage := el.SelectAttrValue("uuid", ""), el.SelectAttrValue("usage", ""); id != "" || usage != "" {
			there, err := hasSecret(l, id, usage)
			need("secret", id+usage, "secret", there, err)
		}
	}
	return all
}

func hasNetwork(l *libvirt.Libvirt, name string) (active bool, err error) {
	n, err := l.NetworkLookupByName(name)
	if err != nil {
		return false, err
	}
	is, err := l.NetworkIsActive(n)
	return is == 1, err
}

func hasSecret(l *libvirt.Libvirt, id, usage string) (bool, error) {
	secrets, _, err := l.ConnectListAllSecrets(1, 0)
	for _, s := range secrets {
		if s.UsageID == usage && usage != "" || conn.FormatUUID(s.UUID) == id {
			return true, nil
		}
	}
	return false, err
}
