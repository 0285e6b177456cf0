// Package console writes the guest's marker lines: what a test or a person reads on the serial port.
package console

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
)

// tcsbrk with a non-zero argument waits until everything written has been transmitted.
const tcsbrk = 0x5409

// Console is the guest's serial port. A guest without one runs all the same: what it writes is lost.
type Console struct {
	mutex sync.Mutex
	file  *os.File
}

// Open opens the first serial port.
func Open(path string) (*Console, error) {
	file, err := os.OpenFile(path, os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	return &Console{file: file}, nil
}

// File is what a child process gets as its output.
func (c *Console) File() *os.File { return c.file }

// Mark writes one line in one write, so that lines of several writers never mix.
func (c *Console) Mark(format string, values ...any) {
	line := strings.ReplaceAll(fmt.Sprintf(format, values...), "\n", " ") + "\n"
	c.mutex.Lock()
	defer c.mutex.Unlock()
	// Nobody can be told that the only place to tell something is gone.
	_, _ = c.file.WriteString(line)
}

// Drain returns when the last line has left the port.
func (c *Console) Drain() {
	_, _, _ = syscall.Syscall(syscall.SYS_IOCTL, c.file.Fd(), tcsbrk, 1)
}
