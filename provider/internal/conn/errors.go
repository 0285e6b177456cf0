package conn

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/digitalocean/go-libvirt"
)

// What an error of libvirt means to those who act on it; errors.Is tells them apart.
var (
	ErrNotFound    = errors.New("not found")
	ErrExists      = errors.New("exists already")
	ErrUnreachable = errors.New("host can't be reached")
	ErrInactive    = errors.New("not in the state that the operation needs")

	// ErrLost is an ErrUnreachable that came after the call was sent: nobody knows whether it was carried out.
	ErrLost = fmt.Errorf("the connection was lost during the call: %w", ErrUnreachable)
)

// This is the only place that knows libvirt's error numbers.
// https://libvirt.org/html/libvirt-virterror.html#virErrorNumber
func meaning(code libvirt.ErrorNumber) error {
	switch code {
	case libvirt.ErrNoDomain, libvirt.ErrNoNetwork, libvirt.ErrNoStoragePool, libvirt.ErrNoStorageVol, libvirt.ErrNoSecret, libvirt.ErrNoNwfilter,
		libvirt.ErrNoDomainMetadata, libvirt.ErrNoDomainSnapshot:
		return ErrNotFound
	case libvirt.ErrDomExist, libvirt.ErrNetworkExist, libvirt.ErrStorageVolExist:
		return ErrExists
	case libvirt.ErrOperationInvalid:
		return ErrInactive
	default:
		return nil
	}
}

type hostError struct {
	host    *Host
	meaning error
	err     error
}

func (e *hostError) Error() string {
	return fmt.Sprintf("on %s (%s): %s", e.host.Name, e.host.uri, e.err)
}

func (e *hostError) Unwrap() []error {
	if e.meaning == nil {
		return []error{e.err}
	}
	return []error{e.meaning, e.err}
}

// wrap says on which host an error came up and what it means.
func (h *Host) wrap(err error) error {
	if err == nil {
		return nil
	}
	var known *hostError
	if errors.As(err, &known) {
		return err
	}
	var remote libvirt.Error
	if errors.As(err, &remote) {
		return &hostError{h, meaning(libvirt.ErrorNumber(remote.Code)), err}
	}
	return &hostError{h, nil, err}
}

func (h *Host) unreachable(err error) error {
	return &hostError{h, ErrUnreachable, err}
}

func (h *Host) lost(err error) error {
	return &hostError{h, ErrLost, fmt.Errorf("the connection was lost during the call: %w", err)}
}

// notLetIn says what became of a connection that libvirt was asked for.
func notLetIn(err error) error {
	var remote libvirt.Error
	switch {
	case !errors.As(err, &remote):
		return fmt.Errorf("libvirt does not answer: %w", err)
	case strings.Contains(remote.Message, "authentication required"):
		return fmt.Errorf("libvirt asks for a SASL login here, which is not served: %w; use ssh or TLS, or set auth_tcp or auth_tls in its configuration", err)
	}
	return fmt.Errorf("libvirt does not let this user in: %w", err)
}

// IsNotFound tells, inside a call, that libvirt has no such object.
func IsNotFound(err error) bool { return means(err, ErrNotFound) }

// IsExists tells, inside a call, that there is such an object already.
func IsExists(err error) bool { return means(err, ErrExists) }

// IsInactive tells, inside a call, that the object is not in the state that the operation needs.
func IsInactive(err error) bool { return means(err, ErrInactive) }

// IsUnsupported tells that the host's libvirt has no driver for what was asked, or that the daemon that has it does not run: a modular one
// is asked by its socket.
func IsUnsupported(err error) bool {
	var remote libvirt.Error
	if !errors.As(err, &remote) {
		return false
	}
	switch libvirt.ErrorNumber(remote.Code) {
	case libvirt.ErrNoSupport, libvirt.ErrNoConnect:
		return true
	default:
		return strings.Contains(remote.Message, "Failed to connect socket to")
	}
}

// IsBusy tells that a volume of the pool is being made, written or read, so that libvirt can't list it again now. libvirt has no error number
// for it.
func IsBusy(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && libvirt.ErrorNumber(remote.Code) == libvirt.ErrInternalError &&
		strings.Contains(remote.Message, "has asynchronous jobs running")
}

// IsBuilt tells that libvirt found something on a device that was to be empty, or could not tell what.
func IsBuilt(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) &&
		(libvirt.ErrorNumber(remote.Code) == libvirt.ErrStoragePoolBuilt || libvirt.ErrorNumber(remote.Code) == libvirt.ErrStorageProbeFailed)
}

// IsBusyCreating tells that the host still makes the volume. libvirt has no error number for it.
func IsBusyCreating(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && libvirt.ErrorNumber(remote.Code) == libvirt.ErrOperationInvalid &&
		strings.Contains(remote.Message, "is still being allocated")
}

// IsNoJob reports whether a domain had no job that could be ended. libvirt has no error number for it.
func IsNoJob(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && libvirt.ErrorNumber(remote.Code) == libvirt.ErrOperationInvalid &&
		strings.Contains(remote.Message, "no job is active")
}

// IsPeerUnreachable tells that one host did not reach another one's libvirt, before anything was begun. libvirt has no error number for it, but for a
// peer that did not let it in.
func IsPeerUnreachable(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && (libvirt.ErrorNumber(remote.Code) == libvirt.ErrAuthFailed || noPeer.MatchString(remote.Message))
}

// What libvirt (9.0) says of a connection that it can't make: of any, of TLS, and what ssh said to it.
// https://gitlab.com/libvirt/libvirt/-/tree/v9.0.0/src/rpc
var noPeer = regexp.MustCompile(`^(internal error: )?(` +
	`unable to connect to server at '|Unable to resolve address '|` +
	`Cannot read (CA certificate|certificate|private key) '|Unable to (set|import) .*certificate|Our own certificate |The .*certificate |Certificate |` +
	`TLS handshake failed |Unable to verify TLS peer|Unable to read TLS confirmation|server verification \(of our certificate|` +
	`Cannot recv data: .*(ssh: |Host key verification failed|Permission denied))`)

func means(err, what error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && meaning(libvirt.ErrorNumber(remote.Code)) == what
}
