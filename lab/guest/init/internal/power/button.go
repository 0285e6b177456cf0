// Package power hears the power button and the programs that ask for a shutdown.
package power

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// Request is how the guest is to end.
type Request string

// The words are what the guest prints.
const (
	Shutdown Request = "shutdown"
	Reboot   Request = "reboot"
)

// An input event is a time of 16 bytes, then type, code and value.
const (
	eventSize   = 24
	eventType   = 16
	eventCode   = 18
	eventValue  = 20
	typeKey     = 1
	keyPower    = 116
	keyPressed  = 1
	buttonNames = "Power Button"
)

// Listen reports what is asked for: by the ACPI power button, or by busybox's poweroff, halt and reboot, which send
// process 1 a signal.
func Listen(sys string) (<-chan Request, error) {
	requests := make(chan Request, 1)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for received := range signals {
			// Busybox sends SIGTERM for reboot; the kernel sends SIGINT for control-alt-delete.
			if received == syscall.SIGTERM || received == syscall.SIGINT {
				requests <- Reboot
			} else {
				requests <- Shutdown
			}
		}
	}()
	return requests, watchButtons(sys, requests)
}

func watchButtons(sys string, requests chan<- Request) error {
	names, err := filepath.Glob(filepath.Join(sys, "class/input/event*/device/name"))
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil || strings.TrimSpace(string(content)) != buttonNames {
			continue
		}
		device := filepath.Base(filepath.Dir(filepath.Dir(name)))
		file, err := os.Open(filepath.Join("/dev/input", device))
		if err != nil {
			problems = append(problems, err)
			continue
		}
		go func() {
			defer file.Close()
			readButton(file, requests)
		}()
	}
	return errors.Join(problems...)
}

func readButton(events io.Reader, requests chan<- Request) {
	event := make([]byte, eventSize)
	for {
		if _, err := io.ReadFull(events, event); err != nil {
			return
		}
		if binary.NativeEndian.Uint16(event[eventType:]) == typeKey &&
			binary.NativeEndian.Uint16(event[eventCode:]) == keyPower &&
			binary.NativeEndian.Uint32(event[eventValue:]) == keyPressed {
			requests <- Shutdown
		}
	}
}
