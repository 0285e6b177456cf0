package volume

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"slices"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/engine"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// contentRows are the rows that say what a volume contains.
var contentRows = []string{"source", "source_sha256", "clone_from", "format", "backing_store"}

// newContent returns the rows by which a plan gives an existing volume other content.
func newContent(prior, plan table.Model) []string {
	return slices.DeleteFunc(slices.Clone(contentRows), func(name string) bool { return !otherContent(name, prior, plan) })
}

// otherContent reports whether a changed row means other content. The same volume at another path does not: the copied volume may have moved
// with its machine. A digest that is added or removed describes the content that the volume has.
func otherContent(name string, prior, plan table.Model) bool {
	was, is := prior[name], plan[name]
	switch {
	case table.Equal(was, is):
		return false
	case name == "format" || name == "backing_store":
		return true
	case was == nil:
		return false
	case name == "source":
		return plan["source_sha256"] == nil || plan["source_sha256"] != prior["source_sha256"]
	case name == "source_sha256":
		return is != nil
	default:
		return is == nil || is != table.Unknown && path.Base(prior.Str(name)) != path.Base(plan.Str(name))
	}
}

// contentID identifies the content that a plan asks for.
func contentID(plan table.Model) string {
	sum := sha256.New()
	for _, name := range append([]string{"preallocation"}, contentRows...) {
		_, _ = fmt.Fprintf(sum, "%s=%v\n", name, plan[name])
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// planContent plans other content for a volume that exists: in place if that is possible, so that the old content goes only when the new content
// is complete. In pools whose volumes are not files, a second volume may be impossible, or take space that is not there: there, the volume itself is
// replaced.
func planContent(ctx context.Context, fleet *conn.Fleet, prior, config, plan table.Model, rows []string) engine.Advice {
	if !inPlace(ctx, fleet, prior, plan) {
		a := engine.Advice{}
		for _, name := range rows {
			a.Replace = append(a.Replace, root.WithAttributeName(name))
		}
		return a
	}
	if config["capacity"] == nil {
		plan["capacity"] = table.Unknown
	}
	var holds string
	var size uint64
	c := engine.CheckHost(ctx, fleet, prior, plan, false, checkSources, func(c *engine.HostCheck, l *libvirt.Libvirt) error {
		v, err := storage.Volume(l, prior)
		if err == nil {
			_, _, size, err = l.StorageVolGetInfo(v)
		}
		return err
	})
	if host, err := fleet.Host(prior.Str("host")); err == nil {
		holds, _ = storage.HoldsContent(ctx, host, prior) // the apply asks again
	}
	if holds != "" {
		c.Add(rows[0], "'%s' cannot change the content of a volume that is in use: %s; stop or destroy that first, or undo the change",
			rows[0], holds)
	}
	problems, warnings := storage.Examine(ctx, plan)
	c.Concat(problems)
	return engine.Advice{Problems: c.List(), Warnings: append(warnings, fmt.Sprintf("Volume %q gets new content\nAll data in it is lost: it takes "+
		"%d bytes now. The new content is complete in a second volume before the old content is deleted, so the pool needs room for both.",
		plan.Str("name"), size))}
}

// replaceVolume is the value of on_new_content that replaces the volume.
const replaceVolume = "replace"

// inPlace reports whether the content of a volume is replaced in place. A host that cannot be asked is asked again by the apply.
func inPlace(ctx context.Context, fleet *conn.Fleet, prior, plan table.Model) bool {
	for _, name := range []string{"host", "pool", "name"} {
		if prior[name] != plan[name] {
			return false
		}
	}
	if plan["on_new_content"] == replaceVolume {
		return false
	}
	if prior["encryption"] != nil || plan["encryption"] != nil {
		return false // libvirt forgets the secret of a volume that is not a disk, and could not copy it
	}
	host, err := fleet.Host(prior.Str("host"))
	if err != nil {
		return true
	}
	kind, err := kindOf(ctx, host, prior.Str("pool"))
	return err != nil || kind.files
}
