//go:build unix

package journal

import (
	"errors"
	"os"
	"syscall"
)

// lock locks a file until it is closed. If another process has locked it, the error is ErrBusy.
func lock(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrBusy
	}
	return err
}
