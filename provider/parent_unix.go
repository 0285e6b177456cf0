//go:build unix

package main

import (
	"os"
	"time"
)

// waitFor returns when the parent process is gone.
func waitFor(parent int) {
	const interval = time.Second // Linux reports no event when a process gets another parent
	for os.Getppid() == parent {
		time.Sleep(interval)
	}
}
