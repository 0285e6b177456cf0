package conn

import (
	"fmt"
	"testing"

	"github.com/digitalocean/go-libvirt"
)

// What libvirt 9.0 says in words alone.
func TestErrorsWithoutANumber(t *testing.T) {
	busy := libvirt.Error{Code: uint32(libvirt.ErrInternalError), Message: "internal error: pool 'pool' has asynchronous jobs running."}
	noPeer := libvirt.Error{Code: uint32(libvirt.ErrOperationFailed), Message: "operation failed: Failed to connect to remote libvirt URI qemu+tcp://beta/system: no route"}
	for _, err := range []error{busy, noPeer, libvirt.Error{Code: uint32(libvirt.ErrInternalError), Message: "internal error: something else"}} {
		wrapped := fmt.Errorf("in a call: %w", err)
		if IsBusy(wrapped) != (err == error(busy)) || IsNoPeer(wrapped) != (err == error(noPeer)) {
			t.Errorf("%v: busy %t, no peer %t", err, IsBusy(wrapped), IsNoPeer(wrapped))
		}
	}
}
