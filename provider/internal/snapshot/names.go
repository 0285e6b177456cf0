package snapshot

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
)

// overlayName returns the file of a disk's overlay: named after the disk's first file and the snapshot, beside its
// present file.
func overlayName(directory, domain, target, snapshot string, active, first image) string {
	if directory != "" { // the directory may contain files of other disks and domains
		return path.Join(directory, fmt.Sprintf("%s-%s.%s.%s", domain, target, snapshot, overlayFormat))
	}
	base := path.Base(first.file)
	return path.Join(path.Dir(active.file), fmt.Sprintf("%s.%s.%s", strings.TrimSuffix(base, path.Ext(base)), snapshot, overlayFormat))
}

// memoryName returns the file of the saved memory.
func memoryName(directory, domain, snapshot string) string {
	return path.Join(directory, fmt.Sprintf("%s.%s.memory", domain, snapshot))
}

var number = regexp.MustCompile(`\.revert-[0-9]+$`)

// numbered returns the name of an overlay that a revert creates.
func numbered(overlay string, n int) string {
	ext := path.Ext(overlay)
	return fmt.Sprintf("%s.revert-%d%s", number.ReplaceAllString(strings.TrimSuffix(overlay, ext), ""), n, ext)
}

var locks sync.Map // of *sync.Mutex

// lock waits until no other operation works on the same domain. Terraform runs several operations at a time, and
// libvirt gives up after half a minute while a domain's snapshots are changed.
func lock(kind, what string) (release func()) {
	m, _ := locks.LoadOrStore(kind+"\n"+what, &sync.Mutex{})
	m.(*sync.Mutex).Lock()
	return m.(*sync.Mutex).Unlock
}
