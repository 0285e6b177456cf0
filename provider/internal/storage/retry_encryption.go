package storage

import "github.com/kvm-fleet/kvm-fleet/provider/internal/conn"

// encryptAttempts is how often the creation of an encrypted volume is attempted.
const encryptAttempts = 30

// RetryEncryption calls create, which may create an encrypted volume, again if qemu-img fails to measure its hash speed: it takes a coarse
// CPU clock for an error (QEMU 7.2, before it creates anything). https://gitlab.com/qemu-project/qemu/-/issues/2398
func RetryEncryption(create func() error) error {
	for attempt := 1; ; attempt++ {
		err := create()
		if attempt == encryptAttempts || !conn.IsInaccurateClock(err) {
			return err
		}
	}
}
