package storage

import (
	"runtime/debug"
	"sync"
)

// transferGCPercent is Go's default. go-libvirt copies each packet of an upload, up to 4 MiB, and drops the copy. With the higher setting that
// plans profit from, such garbage reaches several times the size of what is in use, and the more the longer the upload lasts.
const transferGCPercent = 100

// transfers are the uploads in progress.
var transfers struct {
	mu       sync.Mutex
	count    int
	standing int // the setting outside of uploads
}

// beginTransfer has the garbage collector run more often until the last transfer has ended.
func beginTransfer() (end func()) {
	transfers.mu.Lock()
	defer transfers.mu.Unlock()
	if transfers.count++; transfers.count == 1 {
		transfers.standing = debug.SetGCPercent(transferGCPercent)
	}
	return func() {
		transfers.mu.Lock()
		defer transfers.mu.Unlock()
		if transfers.count--; transfers.count == 0 {
			debug.SetGCPercent(transfers.standing)
		}
	}
}
