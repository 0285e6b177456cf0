package storage

import (
	"runtime/debug"
	"testing"
)

func TestTransfersShareASetting(t *testing.T) {
	const standing = 370
	was := debug.SetGCPercent(standing)
	defer debug.SetGCPercent(was)
	setting := func() int {
		now := debug.SetGCPercent(transferGCPercent)
		debug.SetGCPercent(now)
		return now
	}
	first, second := beginTransfer(), beginTransfer()
	first()
	if now := setting(); now != transferGCPercent {
		t.Errorf("during a transfer the setting is %d, want %d", now, transferGCPercent)
	}
	second()
	if now := setting(); now != standing {
		t.Errorf("after the last transfer the setting is %d, want %d", now, standing)
	}
}
