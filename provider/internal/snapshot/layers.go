package snapshot

import (
	"sort"
	"strconv"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Unmanaged are the names of a domain's snapshots. While there are any, the domain can't be migrated, its disks can't be taken out, changed
// or resized (the snapshots' files belong together with them), and undefining it would leave content in overlays that nothing names.
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

// Refusal says that something can't be done because of a domain's snapshots; nil where there are none. verb is what can't be done, in
// the words of a summary: "migrate", "destroy", "change the disks of".
func Refusal(verb, domain string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	return diag.New(verb, "Destroy the snapshots first: that merges them into the disks, and the present content stays.",
		"%s has snapshots, whose files hold parts of its disks: %s", domain, strings.Join(names, ", "))
}

// CheckDisksUnchanged refuses a change of a domain's disks (prior and plan are its `disks`) that would part a disk from its snapshots: before anything of it
// is done, on a running guest or in the definition. It costs nothing where no disk goes and none gets another file.
func CheckDisksUnchanged(l *libvirt.Libvirt, d libvirt.Domain, prior, plan table.Model) error {
	var touched []string
	for _, target := range table.Keys(prior) {
		was, is := prior.Group(target), plan.Group(target)
		if is == nil || was.Str("file") != is.Str("file") || was.Str("format") != is.Str("format") {
			touched = append(touched, target)
		}
	}
	if len(touched) == 0 {
		return nil
	}
	all, err := records(l, d)
	if err != nil {
		return err
	}
	for _, target := range touched {
		var names []string
		for _, r := range all {
			if _, covered := r.layers[target]; covered {
				names = append(names, r.name)
			}
		}
		sort.Strings(names)
		if err := Refusal("change disk "+strconv.Quote(target)+" of", d.Name, names); err != nil {
			return err
		}
	}
	return nil
}

// below goes down from a disk's active file to the one that was there before all snapshots.
func below(all []*record, target, active string, backing []string) (image, bool) {
	at, found := under(all, target, active)
	if !found {
		// While a revert is under way, the active file is one that only its backing chain ties to a snapshot.
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

// under is what is frozen below an overlay.
func under(all []*record, target, overlay string) (image, bool) {
	for _, r := range all {
		if l, ok := r.layers[target]; ok && l.overlay == overlay {
			return l.frozen, true
		}
	}
	return image{}, false
}

// backingOf are the files under a disk's active one, as far as the definition says.
func backingOf(disk *etree.Element) []string {
	var files []string
	for b := disk.SelectElement("backingStore"); b != nil; b = b.SelectElement("backingStore") {
		if f := xmlmodel.At("source@file").Text(b); f != "" {
			files = append(files, f)
		}
	}
	return files
}

// WithoutOverlays makes a domain's definition, live or inactive, as if there were no snapshots: where a disk is on a snapshot's overlay, it gets the file
// that the configuration names. cover puts the overlays back into what was made of it, and refuses what was changed of such a disk. A definition
// that has not been covered again must never be defined.
//
// It costs nothing where each disk's file is the one in known (the domain's `disks` in the state), and one call where there are no
// snapshots; then nothing is changed.
func WithoutOverlays(l *libvirt.Libvirt, d libvirt.Domain, definition *etree.Element, known table.Model) (cover func(string) (string, error), err error) {
	asItIs := func(xml string) (string, error) { return xml, nil }
	strange := false
	for target, disk := range disksOf(definition) {
		if file := imageOf(disk).file; file != "" && file != known.Group(target).Str("file") {
			strange = true
		}
	}
	if !strange {
		return asItIs, nil
	}
	if n, err := l.DomainSnapshotNum(d, 0); err != nil || n == 0 {
		return asItIs, err
	}
	all, err := records(l, d)
	if err != nil {
		return nil, err
	}
	covers := uncover(all, disksOf(definition))
	if len(covers) == 0 {
		return asItIs, nil
	}
	return func(xml string) (string, error) { return coverAgain(covers, xml) }, nil
}

// covering is what lies over a disk's own file.
type covering struct {
	own, active image
	chain       *etree.Element
}

func uncover(all []*record, disks map[string]*etree.Element) map[string]covering {
	covers := map[string]covering{}
	for target, disk := range disks {
		active := imageOf(disk)
		own, ok := below(all, target, active.file, backingOf(disk))
		if !ok {
			continue
		}
		chain := disk.SelectElement("backingStore")
		xmlmodel.Drop(chain)
		put(disk, own)
		covers[target] = covering{own, active, chain}
	}
	return covers
}

func coverAgain(covers map[string]covering, xml string) (string, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return "", err
	}
	disks := disksOf(root)
	for target, c := range covers {
		disk := disks[target]
		if disk == nil || imageOf(disk) != c.own {
			return "", diag.New("change the disks of", "Destroy the snapshots first: that merges them into the disks, and the present content stays.",
				"disk %q has overlays of snapshots: it can't be taken out, and its file and format can't change", target)
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

// over puts a fresh overlay over a frozen file in a disk's XML. The chain is written down: libvirt (9.0) takes an empty <backingStore/>,
// which the XML of before the snapshot has, for the truth, and the guest would see an empty disk.
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

// spellOut writes into the definition of a domain that is stopped what is under its overlays, down to what a snapshot has frozen. libvirt
// (9.0) notes that by itself only where the domain ran when its snapshots were made, and without it finds no overlay but the top one.
func spellOut(l *libvirt.Libvirt, d libvirt.Domain, r *record) error {
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
				break // where it is not a chain of these snapshots, libvirt says what is wrong
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
