package snapshot

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/confinement"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// destruction is the destruction of a snapshot that was begun: libvirt merges into the frozen files, and only they show whether it has
// written anything. It has, for each disk, the time at which the frozen file was last written before; none for a file without such a time.
type destruction map[string]string

// begunNote matches the end of the description of a snapshot whose destruction was begun. Earlier versions recorded no times.
var begunNote = regexp.MustCompile(`(?s)^(.*?)\n?\(Its destruction was begun` +
	`(?:: it can't be gone back to\.|\. Its frozen files were written at: ([^()]*))\)$`)

func (b destruction) note() string {
	var times []string
	for _, target := range slices.Sorted(maps.Keys(b)) {
		times = append(times, target+" "+b[target])
	}
	return "(Its destruction was begun. Its frozen files were written at: " + strings.Join(times, ", ") + ")"
}

// cutNote splits a description into what the user wrote and the destruction that was begun; nil if there was none.
func cutNote(description string) (string, destruction) {
	found := begunNote.FindStringSubmatch(description)
	if found == nil {
		return description, nil
	}
	b := destruction{}
	for entry := range strings.SplitSeq(found[2], ", ") {
		if target, at, ok := strings.Cut(entry, " "); ok {
			b[target] = at
		}
	}
	return found[1], b
}

// begin records in libvirt that the destruction begins.
func (f files) begin(d libvirt.Domain, s libvirt.DomainSnapshot, r *record) error {
	if r.begun == nil {
		r.begun = destruction{} // without times, it counts as one that has written
		if times, err := f.writeTimes(r); err == nil {
			r.begun = times
		}
	}
	r.describeAs(r.description)
	return redefine(f.l, d, s, r)
}

// refused returns the error of a merge that libvirt refused. If it has written nothing, the snapshot is as it was before.
func (f files) refused(d libvirt.Domain, s libvirt.DomainSnapshot, r *record, err error) error {
	if _, answered := conn.Message(err); !answered || !f.unwritten(r) {
		return err
	}
	r.begun = nil
	r.describeAs(r.description)
	if redefine(f.l, d, s, r) != nil {
		return err // the write times still show that nothing was merged
	}
	remedy := "Remove the cause, and run the command again."
	if domain, described := describe(f.l, d, 0); described == nil && strings.Contains(err.Error(), "Permission denied") && confined(domain) {
		remedy = whileConfined
	}
	return diag.New("destroy", "Nothing was merged: the snapshot is as it was before, and the machine can still be reverted to it. "+remedy,
		"%w", err)
}

// whileConfined says what to do about a merge that AppArmor denies.
const whileConfined = "AppArmor on the host denies a running guest to write to the files below its disks, unless the guest was started before the " +
	"snapshot was created; the host logs nothing, and no local rule can permit it. Stop the machine (state = \"stopped\") and apply that, then " +
	"destroy the snapshot, and start the machine again."

// confined reports whether AppArmor confines a running domain with a profile that libvirt has written for it.
func confined(domain *etree.Element) bool {
	for _, label := range domain.SelectElements("seclabel") {
		if label.SelectAttrValue("model", "") == confinement.AppArmor && label.SelectAttrValue("type", "") == "dynamic" {
			return true
		}
	}
	return false
}

// deniedByAppArmor refuses to merge a snapshot of a stopped machine that runs now: the profile of its guest denies to write to the frozen files.
func deniedByAppArmor(domain *etree.Element, r *record) error {
	if r.state != "shutoff" || domain.SelectAttrValue("id", "") == "" || !confined(domain) {
		return nil
	}
	return diag.New("destroy", whileConfined, "the machine was started after snapshot %q was created, and AppArmor denies its guest to write "+
		"to the frozen files", r.name)
}

// unwritten reports whether the destruction that was begun has written nothing.
func (f files) unwritten(r *record) bool {
	now, err := f.writeTimes(r)
	return err == nil && len(now) == len(r.layers) && maps.Equal(now, r.begun)
}

// writeTimes returns when each frozen file was last written.
func (f files) writeTimes(r *record) (destruction, error) {
	times := destruction{}
	for target, is := range r.layers {
		err := storage.InDirectory(f.host, f.l, path.Dir(is.frozen.file), func(pool libvirt.StoragePool) error {
			v, err := storage.FileIn(f.l, pool, path.Base(is.frozen.file))
			if err != nil {
				return err
			}
			root, err := storage.Describe(f.l, v)
			if err != nil {
				return err
			}
			if at := xmlmodel.At("target/timestamps/mtime").Text(root); at != "" {
				times[target] = at
			}
			return nil
		})
		if err != nil && !conn.IsNotFound(err) {
			return nil, fmt.Errorf("unable to read when %s was last written: %w", is.frozen.file, err)
		}
	}
	return times, nil
}
