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
	"github.com/kvm-fleet/kvm-fleet/provider/internal/snapshot"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// survey is what is found before anything moves.
type survey struct {
	domain    libvirt.Domain // on the host that it leaves
	active    bool
	paused    bool
	saved     bool
	autostart bool
	live      string // the XML of the running domain that a migration takes
	inactive  string // its definition
	disks     []*disk
	journaled bool            // an attempt to bring it to this host has begun before
	ours      map[volume]bool // what that has made there
	missing   []string        // what the other host has to have, and may get
	findings  []string        // why the domain can't go there
}

// look finds out all that can be known without moving anything.
func look(ctx context.Context, r *Request) (*survey, error) {
	s := &survey{}
	r.To.FilterLock.RLock()
	defer r.To.FilterLock.RUnlock()
	err := r.From.Do(ctx, func(from *libvirt.Libvirt) error {
		running, pools, err := s.leave(from, r)
		if err != nil {
			return err
		}
		return r.To.Do(ctx, func(to *libvirt.Libvirt) error { return s.arrive(from, to, r, running, pools) })
	})
	return s, err
}

// leave looks at the domain where it is. It returns the XML that tells most of it.
func (s *survey) leave(l *libvirt.Libvirt, r *Request) (domain *etree.Element, pools map[string]place, err error) {
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
	telling := s.inactive
	if s.active {
		if s.live, err = l.DomainGetXMLDesc(s.domain, libvirt.DomainXMLMigratable|libvirt.DomainXMLSecure); err != nil {
			return nil, nil, err
		}
		if telling, err = l.DomainGetXMLDesc(s.domain, libvirt.DomainXMLSecure); err != nil {
			return nil, nil, err
		}
	}
	if domain, err = xmlmodel.Parse(telling); err != nil {
		return nil, nil, err
	}
	if s.ours, s.journaled, err = readJournal(l, s.domain, r.To.Name); err != nil {
		return nil, nil, err
	}
	if s.disks, pools, s.findings, err = lookAtDisks(l, domain, r); err != nil {
		return nil, nil, err
	}
	s.findings = append(s.findings, immovable(domain, s.active || s.saved)...)
	snapshots, err := snapshot.Unmanaged(l, s.domain)
	if err == nil && len(snapshots) > 0 {
		s.findings = append(s.findings, fmt.Sprintf("it has snapshots (%s), which libvirt moves to no other host; delete them first", strings.Join(snapshots, ", ")))
	}
	return domain, pools, err
}

// immovable names the devices that are this host's own: of a guest that goes on, those that it holds; of one that is off, what libvirt keeps of
// them on the host and has no way to read.
func immovable(domain *etree.Element, goesOn bool) []string {
	var found []string
	for _, el := range xmlmodel.Ensure(domain, "devices").ChildElements() {
		passedThrough := xmlmodel.At("backend@type").Read(el) == any("passthrough")
		switch {
		case el.Tag == "tpm" && !goesOn && !passedThrough:
			found = append(found, "what its TPM holds is on this host, and only a running guest takes it along; start it to move it, or take 'devices.tpm' out first")
		case !goesOn:
		case el.Tag == "tpm" && passedThrough:
			found = append(found, "it has the TPM of its host; take that out, or stop the guest to move it")
		case el.Tag == "hostdev", el.Tag == "interface" && el.SelectAttrValue("type", "") == "hostdev":
			found = append(found, fmt.Sprintf("a device of the host is passed through to it (%s); take it out, or stop the guest to move it", strings.TrimPrefix(xmlmodel.At("alias@name").Text(el), "ua-")))
		case el.Tag == "filesystem":
			found = append(found, fmt.Sprintf("it shares a directory with its host (%s); take that out, or stop the guest to move it", xmlmodel.At("source@dir").Text(el)))
		}
	}
	return found
}

// arrive looks at the host that it goes to.
func (s *survey) arrive(from, to *libvirt.Libvirt, r *Request, domain *etree.Element, pools map[string]place) error {
	if err := s.clashes(to, r); err != nil {
		return err
	}
	missing, findings, err := settle(to, s.disks, pools, r, s.ours)
	if err != nil {
		return err
	}
	s.missing, s.findings = append(s.missing, missing...), append(s.findings, findings...)
	adapted := domain.Copy()
	r.Adapt(adapted)
	if err := s.lacks(to, adapted); err != nil {
		return err
	}
	misfits, err := hostinfo.Incompatibilities(from, to, domain)
	if err != nil {
		return err
	}
	for _, m := range misfits {
		s.findings = append(s.findings, r.To.Name+" "+m.Text)
	}
	if !s.active {
		return nil
	}
	free, err := hostinfo.FreeMemory(to)
	if err != nil {
		return err
	}
	if need := memory(domain); need > free {
		s.findings = append(s.findings, fmt.Sprintf("%s has %d MiB of memory free, and the guest needs %d MiB; make room", r.To.Name, free>>10, need>>10))
	}
	return nil
}

// memory is how much a domain may use, in KiB.
func memory(domain *etree.Element) int64 {
	var n int64
	_, _ = fmt.Sscan(xmlmodel.At("memory").Text(domain), &n)
	return n
}

// clashes finds a domain on the other host that is in the way.
func (s *survey) clashes(l *libvirt.Libvirt, r *Request) error {
	d, err := l.DomainLookupByUUID(r.UUID)
	switch {
	case conn.IsNotFound(err):
		d, err = l.DomainLookupByName(r.Name)
		if err == nil && d.UUID != r.UUID {
			s.findings = append(s.findings, fmt.Sprintf("%s has another domain %q already; rename or remove one of them", r.To.Name, r.Name))
		}
		if conn.IsNotFound(err) {
			return nil
		}
		return err
	case err != nil:
		return err
	case !s.journaled:
		s.findings = append(s.findings, fmt.Sprintf("both hosts have a definition of it; find out which is the right one, and remove the other: virsh undefine --keep-nvram %s", r.Name))
	}
	return nil
}

// lacks finds what the domain refers to by name and the other host does not have.
func (s *survey) lacks(l *libvirt.Libvirt, domain *etree.Element) error {
	var all error
	need := func(what string, there bool, err error) {
		switch {
		case err != nil && !conn.IsNotFound(err):
			all = errors.Join(all, err)
		case !there && !slices.Contains(s.missing, what):
			s.missing = append(s.missing, what)
		}
	}
	for _, source := range domain.FindElements("devices/interface/source") {
		if name := source.SelectAttrValue("network", ""); name != "" {
			there, err := hasNetwork(l, name)
			need(fmt.Sprintf("network %q", name), there, err)
			continue
		}
		for attr, what := range map[string]string{"bridge": "bridge", "dev": "network device"} {
			if name := source.SelectAttrValue(attr, ""); name != "" {
				names, err := hostinfo.Links(l, hostinfo.Has(name))
				if said := (libvirt.Error{}); errors.As(err, &said) { // a libvirt without the driver for them has nothing to say
					continue
				}
				_, there := names[name]
				need(fmt.Sprintf("%s %q", what, name), there, err)
			}
		}
	}
	for _, f := range domain.FindElements("devices/interface/filterref") {
		name := f.SelectAttrValue("filter", "")
		_, err := l.NwfilterLookupByName(name)
		need(fmt.Sprintf("network filter %q", name), err == nil, err)
	}
	for _, el := range domain.FindElements("devices//secret") {
		if id, usage := el.SelectAttrValue("uuid", ""), el.SelectAttrValue("usage", ""); id != "" || usage != "" {
			there, err := hasSecret(l, id, usage)
			need(fmt.Sprintf("secret %q", id+usage), there, err)
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
