package conn

import (
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// outdatedCertificate describes a certificate that is not valid now, beside a key of the user or named by the configuration of ssh; it is empty
// if there is none. ssh offers such a certificate, and the host refuses it without a reason.
func outdatedCertificate(settings map[string]string, now time.Time) string {
	var files []string
	for file := range strings.Lines(settings["identityfile"]) {
		files = append(files, strings.TrimSpace(file)+"-cert.pub")
	}
	for file := range strings.Lines(settings["certificatefile"]) {
		files = append(files, strings.TrimSpace(file))
	}
	for _, file := range files {
		file = inHome(file, home())
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		public, _, _, _, err := ssh.ParseAuthorizedKey(text)
		if err != nil {
			continue
		}
		cert, is := public.(*ssh.Certificate)
		if seconds := uint64(now.Unix()); !is || cert.ValidAfter <= seconds && seconds < cert.ValidBefore {
			continue
		}
		const form = "2006-01-02 15:04:05 MST"
		at := func(seconds uint64) string { return time.Unix(int64(seconds), 0).UTC().Format(form) }
		if cert.ValidAfter > uint64(now.Unix()) {
			return fmt.Sprintf("the certificate %s is not valid before %s", file, at(cert.ValidAfter))
		}
		return fmt.Sprintf("the certificate %s expired at %s", file, at(cert.ValidBefore))
	}
	return ""
}
