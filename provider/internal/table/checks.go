package table

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// AtLeast returns a check for the minimum of a number.
func AtLeast(least int64, unit string) func(any) error {
	return func(v any) error {
		if n, ok := v.(int64); ok && n < least {
			return fmt.Errorf("must be at least %d%s, got %d", least, unit, n)
		}
		return nil
	}
}

// Between returns a check for the range of a number.
func Between(least, most int64) func(any) error {
	return func(v any) error {
		if n, ok := v.(int64); ok && (n < least || n > most) {
			return fmt.Errorf("must be from %d to %d, got %d", least, most, n)
		}
		return nil
	}
}

// ObjectName checks that libvirt accepts a text as the name of an object.
func ObjectName(v any) error {
	s := v.(string)
	switch {
	case s == "":
		return errors.New("must not be empty; give it a name")
	case strings.ContainsAny(s, "/\n"):
		return fmt.Errorf("must not contain '/' or a line break, got %q; remove it", s)
	case s == "." || s == "..":
		return fmt.Errorf("must not be %q; choose another name", s)
	case strings.TrimSpace(s) != s:
		return fmt.Errorf("must not begin or end with a space, got %q; remove it", s)
	case len(s) > maxFileName:
		return fmt.Errorf("must have at most %d bytes, got %d; shorten it", maxFileName, len(s))
	}
	return nil
}

// maxFileName is the length of the longest file name on Linux.
const maxFileName = 255

// DefinitionName checks the name of an object whose definition libvirt keeps in a file: libvirt (9.0) adds '.xml.new' while it writes the file.
func DefinitionName(v any) error {
	most := maxFileName - len(".xml.new")
	if s := v.(string); len(s) > most {
		return fmt.Errorf("must have at most %d bytes, since libvirt names files after it, got %d; shorten it", most, len(s))
	}
	return ObjectName(v)
}

// AbsolutePath checks a path on the host.
func AbsolutePath(v any) error {
	if s := v.(string); !strings.HasPrefix(s, "/") {
		return fmt.Errorf("must be an absolute path on the host, got %q; begin it with '/'", s)
	}
	return pathLength(v.(string))
}

// pathLength checks the limits of Linux (NAME_MAX, PATH_MAX).
func pathLength(path string) error {
	if len(path) > 4095 {
		return fmt.Errorf("must have at most 4095 bytes, got %d; shorten it", len(path))
	}
	for name := range strings.SplitSeq(path, "/") {
		if len(name) > 255 {
			return fmt.Errorf("must have names of at most 255 bytes between its slashes, got one of %d bytes; shorten it", len(name))
		}
	}
	return nil
}

// IPv4 checks an IPv4 address.
func IPv4(v any) error {
	a, err := netip.ParseAddr(v.(string))
	if err != nil || !a.Is4() {
		return fmt.Errorf("must be an IPv4 address like 10.0.0.1, got %q", v)
	}
	return nil
}

var mac = regexp.MustCompile(`^[0-9a-f]{2}(:[0-9a-f]{2}){5}$`)

// MAC checks a unicast MAC address in the spelling that libvirt returns.
func MAC(v any) error {
	s := v.(string)
	if !mac.MatchString(s) {
		return fmt.Errorf("must be a MAC address in lower case like 52:54:00:12:34:56, got %q", s)
	}
	if strings.ContainsRune("13579bdf", rune(s[1])) {
		return fmt.Errorf("must be a unicast MAC address (second digit even), got %q", s)
	}
	return nil
}

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

// SHA256 checks a digest in hexadecimal.
func SHA256(v any) error {
	if s := v.(string); !sha256Hex.MatchString(s) {
		return fmt.Errorf("must be 64 hexadecimal digits in lower case, got %q; see 'sha256sum FILE'", s)
	}
	return nil
}

var uuidForm = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// UUID checks a UUID in the spelling that libvirt returns.
func UUID(v any) error {
	if s := v.(string); !uuidForm.MatchString(s) {
		return fmt.Errorf("must be a UUID in lower case like c7a5fdbd-cdaf-9455-926a-d65c16db1809, got %q", s)
	}
	return nil
}

var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// EntryKey checks a key that the user chooses for an entry of a map.
func EntryKey(v any) error {
	if s := v.(string); !keyForm.MatchString(s) {
		return fmt.Errorf("must be letters, digits, '-' and '_', got %q", s)
	}
	return nil
}
