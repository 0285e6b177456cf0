//go:build acceptance

package acceptance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/domain/schema"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/network"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/pool"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// editor reads and replaces the definition of an object, as 'virsh edit' does.
type editor struct {
	dump   func(l *libvirt.Libvirt, name string) (xml string, err error)
	define func(l *libvirt.Libvirt, xml string) error
}

// editors lists the resources whose definitions others can edit.
var editors = map[string]editor{
	"libvirt_domain": {
		func(l *libvirt.Libvirt, name string) (string, error) {
			d, err := l.DomainLookupByName(name)
			if err != nil {
				return "", err
			}
			return l.DomainGetXMLDesc(d, libvirt.DomainXMLInactive|libvirt.DomainXMLSecure)
		},
		func(l *libvirt.Libvirt, xml string) error { _, err := l.DomainDefineXMLFlags(xml, 0); return err },
	},
	"libvirt_network": {
		func(l *libvirt.Libvirt, name string) (string, error) {
			n, err := l.NetworkLookupByName(name)
			if err != nil {
				return "", err
			}
			return l.NetworkGetXMLDesc(n, uint32(libvirt.NetworkXMLInactive))
		},
		func(l *libvirt.Libvirt, xml string) error { _, err := l.NetworkDefineXML(xml); return err },
	},
	"libvirt_pool": {
		func(l *libvirt.Libvirt, name string) (string, error) {
			p, err := l.StoragePoolLookupByName(name)
			if err != nil {
				return "", err
			}
			return l.StoragePoolGetXMLDesc(p, libvirt.StorageXMLInactive)
		},
		func(l *libvirt.Libvirt, xml string) error { _, err := l.StoragePoolDefineXML(xml, 0); return err },
	},
	"libvirt_nwfilter": {
		func(l *libvirt.Libvirt, name string) (string, error) {
			f, err := l.NwfilterLookupByName(name)
			if err != nil {
				return "", err
			}
			return l.NwfilterGetXMLDesc(f, 0)
		},
		func(l *libvirt.Libvirt, xml string) error { _, err := l.NwfilterDefineXML(xml); return err },
	},
	"libvirt_secret": {
		func(l *libvirt.Libvirt, name string) (string, error) {
			s, err := l.SecretLookupByUsage(int32(libvirt.SecretUsageTypeCeph), name)
			if err != nil {
				return "", err
			}
			return l.SecretGetXMLDesc(s, 0)
		},
		func(l *libvirt.Libvirt, xml string) error { _, err := l.SecretDefineXML(xml, 0); return err },
	},
}

// changesByOthers has another program change each attribute of a table in libvirt's definition: from a value of its cases to each other one. The
// next plan must show the change, and the apply must take it back.
func changesByOthers(t *testing.T, rows *table.Table, base func(name string) attrs, cases map[string]update) {
	t.Helper()
	edit, there := editors[rows.TypeName()]
	if !there {
		return
	}
	inParallel(t, sample(rows.TypeName(), slices.Sorted(maps.Keys(cases))), func(c *core, path string) {
		if path == "host" || path == "name" || path == "uuid" || path == table.ProtectRow("").Name {
			return // another object, or an attribute that the host does not know
		}
		if err := edit.each(t, c, rows, base, path, cases[path].steps); err != nil {
			t.Errorf("%s of %s: %v", path, rows.TypeName(), err)
		}
	})
}

// each makes an object with a value of a case, and changes it to each other one. It also begins with an attribute that is unset, unless the host
// or libvirt chooses its value then, or the object is a domain, which may have what Terraform does not set.
func (e editor) each(t *testing.T, c *core, rows *table.Table, base func(name string) attrs, path string, steps []step) error {
	places := map[string]*table.Attr{}
	collect(rows.Attrs, "", places)
	set := slices.IndexFunc(steps, func(s step) bool { return lookup(s.set, path) != nil })
	unset := slices.IndexFunc(steps, func(s step) bool { return lookup(s.set, path) == nil })
	if set < 0 {
		return nil
	}
	err := e.from(t, c, rows, base, path, steps, set)
	if unset >= 0 && rows != schema.Table && places[path].Mode != table.OptionalComputed && !places[path].Assigned {
		err = errors.Join(err, e.from(t, c, rows, base, path, steps, unset))
	}
	return err
}

// from makes an object with one value of a case, and changes it to each other one.
func (e editor) from(t *testing.T, c *core, rows *table.Table, base func(name string) attrs, path string, steps []step, first int) (err error) {
	t.Helper()
	kind, resting := rows.TypeName(), base(unique(t))
	ours := resting.with(steps[first].set)
	if err := c.apply(kind, ours); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.apply(kind, nil)) }()
	for i, s := range steps {
		if i == first || reflect.DeepEqual(lookup(s.set, path), lookup(steps[first].set, path)) {
			continue
		}
		theirs := resting.with(s.set)
		if theirs["name"] != ours["name"] {
			continue
		}
		if err := e.change(t, c, rows, path, ours, theirs); err != nil {
			return fmt.Errorf("from %v to %v: %w", lookup(ours, path), lookup(s.set, path), err)
		}
	}
	return nil
}

