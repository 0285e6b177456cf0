package storage

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// A volume gets new content in a swap. libvirt cannot rename volumes, so the new content is first complete in a staged volume, next to the
// volume. Then a record, one more volume, says that the old content is about to go; it names the content that takes its place. If the swap is
// interrupted after that, the staged volume is the only one that is complete, and the next apply continues from it.
const (
	stagedSuffix = ".kvm-fleet-new-"
	recordSuffix = ".kvm-fleet-swap"
)

// Swap is the replacement of a volume's content.
type Swap struct {
	volume  table.Model
	content string // identifies the new content
}

// NewSwap returns the swap that gives a volume this content.
func NewSwap(volume table.Model, content string) Swap { return Swap{volume, content} }

// Staged returns the volume in which the new content is prepared.
func (s Swap) Staged() table.Model {
	staged := s.volume.Clone()
	staged["name"] = s.volume.Str("name") + stagedSuffix + s.content
	return staged
}

func (s Swap) recordName() string { return s.volume.Str("name") + recordSuffix }

// recordText is what a complete record contains.
var recordText = regexp.MustCompile(`^kvm-fleet: the content of this volume is being replaced by ([0-9a-f]+)\n$`)

func (s Swap) recordText() string {
	return fmt.Sprintf("kvm-fleet: the content of this volume is being replaced by %s\n", s.content)
}

// Interrupted returns the content by which a volume's content was being replaced when the swap was interrupted; "" if there is none. The
// volume's own content cannot be relied on until the swap has been completed.
func Interrupted(l *libvirt.Libvirt, pool libvirt.StoragePool, m table.Model) (content string, err error) {
	v, err := l.StorageVolLookupByName(pool, Swap{volume: m}.recordName())
	if conn.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var text bytes.Buffer
	if err := l.StorageVolDownload(v, &text, 0, 0, 0); err != nil {
		return "", err
	}
	if found := recordText.FindStringSubmatch(text.String()); found != nil {
		return found[1], nil
	}
	return "", nil // it was not completed, so the old content is still there
}

// IsBegun reports whether this swap was interrupted after the new content was complete.
func (s Swap) IsBegun(ctx context.Context, host *conn.Host) (begun bool, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(s.volume.Str("pool"))
		if err != nil {
			return err
		}
		content, err := Interrupted(l, pool, s.volume)
		if err != nil || content != s.content {
			return err
		}
		_, err = Volume(l, s.Staged())
		begun = err == nil
		if conn.IsNotFound(err) {
			err = nil
		}
		return err
	})
	return begun, err
}

// Begin records that the staged volume is complete, and that the old content goes.
func (s Swap) Begin(ctx context.Context, host *conn.Host) error {
	text := s.recordText()
	xml, err := xmlmodel.Text(RawVolume(s.recordName(), uint64(len(text))))
	if err != nil {
		return err
	}
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		defer hostinfo.ForgetVolumes(l, s.volume.Str("pool")) // a list may be from before the staged volume
		pool, err := l.StoragePoolLookupByName(s.volume.Str("pool"))
		if err != nil {
			return err
		}
		v, err := l.StorageVolLookupByName(pool, s.recordName())
		if conn.IsNotFound(err) {
			v, err = l.StorageVolCreateXML(pool, xml, 0)
		}
		if err != nil {
			return err
		}
		return Write(l, v, strings.NewReader(text), uint64(len(text)))
	})
}

// DeleteOld deletes the volume whose content is replaced. It refuses if the volume is in use.
func (s Swap) DeleteOld(ctx context.Context, host *conn.Host) error {
	if why, err := HoldsContent(ctx, host, s.volume); err != nil || why != "" {
		if err == nil {
			err = diag.New("replace the content of", "Stop the machines that use it, and run the command again.", "%s", why)
		}
		return err
	}
	err := host.Do(ctx, func(l *libvirt.Libvirt) error {
		v, err := Volume(l, s.volume)
		if err != nil {
			return err
		}
		return DeleteWhenIdle(l, v)
	})
	return diag.IgnoreNotFound("replace the content of", err)
}

// End removes every staged volume and the record. The volume is complete: whatever fails here, the change was made. A record that stays has the
// next apply replace the content once more.
func (s Swap) End(ctx context.Context, host *conn.Host) {
	if DeleteStaged(context.WithoutCancel(ctx), host, s.volume) != nil {
		_ = DeleteStaged(context.WithoutCancel(ctx), host, s.volume) // the connection may have been lost
	}
}

// DeleteStaged deletes what swaps of a volume have left. The record goes last: without it, the volume's own content counts.
func DeleteStaged(ctx context.Context, host *conn.Host, m table.Model) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		left, err := staged(l, m)
		if len(left) > 0 {
			defer hostinfo.ForgetVolumes(l, m.Str("pool"))
		}
		for _, name := range left { // "new" is before "swap"
			v := m.Clone()
			v["name"] = name
			if err := deleteVolume(l, v); err != nil && !conn.IsNotFound(err) {
				return err
			}
		}
		return err
	})
}

func deleteVolume(l *libvirt.Libvirt, m table.Model) error {
	v, err := Volume(l, m)
	if err != nil {
		return err
	}
	return DeleteWhenIdle(l, v)
}

// HasStaged reports whether a pool has volumes that swaps of a volume have left.
func HasStaged(l *libvirt.Libvirt, m table.Model) (bool, error) {
	left, err := staged(l, m)
	return len(left) > 0, err
}

// staged returns the names of the volumes that swaps of a volume have left.
func staged(l *libvirt.Libvirt, m table.Model) (left []string, err error) {
	volumes, err := hostinfo.Volumes(l, m.Str("pool"), func(hostinfo.Names) bool { return true })
	for name := range volumes {
		if isStaged(name, m) {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	return left, err
}

func isStaged(name string, m table.Model) bool {
	return name == m.Str("name")+recordSuffix || strings.HasPrefix(name, m.Str("name")+stagedSuffix)
}

// CheckRoom returns an error if a pool has no room for the copy of the staged volume after the old content is gone.
func (s Swap) CheckRoom(ctx context.Context, host *conn.Host) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		pool, err := l.StoragePoolLookupByName(s.volume.Str("pool"))
		if err != nil {
			return err
		}
		_, _, _, available, err := l.StoragePoolGetInfo(pool)
		if err != nil {
			return err
		}
		staged, err := allocationOf(l, s.Staged())
		if err != nil {
			return err
		}
		old, err := allocationOf(l, s.volume)
		if err != nil {
			return err
		}
		if staged > available+old {
			return diag.New("replace the content of", "The volume was not changed. Free some space in the pool, and run the command again.",
				"pool %q has %d bytes free, and the new content needs %d", s.volume.Str("pool"), available+old, staged)
		}
		return nil
	})
}

// allocationOf returns how much space a volume takes; 0 if it does not exist.
func allocationOf(l *libvirt.Libvirt, m table.Model) (uint64, error) {
	v, err := Volume(l, m)
	if conn.IsNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	_, _, allocation, err := l.StorageVolGetInfo(v)
	return allocation, err
}
