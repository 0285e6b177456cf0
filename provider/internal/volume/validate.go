package volume

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

var root = tftypes.NewAttributePath()

// Validate checks the rules between attributes.
func (Resource) Validate(config table.Model) []table.Problem {
	set := func(name string) bool { return config[name] != nil }
	bad := func(name, text string) []table.Problem {
		return []table.Problem{{Path: root.WithAttributeName(name), Text: text}}
	}
	isRaw, luks := config["format"] == "raw", set("encryption")
	switch {
	case set("source") && set("backing_store"):
		return bad("backing_store", "'backing_store' cannot be combined with 'source': a volume is either a clone or uploaded; remove one of them")
	case set("source") && set("clone_from"):
		return bad("clone_from", "'clone_from' cannot be combined with 'source': a volume is either a copy or uploaded; remove one of them")
	case set("backing_store") && set("clone_from"):
		return bad("clone_from", "'clone_from' cannot be combined with 'backing_store': a volume is either a full copy or a thin "+
			"clone; remove one of them")
	case set("backing_store") && isRaw:
		return bad("format", "'format' must be \"qcow2\" with 'backing_store', got \"raw\"; a raw image cannot be thin")
	case !set("source") && !set("backing_store") && !set("clone_from") && !set("capacity"):
		return bad("capacity", "'capacity' is required for an empty volume; set the size in bytes, or set 'source', 'backing_store' or 'clone_from'")
	case set("source_sha256") && !set("source"):
		return bad("source_sha256", "'source_sha256' requires 'source'; set it, or remove 'source_sha256'")
	case luks && set("source"):
		return bad("encryption", "'encryption' cannot be combined with 'source': an image is uploaded unchanged; upload it to another volume, and "+
			"name that volume in 'clone_from'")
	case set("preallocation") && set("backing_store"):
		return bad("preallocation", "'preallocation' cannot be combined with 'backing_store': a thin clone only stores the "+
			"differences; remove one of them")
	case set("preallocation") && set("source") && !isRaw && config["format"] != table.Unknown:
		return bad("preallocation", "'preallocation' cannot be combined with the 'source' of a qcow2 image, which is uploaded unchanged; remove it")
	case config["preallocation"] == "metadata" && isRaw:
		return bad("preallocation", "'preallocation' must be \"full\" for a raw volume, got \"metadata\"; a raw volume has no metadata")
	case set("preallocation") && isRaw && luks:
		return bad("preallocation", "'preallocation' is not supported for an encrypted raw volume, which libvirt creates thin; remove it, or "+
			"set 'format' to \"qcow2\"")
	}
	problems := table.NewProblems()
	RawXML.Rules(problems, config)
	if set("xml") && set("source") {
		problems.Conflicts("xml", "source", "an image is uploaded unchanged, with its own header")
	}
	return problems.List()
}
