package usage

import (
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

func TestAVolumeIsTheSameHoweverItIsReached(t *testing.T) {
	const iqn = "iqn.2024-01.test.fleet:vms"
	for source, volume := range map[string]string{
		`<source protocol='rbd' name='p/v'/>`:                                     "p/v",
		`<source protocol='gluster' name='vms/a.qcow2'><host name='b'/></source>`: "gluster://a:24007/vms/a.qcow2",
		`<source protocol='gluster' name='/vms/x/a.qcow2'/>`:                      "gluster://a/vms/x/a.qcow2",
		`<source protocol='iscsi' name='` + iqn + `/1'/>`:                         "ip-198.18.0.1:3260-iscsi-" + iqn + "-lun-1",
		`<source protocol='iscsi' name='` + iqn + `'/>`:                           "/dev/disk/by-path/ip-198.18.0.1:3260-iscsi-" + iqn + "-lun-0",
	} {
		root, err := xmlmodel.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := networkLocation(root); got != location(volume) {
			t.Errorf("%s is %q, %s is %q", source, got, volume, location(volume))
		}
	}
	for source := range map[string]bool{`<source protocol='nbd' name='p/v'/>`: true, `<source file='/p/v'/>`: true} {
		root, err := xmlmodel.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := networkLocation(root); got != "" {
			t.Errorf("%s: %q", source, got)
		}
	}
	if location("/p/v") == location("p/v") || location("/vms//a") != location("/vms/a") {
		t.Error("a file is not where it is")
	}
}
