package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// recorded returns a definition with a model in it, and the paths of its record.
func recorded(t *testing.T, xml string, prior, plan, soon table.Model) (string, []string) {
	t.Helper()
	after, err := PatchXML(xml, prior, plan)
	if err == nil {
		after, err = AddRecords(after, prior, plan, soon)
	}
	if err != nil {
		t.Fatal(err)
	}
	root, err := xmlmodel.Parse(after)
	if err != nil {
		t.Fatal(err)
	}
	return after, slices.Sorted(maps.Keys(WrittenIn(root)))
}

func TestWhatIsWrittenIsRecorded(t *testing.T) {
	const bare = `<domain type="kvm"><name>it</name><memory>1024</memory><vcpu>1</vcpu><os><type>hvm</type></os></domain>`
	base := table.Model{"name": "it", "vcpu": int64(1), "memory": int64(1024)}
	more := table.Model{"name": "it", "vcpu": int64(1), "memory": int64(1024), "title": "a", "on_change": "restart",
		"memory_backing": table.Model{"hugepages": true, "source": nil}, "disks": table.Model{"vda": table.Model{"file": "/a", "format": "raw", "cache": "none"}}}
	xml, names := recorded(t, bare, nil, more, nil)
	if want := []string{"disks", `disks["vda"].cache`, `disks["vda"].file`, "memory_backing", "title"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	if again, _ := recorded(t, xml, more, more, nil); again != xml {
		t.Error("the same record is written again")
	}
	if _, names := recorded(t, xml, more, base, nil); names != nil {
		t.Errorf("what is removed is still recorded: %q", names)
	}
	if _, names := recorded(t, xml, base, base, nil); !slices.Contains(names, "title") {
		t.Errorf("what an older state does not have is forgotten: %q", names)
	}
	if _, names := recorded(t, bare, base, base, more); !slices.Contains(names, "title") {
		t.Errorf("what is about to be set is not recorded: %q", names)
	}

	root, err := xmlmodel.Parse(xml)
	if err != nil {
		t.Fatal(err)
	}
	seen := xmlmodel.Read(Table.Attrs, root)
	known := WrittenIn(root).Find(base, seen)
	if v, _ := seen["title"].(table.Written); v.Value != "a" || known["title"] != "a" {
		t.Errorf("the title is %v, and known as %v", seen["title"], known["title"])
	}
	if v, _ := seen["memory_backing"].(table.Written); !table.Equal(v.Value, table.Model{"hugepages": true, "locked": false, "nosharepages": false, "discard": false}) {
		t.Errorf("the memory is %v", seen["memory_backing"])
	}
	if _, marked := seen["firmware"].(table.Written); marked || base["title"] != nil {
		t.Error("something else is marked")
	}

	foreign, err := xmlmodel.Parse(strings.Replace(bare, "<memory>", "<title>theirs</title><memory>", 1))
	if err != nil {
		t.Fatal(err)
	}
	seen = xmlmodel.Read(Table.Attrs, foreign)
	WrittenIn(foreign).Find(base, seen)
	if seen["title"] != "theirs" {
		t.Errorf("another program's title is taken for this provider's: %v", seen["title"])
	}
}
