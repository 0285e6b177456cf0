package storage

import "strings"

// encryptTries is how often an encrypted volume is tried to be made.
const encryptTries = 30

// Encrypting makes what may be an encrypted volume. qemu-img measures how fast it hashes, and takes a clock that ticks slowly for an error
// (QEMU 7.2, before anything is made): https://gitlab.com/qemu-project/qemu/-/issues/2398
func Encrypting(do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == encryptTries || !strings.Contains(err.Error(), "Unable to get accurate CPU usage") {
			return err
		}
	}
}
