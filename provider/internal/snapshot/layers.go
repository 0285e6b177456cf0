package snapshot

import (
	"sort"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Unmanaged returns the names of a domain's snapshots. While there are any, the domain cannot be migrated, its disks
// cannot be removed, changed or resized (the snapshots' files belong to them), and undefining it would leave content
// in overlays that nothing refers to.
func Unmanaged(l *libvirt.Libvirt, d libvirt.Domain) ([]string, error) {
	snapshots, _, err := l.DomainListAllSnapshots(d, 1, 0)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(snapshots))
	for _, s := range snapshots {
		names = append(names, s.Name)
	}
	sort.Strings(names)
	return names, nil
}

// Checkpoints returns the checkpoints of a domain, parents first. A host whose libvirt does not know checkpoints has none.
func Checkpoints(l *libvirt.Libvirt, d libvirt.Domain) ([]libvirt.DomainCheckpoint, error) {
	list, _, err := l.DomainListAllCheckpoints(d, 1, uint32(libvirt.DomainCheckpointListTopological))
	if conn.IsUnsupported(err) {
		return nil, nil
	}
	return list, err
}

const destroyFirst = "Destroy the snapshots first: that merges them into the disks and keeps the present content."

// Foreign returns the names of a domain's snapshots that another tool created: their overlays do not have the names that this resource gives.
func Foreign(l *libvirt.Libvirt, d libvirt.Domain) ([]string, error) {
	if n, err := l.DomainSnapshotNum(d, 0); err != nil || n == 0 {
		return nil, err
	}
	all, err := records(l, d)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, r := range all {
		if !r.isOwn() {
			names = append(names, r.name)
		}
	}
	sort.Strings(names)
	return names, nil
}

// isOwn reports whether the overlays of a snapshot have the names that overlayName gives.
func (r *record) isOwn() bool {
	for _, l := range r.layers {
		if plain := numbered(l.overlay, 0); !strings.HasSuffix(plain, numbered("."+r.name+"."+overlayFormat, 0)) {
			return false
		}
	}
	return r.external()
}

// Refusal returns an error if a domain has snapshots. verb is the operation that is refused, for the summary:
// "migrate", "destroy", "change the disks of".
func Refusal(verb, domain string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	return diag.New(verb, destroyFirst,
		"%s has snapshots whose files contain parts of its disks: %s", domain, strings.Join(names, ", "))
}

// below returns the file of a disk from before all snapshots, starting at the active file.
func below(all []*record, target, active string, backing []string) (image, bool) {
	at, found := under(all, target, active)
	if !found {
		// During a revert, only its backing chain connects the active file to a snapshot.
		for _, b := range backing {
			for _, r := range all {
				if l, ok := r.layers[target]; ok && !found && l.frozen.file == b {
					at, found = l.frozen, true
				}
			}
		}
	}
	for range all { // each snapshot is one step at most
		if next, ok := under(all, target, at.file); ok {
			at = next
		}
	}
	return at, found
}

// under returns the frozen file below an overlay.
func under(all []*record, target, overlay string) (image, bool) {
	for _, r := range all {
		if l, ok := r.layers[target]; ok && l.overlay == overlay {
			return l.frozen, true
		}
	}
	return image{}, false
}

// backingOf returns the backing files of a disk's active file, as far as the definition lists them.
func backingOf(disk *etree.Element) []string {
	var files []string
	for b := disk.SelectElement("backingStore"); b != nil; b = b.SelectElement("backingStore") {
		if f := xmlmodel.At("source@file").Text(b); f != "" {
			files = append(files, f)
		}
	}
	return files
}

// WithoutOverlays changes a domain's definition, live or inactive, as if there were no snapshots: a disk on a
// snapshot's overlay gets the file that the configuration names. cover puts the overlays back into the result, and
// refuses changes of such a disk. A definition must not be defined before cover was applied to it.
//
// It makes no call if each disk has the file in known (the domain's `disks` in the state), and one call if there are
// no snapshots; then it changes nothing.
func WithoutOverlays(l *libvirt.Libvirt, d libvirt.Domain, definition *etree.Element,
	known table.Model) (cover func(string) (string, error), err error) {
	unchanged := func(xml string) (string, error) { return xml, nil }
	hasOverlay := false
	for target, disk := range disksOf(definition) {
		if file := imageOf(disk).file; file != "" && file != known.Group(target).Str("file") {
			hasOverlay = true
		}
	}
	if !hasOverlay {
		return unchanged, nil
	}
	if n, err := l.DomainSnapshotNum(d, 0); err != nil || n == 0 {
		return unchanged, err
	}
	all, err := records(l, d)
	if err != nil {
		return nil, err
	}
	covers := uncover(all, disksOf(definition))
	if len(covers) == 0 {
		return unchanged, nil
	}
	return func(xml string) (string, error) { return coverAgain(covers, xml) }, nil
}

