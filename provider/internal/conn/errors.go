package conn

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/digitalocean/go-libvirt"
)

// The classes of libvirt errors that callers act on; errors.Is distinguishes them.
var (
	ErrNotFound    = errors.New("not found")
	ErrExists      = errors.New("exists already")
	ErrUnreachable = errors.New("host can't be reached")
	ErrInactive    = errors.New("not in the state that the operation needs")

	// ErrLost is an ErrUnreachable that occurred after the call was sent: it is unknown whether the host carried out the call.
	ErrLost = fmt.Errorf("the connection was lost during the call: %w", ErrUnreachable)
)

// classOf returns the class of a libvirt error number. Only this file and advice.go know libvirt's error numbers.
// https://libvirt.org/html/libvirt-virterror.html#virErrorNumber
func classOf(code libvirt.ErrorNumber) error {
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

// hostError is an error with the host that it occurred on.
type hostError struct {
	host  *Host
	class error
	err   error
}

func (e *hostError) Error() string {
	return fmt.Sprintf("on %s (%s): %s", e.host.Name, e.host.uri, e.err)
}

func (e *hostError) Unwrap() []error {
	if e.class == nil {
		return []error{e.err}
	}
	return []error{e.class, e.err}
}

// wrap adds the host and the class to an error.
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
		return &hostError{h, classOf(libvirt.ErrorNumber(remote.Code)), err}
	}
	return &hostError{h, nil, err}
}

func (h *Host) unreachable(err error) error {
	return &hostError{h, ErrUnreachable, err}
}

func (h *Host) lost(err error) error {
	return &hostError{h, ErrLost, fmt.Errorf("the connection was lost during the call: %w", err)}
}

// explainConnect explains why libvirt did not open a connection.
func explainConnect(err error) error {
	var remote libvirt.Error
	switch {
	case !errors.As(err, &remote):
		return fmt.Errorf("libvirt does not answer: %w", err)
	case strings.Contains(remote.Message, "authentication required"):
		return fmt.Errorf("libvirt requires a SASL login here, which is not supported: %w; use ssh or TLS, or set auth_tcp or auth_tls in "+
			"its configuration", err)
	}
	return fmt.Errorf("libvirt refuses this user: %w", err)
}

// IsNotFound reports, inside a call, that libvirt has no such object.
func IsNotFound(err error) bool { return isClass(err, ErrNotFound) }

// IsExists reports, inside a call, that the object already exists.
func IsExists(err error) bool { return isClass(err, ErrExists) }

// IsInactive reports, inside a call, that the object is not in the state that the operation needs.
func IsInactive(err error) bool { return isClass(err, ErrInactive) }

// IsUnsupported reports that the host's libvirt has no driver for the request, or that the modular daemon with the
// driver does not run: libvirt connects to that daemon by its socket.
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

// IsBusy reports that libvirt cannot refresh the pool now, because a volume in it is being created, written or read.
// libvirt has no error number for it.
func IsBusy(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && libvirt.ErrorNumber(remote.Code) == libvirt.ErrInternalError &&
		strings.Contains(remote.Message, "has asynchronous jobs running")
}

// IsBuilt reports that libvirt found data on a device that must be empty, or could not probe the device.
func IsBuilt(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) &&
		(libvirt.ErrorNumber(remote.Code) == libvirt.ErrStoragePoolBuilt || libvirt.ErrorNumber(remote.Code) == libvirt.ErrStorageProbeFailed)
}

// IsBusyCreating reports that the host is still creating the volume. libvirt has no error number for it.
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

// IsInaccurateClock reports that qemu-img could not measure how fast it hashes, since the CPU clock is too coarse. libvirt has no error number
// for it.
func IsInaccurateClock(err error) bool {
	message, ok := Message(err)
	return ok && strings.Contains(message, "Unable to get accurate CPU usage")
}

// IsMissingSecret reports that libvirt does not know the secret of an encrypted volume. libvirt has no error number for it.
func IsMissingSecret(err error) bool {
	message, ok := Message(err)
	return ok && strings.Contains(message, "no secret provided")
}

// IsMissingFile reports that the host's kernel found no such file or directory. libvirt has no error number for it.
func IsMissingFile(err error) bool {
	message, ok := Message(err)
	return ok && strings.Contains(message, "No such file or directory")
}

// IsAgentCommandUnavailable reports that the guest agent blocks a command (qemu-ga 7.2: "has been disabled") or does not know it.
func IsAgentCommandUnavailable(err error) bool {
	message, ok := Message(err)
	return ok && (strings.Contains(message, "has been disabled") || strings.Contains(message, "has not been found"))
}

// IsPeerUnreachable reports that a host could not connect to another host's libvirt, before anything was started.
// libvirt has no error number for it, except for a peer that refuses the login.
func IsPeerUnreachable(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && (libvirt.ErrorNumber(remote.Code) == libvirt.ErrAuthFailed || noPeer.MatchString(remote.Message))
}

// noPeer matches libvirt's (9.0) messages about a connection that it cannot open: any connection, TLS, and messages of ssh.
// https://gitlab.com/libvirt/libvirt/-/tree/v9.0.0/src/rpc
var noPeer = regexp.MustCompile(`^(internal error: )?(` +
	`unable to connect to server at '|Unable to resolve address '|` +
	`Cannot read (CA certificate|certificate|private key) '|Unable to (set|import) .*certificate|Our own certificate |` +
	`The .*certificate |Certificate |` +
	`TLS handshake failed |Unable to verify TLS peer|Unable to read TLS confirmation|server verification \(of our certificate|` +
	`Cannot recv data: .*(ssh: |Host key verification failed|Permission denied))`)

// IsIllegalName reports that libvirt accepts a definition except for a line break in its name. libvirt checks the name after everything else
// in the XML, and ends its message with the character.
func IsIllegalName(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && libvirt.ErrorNumber(remote.Code) == libvirt.ErrXMLDetail && strings.HasSuffix(remote.Message, "\n")
}

// IsDenied reports that this user may not make the request.
func IsDenied(err error) bool {
	var remote libvirt.Error
	if !errors.As(err, &remote) {
		return false
	}
	switch libvirt.ErrorNumber(remote.Code) {
	case libvirt.ErrOperationDenied, libvirt.ErrAccessDenied, libvirt.ErrAuthFailed, libvirt.ErrAuthCancelled, libvirt.ErrAuthUnavailable:
		return true
	default:
		return false
	}
}

// IsNoSuchFile reports that a path does not exist on the host. libvirt has no error number for it; in another language than English, nothing
// is recognized.
func IsNoSuchFile(err error) bool {
	message, ok := Message(err)
	return ok && strings.Contains(message, "No such file or directory")
}

// Message returns libvirt's message if libvirt reported the error. Other errors are those of a connection.
func Message(err error) (message string, ok bool) {
	var remote libvirt.Error
	if errors.As(err, &remote) {
		return remote.Message, true
	}
	return "", false
}

func isClass(err, class error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && classOf(libvirt.ErrorNumber(remote.Code)) == class
}