// change edits the definition, and asserts that the change is seen and taken back.
func (e editor) change(t *testing.T, c *core, rows *table.Table, path string, ours, theirs attrs) error {
	kind, name := rows.TypeName(), ours["name"].(string)
	was, err := c.refresh(kind)
	if err != nil {
		return err
	}
	other, _, err := c.plan(kind, was, theirs)
	if err != nil {
		t.Logf("%s of %s is not changed to %v: %v", path, kind, lookup(theirs, path), err)
		return nil
	}
	from, err1 := table.FromTF(was.value)
	to, err2 := table.FromTF(other)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	before, edited, err := e.edit(name, func(xml string) (string, error) { return patched(rows, xml, from, to) })
	switch {
	case err != nil:
		t.Logf("%s of %s cannot be changed to %v with libvirt: %v", path, kind, lookup(theirs, path), err)
		return nil
	case !edited:
		return nil // libvirt's definition does not have it
	}
	now, err := c.refresh(kind)
	if err != nil {
		return err
	}
	planned, replace, err := c.plan(kind, now, ours)
	if err != nil {
		return fmt.Errorf("after it was changed with libvirt, the plan fails: %w", err)
	}
	changedByOther(t, "changed with libvirt", kind+" "+path, replace || !now.value.Equal(planned))
	if err := c.apply(kind, ours); err != nil {
		return fmt.Errorf("what was changed with libvirt cannot be taken back: %w", err)
	}
	if err := c.settled(kind, ours); err != nil {
		return err
	}
	after, err := e.read(name)
	if err != nil {
		return err
	}
	var stays []string
	restored, wanted := valueIn(rows, after, path), valueIn(rows, before, path)
	if _, group := wanted.(attrs); !group && !reflect.DeepEqual(restored, wanted) { // a device that is made again has another MAC address
		stays = append(stays, fmt.Sprintf("it is %v, not %v", restored, wanted))
	}
	stuck(t, "changed with libvirt", kind+" "+path, stays)
	return nil
}

// patched returns a definition with the differences between two models.
func patched(rows *table.Table, xml string, from, to table.Model) (string, error) {
	if rows == schema.Table {
		return schema.PatchXML(xml, from, to)
	}
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return "", err
	}
	switch rows {
	case network.Table:
		network.RawXML.Patch(root, from, to)
	case pool.Table:
		pool.RawXML.Patch(root, from, to)
	default:
		xmlmodel.Patch(rows.Attrs, root, from, to)
	}
	return xmlmodel.Text(root)
}

// valueIn returns the value that a definition has at a path, in the first entry of a map that has one.
func valueIn(rows *table.Table, xml, path string) any {
	m, err := xmlmodel.ReadText(rows.Attrs, xml)
	if err != nil {
		return err
	}
	return lookup(asAttrs(m).(attrs), path)
}

func asAttrs(v any) any {
	m, group := v.(table.Model)
	if !group {
		return v
	}
	a := attrs{}
	for k, inner := range m {
		if inner != nil {
			a[k] = asAttrs(inner)
		}
	}
	return a
}

func (e editor) read(name string) (xml string, err error) {
	host, err := onAlpha()
	if err != nil {
		return "", err
	}
	err = host.Do(context.Background(), func(l *libvirt.Libvirt) error {
		xml, err = e.dump(l, name)
		return err
	})
	return xml, err
}

// edit replaces a definition. It reports whether libvirt's definition is another one afterwards.
func (e editor) edit(name string, change func(xml string) (string, error)) (before string, edited bool, err error) {
	host, err := onAlpha()
	if err != nil {
		return "", false, err
	}
	err = host.Do(context.Background(), func(l *libvirt.Libvirt) error {
		if before, err = e.dump(l, name); err != nil {
			return err
		}
		text, err := change(before)
		if err != nil {
			return err
		}
		if err := e.define(l, text); err != nil {
			return err
		}
		after, err := e.dump(l, name)
		edited = chosen.ReplaceAllString(after, "") != chosen.ReplaceAllString(before, "")
		return err
	})
	return before, edited, err
}

// onAlpha is the connection of the other program.
var onAlpha = sync.OnceValues(func() (*conn.Host, error) {
	uri, err := conn.ParseURI(alpha().URI)
	return conn.NewHost(alpha().Name, uri), err
})
