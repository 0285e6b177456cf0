package volume

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

var root = tftypes.NewAttributePath()

// Validate checks what must and must not go together.
func (Resource) Validate(config table.Model) []table.Problem {
	set := func(name string) bool { return config[name] != nil }
	bad := func(name, text string) []table.Problem {
		return []table.Problem{{Path: root.WithAttributeName(name), Text: text}}
	}
	isRaw, luks := config["format"] == "raw", set("encryption")
	switch {
	case set("source") && set("backing_store"):
		return bad("backing_store", "'backing_store' and 'source' can't both be set: a volume is a clone or is uploaded; take one out")
	case set("source") && set("clone_from"):
		return bad("clone_from", "'clone_from' and 'source' can't both be set: a volume is a copy or is uploaded; take one out")
	case set("backing_store") && set("clone_from"):
		return bad("clone_from", "'clone_from' and 'backing_store' can't both be set: a volume is a full copy or a thin clone; take one out")
	case set("backing_store") && isRaw:
		return bad("format", "'format' must be \"qcow2\" with a 'backing_store', got \"raw\"; a raw image can't be thin")
	case !set("source") && !set("backing_store") && !set("clone_from") && !set("capacity"):
		return bad("capacity", "'capacity' must be set for an empty volume; say its size in bytes, or set 'source', 'backing_store' or 'clone_from'")
	case set("source_sha256") && !set("source"):
		return bad("source_sha256", "'source_sha256' needs a 'source'; set it, or take this out")
	case luks && set("source"):
		return bad("encryption", "'encryption' and 'source' can't both be set: an image is uploaded as it is; upload it to a volume of its own, and name that in 'clone_from'")
	case set("preallocation") && set("backing_store"):
		return bad("preallocation", "'preallocation' and 'backing_store' can't both be set: a thin clone takes what differs; take one out")
	case set("preallocation") && set("source") && !isRaw && config["format"] != table.Unknown:
		return bad("preallocation", "'preallocation' can't be set for a qcow2 image with a 'source': it is uploaded as it is; take it out")
	case config["preallocation"] == "metadata" && isRaw:
		return bad("preallocation", "'preallocation' must be \"full\" for a raw volume, got \"metadata\"; it has none")
	case set("preallocation") && isRaw && luks:
		return bad("preallocation", "'preallocation' can't be set for an encrypted raw volume: libvirt makes it thin; take it out, or set 'format' to \"qcow2\"")
	}
	return nil
}
