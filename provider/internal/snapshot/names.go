package snapshot

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
)

// overlayName is the file that a disk's overlay is kept in: after the disk's first file and the snapshot, beside its present file.
func overlayName(directory, domain, target, snapshot string, active, first image) string {
	if directory != "" { // where files of other disks may be, and of other domains
		return path.Join(directory, fmt.Sprintf("%s-%s.%s.%s", domain, target, snapshot, overlayFormat))
	}
	base := path.Base(first.file)
	return path.Join(path.Dir(active.file), fmt.Sprintf("%s.%s.%s", strings.TrimSuffix(base, path.Ext(base)), snapshot, overlayFormat))
}

// memoryName is the file that the memory is kept in.
func memoryName(directory, domain, snapshot string) string {
	return path.Join(directory, fmt.Sprintf("%s.%s.memory", domain, snapshot))
}

var number = regexp.MustCompile(`\.revert-[0-9]+$`)

// numbered is the name of an overlay that a revert makes.
func numbered(overlay string, n int) string {
	ext := path.Ext(overlay)
	return fmt.Sprintf("%s.revert-%d%s", number.ReplaceAllString(strings.TrimSuffix(overlay, ext), ""), n, ext)
}

var locks sync.Map // of *sync.Mutex

// alone waits until nothing else is done to the same thing. Terraform does several things at a time, and libvirt gives up after half a
// minute where a domain's snapshots are worked on.
func alone(kind, what string) (release func()) {
	m, _ := locks.LoadOrStore(kind+"\n"+what, &sync.Mutex{})
	m.(*sync.Mutex).Lock()
	return m.(*sync.Mutex).Unlock
}
