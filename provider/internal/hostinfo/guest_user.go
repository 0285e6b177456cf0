package hostinfo

import (
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"
)

// GuestUser is the user and the group that a host's QEMU runs as.
type GuestUser struct{ User, Group int64 }

// IsOrdinary reports whether the user is known, and is subject to the permissions of files.
func (u GuestUser) IsOrdinary() bool { return u.User > 0 }

// ReadGuestUser returns the user and the group that the QEMU of guests without a label of their own runs as; zero if libvirt does not say.
func ReadGuestUser(l *libvirt.Libvirt) (GuestUser, error) {
	caps, err := readCapabilities(l)
	if err != nil {
		return GuestUser{}, err
	}
	return guestUser(caps.root), nil
}

// guestUser reads the label of the driver "dac", which begins with the IDs: +64055:+64055. https://libvirt.org/formatcaps.html
func guestUser(root *etree.Element) GuestUser {
	for _, model := range root.FindElements("host/secmodel") {
		if textAt(model, "model") != "dac" {
			continue
		}
		for _, label := range model.SelectElements("baselabel") {
			user, group, _ := strings.Cut(label.Text(), ":")
			uid, err1 := strconv.ParseInt(strings.TrimPrefix(user, "+"), 10, 64)
			gid, err2 := strconv.ParseInt(strings.TrimPrefix(group, "+"), 10, 64)
			if label.SelectAttrValue("type", "") == "qemu" && err1 == nil && err2 == nil {
				return GuestUser{uid, gid}
			}
		}
	}
	return GuestUser{}
}
