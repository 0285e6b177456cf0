package schema

import "github.com/kvm-fleet/kvm-fleet/provider/internal/table"

// filesystemRules checks each shared directory.
func filesystemRules(p table.Problems, config table.Model) {
	filesystems := config.Group("devices").Group("filesystems")
	backing := config.Group("memory_backing")
	for _, tag := range table.Keys(filesystems) {
		fs, p := filesystems.Group(tag), p.Entry("devices.filesystems", tag)
		mode := fs["access_mode"]
		switch virtiofs := isVirtiofs(fs); {
		case fs == nil || fs["driver"] == table.Unknown:
		case virtiofs && config["memory_backing"] != table.Unknown && backing["access"] != "shared" && backing["access"] != table.Unknown:
			p.Add("driver", "'driver' = \"virtiofs\" requires shared memory; set 'memory_backing' to { source = \"memfd\", access "+
				"= \"shared\" }, or use driver \"9p\"")
		case virtiofs && mode != nil && mode != table.Unknown && mode != "passthrough":
			p.Must("access_mode", "be \"passthrough\" with driver \"virtiofs\", got %q; use that, or driver \"9p\"", mode)
		case !virtiofs:
			for _, name := range []string{"cache", "queue"} {
				if fs[name] != nil {
					p.RequiresValue(name, "driver", fs["driver"], "virtiofs")
				}
			}
		}
	}
}

// isVirtiofs reports whether a directory is shared by virtiofs, the default.
func isVirtiofs(fs table.Model) bool { return fs["driver"] == nil || fs["driver"] == "virtiofs" }
