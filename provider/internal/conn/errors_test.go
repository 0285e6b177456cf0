package conn

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/digitalocean/go-libvirt"
)

// What libvirt 9.0 says in words alone.
func TestErrorsWithoutANumber(t *testing.T) {
	const busy, noPeer, noJob, neither = "busy", "no peer", "no job", ""
	for _, test := range []struct {
		code    libvirt.ErrorNumber
		message string
		want    string
	}{
		{libvirt.ErrInternalError, "internal error: pool 'pool' has asynchronous jobs running.", busy},
		{libvirt.ErrInternalError, "internal error: something else", neither},
		{libvirt.ErrSystemError, "unable to connect to server at '198.18.1.2:1': Connection refused", noPeer},
		{libvirt.ErrSystemError, "Unable to resolve address 'nowhere.test' service '16509': Temporary failure in name resolution", noPeer},
		{libvirt.ErrSystemError, "Cannot read CA certificate '/etc/pki/CA/cacert.pem': No such file or directory", noPeer},
		{libvirt.ErrSystemError, "The certificate /pki/clientcert.pem basic constraints show a CA, but we need one for a client", noPeer},
		{libvirt.ErrSystemError, "Our own certificate /pki/clientcert.pem failed validation against /pki/cacert.pem: The certificate hasn't got a known issuer.", noPeer},
		{libvirt.ErrSystemError, "Unable to read TLS confirmation: Input/output error", noPeer},
		{libvirt.ErrRPC, "server verification (of our certificate or IP address) failed", noPeer},
		{libvirt.ErrSystemError, "Cannot recv data: ssh: connect to host 198.18.1.2 port 22: Connection refused: Connection reset by peer", noPeer},
		{libvirt.ErrSystemError, "Cannot recv data: Host key verification failed.: Connection reset by peer", noPeer},
		{libvirt.ErrAuthFailed, "authentication failed: Failed to verify peer's certificate", noPeer},
		{libvirt.ErrSystemError, "Cannot recv data: Connection reset by peer", neither}, // which may come in the middle
		{libvirt.ErrOperationInvalid, "Requested operation is not valid: no job is active on the domain", noJob},
		{libvirt.ErrOperationInvalid, "Requested operation is not valid: cannot abort migration in post-copy mode", neither},
		{libvirt.ErrOperationFailed, "operation failed: job 'migration out' failed", neither},
	} {
		wrapped := fmt.Errorf("in a call: %w", libvirt.Error{Code: uint32(test.code), Message: test.message})
		if IsBusy(wrapped) != (test.want == busy) || IsPeerUnreachable(wrapped) != (test.want == noPeer) || IsNoJob(wrapped) != (test.want == noJob) {
			t.Errorf("%s: busy %t, no peer %t, no job %t", test.message, IsBusy(wrapped), IsPeerUnreachable(wrapped), IsNoJob(wrapped))
		}
	}
}

func TestWhyLibvirtLetsNobodyIn(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{io.EOF, "libvirt does not answer: EOF"},
		{libvirt.Error{Code: uint32(libvirt.ErrRPC), Message: "authentication required"},
			"libvirt requires a SASL login here, which is not supported: authentication required; use ssh or TLS, or set auth_tcp or auth_tls in its configuration"},
		{libvirt.Error{Code: uint32(libvirt.ErrAuthUnavailable), Message: "authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'"},
			"libvirt refuses this user: authentication unavailable: no polkit agent available to authenticate action 'org.libvirt.unix.manage'"},
	} {
		if got := explainConnect(test.err); got.Error() != test.want || !errors.Is(got, test.err) {
			t.Errorf("got %v, want %s", got, test.want)
		}
	}
}

func TestWhatAHostHasNoDriverFor(t *testing.T) {
	for message, test := range map[string]struct {
		code libvirt.ErrorNumber
		want bool
	}{
		"this function is not supported by the connection driver: virConnectListAllNWFilters":          {libvirt.ErrNoSupport, true},
		"no connection driver available for nwfilter:///system":                                        {libvirt.ErrNoConnect, true},
		"Failed to connect socket to '/run/libvirt/virtnwfilterd-sock': No such file or directory":     {libvirt.ErrSystemError, true},
		"Cannot recv data: Connection reset by peer":                                                   {libvirt.ErrSystemError, false},
		"access denied: 'QEMU' denied access: policy for connect driver, operation 'search-nwfilters'": {libvirt.ErrAccessDenied, false},
	} {
		if got := IsUnsupported(fmt.Errorf("in a call: %w", libvirt.Error{Code: uint32(test.code), Message: message})); got != test.want {
			t.Errorf("%s: unserved %t", message, got)
		}
	}
	if IsUnsupported(io.EOF) {
		t.Error("a lost connection says nothing of drivers")
	}
}
