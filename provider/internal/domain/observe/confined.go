package observe

import (
	"slices"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
)

// confinedBy returns the labels by which SELinux or AppArmor confines a running guest; "" if its host has neither.
func confinedBy(l *libvirt.Libvirt, d libvirt.Domain) (string, error) {
	models, err := hostinfo.SecurityModels(l)
	if err != nil || !slices.ContainsFunc(models, confines) {
		return "", err
	}
	labels, _, err := l.DomainGetSecurityLabelList(d)
	if conn.IsInactive(err) || conn.IsUnsupported(err) { // it has stopped in the meantime
		return "", nil
	}
	return labelsText(models, labels), err
}

// confines reports whether a driver confines guests. 'dac' only says which user QEMU runs as.
func confines(driver string) bool { return driver == "selinux" || driver == "apparmor" }

// labelsText returns labels in the order of the drivers, as libvirt (9.0) reports them. A driver that does not confine the guest has no label.
func labelsText(models []string, labels []libvirt.DomainGetSecurityLabelRet) string {
	var found []string
	for i, model := range models {
		if i >= len(labels) || !confines(model) {
			continue
		}
		text := make([]byte, 0, len(labels[i].Label))
		for _, c := range labels[i].Label {
			if c != 0 {
				text = append(text, byte(c))
			}
		}
		if len(text) == 0 {
			continue
		}
		mode := "permissive"
		if labels[i].Enforcing != 0 {
			mode = "enforcing"
		}
		found = append(found, model+": "+string(text)+" ("+mode+")")
	}
	return strings.Join(found, ", ")
}
