package storage

import (
	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Format returns the format that libvirt finds in a volume. If it is not the expected one, Format has libvirt look again: libvirt has the
// format that it found when it last refreshed the pool, and during an upload that is raw. It skips the refresh at the end of an upload while
// another volume of the pool is being created (9.0, virStorageVolPoolRefreshThread), and knows nothing of an upload by another host.
func Format(l *libvirt.Libvirt, v libvirt.StorageVol, expected string) (string, error) {
	is, err := formatOf(l, v)
	if err != nil || is == expected {
		return is, err
	}
	if err := refreshPoolOf(l, v); err != nil {
		return "", err
	}
	return formatOf(l, v)
}

func formatOf(l *libvirt.Libvirt, v libvirt.StorageVol) (string, error) {
	el, err := Describe(l, v)
	if err != nil {
		return "", err
	}
	is, _ := ReadFormat(el).(string)
	return is, nil
}

// ReadFormat reads the format in a volume's XML. It is raw for a CD image, and for volumes that are not files: libvirt reports no format for
// them, or the type of a partition.
func ReadFormat(el *etree.Element) any {
	of, is := xmlmodel.At("@type").Text(el), xmlmodel.At("target/format@type").Read(el)
	if of == "block" || of != "" && is == nil || is == "iso" {
		return "raw"
	}
	return is
}