// overlaid is a disk that uses another file than the one that its configuration names.
type overlaid struct {
	own, active image
	chain       *etree.Element
}

func uncover(all []*record, disks map[string]*etree.Element) map[string]overlaid {
	covers := map[string]overlaid{}
	for target, disk := range disks {
		active := imageOf(disk)
		own, ok := below(all, target, active.file, backingOf(disk))
		if !ok || own.file == "" { // an overlay over a block device; the plan refuses to change such a disk
			continue
		}
		chain := disk.SelectElement("backingStore")
		xmlmodel.Drop(chain)
		put(disk, own)
		covers[target] = overlaid{own, active, chain}
	}
	return covers
}

func coverAgain(covers map[string]overlaid, xml string) (string, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return "", err
	}
	disks := disksOf(root)
	for target, c := range covers {
		disk := disks[target]
		if disk == nil || imageOf(disk) != c.own {
			return "", diag.New("change the disks of", destroyFirst,
				"disk %q has overlays of snapshots, so it cannot be removed and its file and format cannot change", target)
		}
		put(disk, c.active)
		if c.chain != nil {
			disk.InsertChildAt(disk.SelectElement("source").Index()+1, c.chain.Copy())
		}
	}
	return xmlmodel.Text(root)
}

func put(disk *etree.Element, i image) {
	xmlmodel.At("source@file").Write(disk, i.file)
	xmlmodel.At("driver@type").Write(disk, i.format)
}

// over puts a fresh overlay over a frozen file into a disk's XML. It writes the backing chain: libvirt (9.0) would
// trust an empty <backingStore/>, which the XML from before the snapshot has, and the guest would see an empty disk.
func over(disk *etree.Element, overlay string, frozen image) {
	beneath := disk // a disk and a <backingStore> name their file alike
	for beneath != nil && xmlmodel.At("source@file").Text(beneath) != frozen.file {
		beneath = beneath.SelectElement("backingStore")
	}
	if beneath != nil {
		beneath = beneath.SelectElement("backingStore")
	}
	chain := backingStore(frozen)
	if beneath != nil {
		chain.AddChild(beneath.Copy())
	}
	xmlmodel.Drop(disk.SelectElement("backingStore"))
	put(disk, image{overlay, overlayFormat})
	disk.InsertChildAt(disk.SelectElement("source").Index()+1, chain)
}

func backingStore(i image) *etree.Element {
	el := etree.NewElement("backingStore")
	el.CreateAttr("type", "file")
	el.CreateElement("format").CreateAttr("type", i.format)
	el.CreateElement("source").CreateAttr("file", i.file)
	return el
}

// spellOut writes the backing chain of the overlays into the definition of a stopped domain. libvirt (9.0) records it
// by itself only if the domain ran when its snapshots were created, and without it finds only the top overlay.
func writeBackingChain(l *libvirt.Libvirt, d libvirt.Domain, r *record) error {
	active, err := l.DomainIsActive(d)
	if err != nil || active == 1 {
		return err
	}
	root, err := describe(l, d, libvirt.DomainXMLInactive|libvirt.DomainXMLSecure)
	if err != nil {
		return err
	}
	all, err := records(l, d)
	if err != nil {
		return err
	}
	changed := false
	for target, disk := range disksOf(root) {
		is, covered := r.layers[target]
		if !covered || disk.SelectElement("backingStore") != nil || imageOf(disk).file == is.overlay {
			continue
		}
		at, file := disk, imageOf(disk).file
		for range all {
			next, ok := under(all, target, file)
			if !ok || file == is.frozen.file {
				break // if the chain does not belong to these snapshots, libvirt reports the error
			}
			chain := backingStore(next)
			at.InsertChildAt(at.SelectElement("source").Index()+1, chain)
			at, file, changed = chain, next.file, true
		}
	}
	if !changed {
		return nil
	}
	xml, err := xmlmodel.Text(root)
	if err != nil {
		return err
	}
	_, err = l.DomainDefineXMLFlags(xml, 0)
	return err
}
