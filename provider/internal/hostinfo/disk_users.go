package hostinfo

import (
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// DiskUsers lists the images that domains need, with the names of the domains, separated by a line feed: the disks of every definition, and all
// images of running guests. A volume that a definition names by its pool has the key that VolumeKey returns.
func DiskUsers(l *libvirt.Libvirt) (Names, error) {
	return Cached(l, "disk users", func(Names) bool { return true }, func() (Names, error) {
		names := Names{}
		domains, _, err := l.ConnectListAllDomains(1, 0)
		for _, d := range domains {
			definitions := []libvirt.DomainXMLFlags{libvirt.DomainXMLInactive}
			if d.ID >= 0 {
				definitions = append(definitions, 0)
			}
			for _, flags := range definitions {
				text, err := l.DomainGetXMLDesc(d, flags)
				if conn.IsNotFound(err) {
					continue
				}
				if err != nil {
					return nil, err
				}
				root, err := xmlmodel.Parse(text)
				if err != nil {
					return nil, err
				}
				names.addImages(root, d.Name, flags == 0)
				if xmlmodel.HasOwnRecord(root) {
					names[ManagedKey(d.Name)] = d.Name
				}
			}
		}
		return names, err
	})
}

// ManagedKey returns the key in DiskUsers of a domain that this provider has defined.
func ManagedKey(domain string) string { return "managed " + domain }

// VolumeKey returns the key of a volume in DiskUsers.
func VolumeKey(pool, volume string) string { return "pool " + pool + "/" + volume }

func (n Names) addImages(domain *etree.Element, name string, all bool) {
	add := func(key string) {
		if users := strings.Split(n[key], "\n"); key != "" && users[len(users)-1] != name {
			n[key] = strings.TrimPrefix(n[key]+"\n"+name, "\n")
		}
	}
	for _, disk := range domain.FindElements("devices/disk") {
		sources := disk.SelectElements("source")
		if all {
			sources = disk.FindElements(".//source")
		}
		for _, s := range sources {
			add(s.SelectAttrValue("file", s.SelectAttrValue("dev", "")))
			if pool := s.SelectAttrValue("pool", ""); pool != "" {
				add(VolumeKey(pool, s.SelectAttrValue("volume", "")))
			}
		}
	}
}
