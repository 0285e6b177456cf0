package table

import "testing"

func TestProblems(t *testing.T) {
	for want, add := range map[string]func(p Problems){
		"disks[\"vda\"].source.name: 'name' requires 'protocol'; set it, or remove 'name'":                                   func(p Problems) { p.Requires("source.name", "protocol") },
		"disks[\"vda\"].tls: 'tls' requires 'protocol' to be \"nbd\" or \"rbd\", got \"http\"; change that, or remove 'tls'": func(p Problems) { p.RequiresValue("tls", "protocol", "http", "nbd", "rbd") },
		"disks[\"vda\"].size: 'size' requires 'pages' to be true; change that, or remove 'size'":                             func(p Problems) { p.RequiresValue("size", "pages", nil, "true") },
		"disks[\"vda\"].pool: 'pool' and 'volume' require each other; set both or neither":                                   func(p Problems) { p.RequireEachOther("pool", "volume") },
		"disks[\"vda\"].pool: 'pool' cannot be combined with 'file': a disk has one source; remove one of them":              func(p Problems) { p.Conflicts("pool", "file", "a disk has one source") },
		"disks[\"vda\"].bus: 'bus' cannot be combined with 'model' = \"none\"; change that, or remove 'bus'":                 func(p Problems) { p.ConflictsWithValue("bus", "model", "none", "") },
		"disks[\"vda\"].boot: 'boot' must be unique, 1 is already used by disks[\"vdb\"]":                                    func(p Problems) { p.Unique("boot", int64(1), `disks["vdb"]`) },
		"disks[\"vda\"].options: 'options' must not be empty; set one of its attributes, or remove it":                       func(p Problems) { p.Empty("options") },
		"disks[\"vda\"].format: 'format' is required without a 'file'; set it":                                               func(p Problems) { p.Missing("format", "without a 'file'", "set it") },
		"disks[\"vda\"].options.io: 'io' must be low":                                                                        func(p Problems) { p.In("options").Must("io", "be low") },
		"disks[\"vda\"]: a word": func(p Problems) { p.Concat([]Problem{{Path: p.Path(), Text: "a word"}}) },
	} {
		p := NewProblems()
		add(p.Entry("disks", "vda"))
		if found := p.List(); len(found) != 1 || PathString(found[0].Path)+": "+found[0].Text != want {
			t.Errorf("got %v, want %s", found, want)
		}
	}
}
