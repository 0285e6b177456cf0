package usage

import (
	"fmt"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// As libvirt gives it while the guest runs: the images that a disk rests on are told.
const running = `<domain><os><loader>/fw/code.fd</loader><nvram>/vars/web.fd</nvram></os><devices>
  <disk type='file' device='disk'><source file='/vms/web.qcow2'/>
    <backingStore type='file'><format type='qcow2'/><source file='/vms/base.qcow2'/>
      <backingStore type='block'><source dev='/dev/vg/root'/><backingStore/></backingStore></backingStore>
    <mirror type='file'><source file='/new/web.qcow2'/></mirror><target dev='vda' bus='virtio'/></disk>
  <disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>
  <disk type='network' device='disk'><source protocol='rbd' name='p/v'/><target dev='vdb'/></disk>
</devices></domain>`

func TestFilesOfADefinition(t *testing.T) {
	definition, err := xmlmodel.Parse(running)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filesOf(nil, definition)
	if err != nil {
		t.Fatal(err)
	}
	want := []fileUse{
		{path: "/vms/web.qcow2", target: "vda"}, {path: "/vms/base.qcow2", target: "vda", backing: true},
		{path: "/dev/vg/root", target: "vda", backing: true}, {path: "/new/web.qcow2", target: "vda", backing: true},
		{network: "rbd:p/v", target: "vdb"}, {path: "/fw/code.fd"}, {path: "/vars/web.fd"},
	}
	if fmt.Sprint(files) != fmt.Sprint(want) {
		t.Errorf("got\n%v\nwant\n%v", files, want)
	}
}

func TestNames(t *testing.T) {
	for want, users := range map[string][]User{
		"":                 nil,
		`"a"`:              {{Name: "a", Target: "vda"}, {Name: "a", Target: "vdb"}},
		`"a" and "b"`:      {{Name: "a"}, {Name: "b"}},
		`"a", "b" and "c"`: {{Name: "a"}, {Name: "b"}, {Name: "c"}},
		`"odd \"name\""`:   {{Name: `odd "name"`}},
	} {
		if got := Names(users); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestRunning(t *testing.T) {
	got := Running([]User{{Name: "a"}, {Name: "b", Running: true}})
	if len(got) != 1 || got[0].Name != "b" {
		t.Errorf("got %v", got)
	}
}

func TestWhatIsInsideAPool(t *testing.T) {
	for _, c := range []struct {
		file, directory string
		deep, want      bool
	}{
		{"/vms/a", "/vms", false, true}, {"/vms/a", "/vms/", false, true}, {"/vms/other/a", "/vms", false, false}, {"/vms/other/a", "/vms", true, true},
		{"/vms2/a", "/vms", true, false}, {"/a", "/", true, true}, {"", "/vms", true, false}, {"/a", "", true, false},
	} {
		if got := inside(c.file, c.directory, c.deep); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
