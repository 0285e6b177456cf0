package conn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"
)

// tlsWay is libvirt's own TLS, on which each side shows a certificate.
type tlsWay struct {
	address, host string
	pki           string
	noVerify      bool
}

// credentials are the files that libvirt keeps what is needed in.
type credentials struct{ authority, revoked, certificate, key string }

// Where libvirt looks. https://libvirt.org/kbase/tlscerts.html
var systemCredentials = credentials{
	authority:   "/etc/pki/CA/cacert.pem",
	revoked:     "/etc/pki/CA/cacrl.pem",
	certificate: "/etc/pki/libvirt/clientcert.pem",
	key:         "/etc/pki/libvirt/private/clientkey.pem",
}

func credentialsIn(directory string) credentials {
	return credentials{
		authority:   filepath.Join(directory, "cacert.pem"),
		revoked:     filepath.Join(directory, "cacrl.pem"),
		certificate: filepath.Join(directory, "clientcert.pem"),
		key:         filepath.Join(directory, "clientkey.pem"),
	}
}

// locate finds the files as libvirt does: those of the uri, whether they are there or not; those of a user who is not root; the machine's.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/rpc/virnettlscontext.c (virNetTLSContextLocateCredentials)
func locate(pki, home string, root bool) credentials {
	if pki != "" {
		return credentialsIn(inHome(pki, home))
	}
	found := systemCredentials
	if root {
		return found
	}
	own := credentialsIn(filepath.Join(home, ".pki", "libvirt"))
	if exists(own.authority) {
		found.authority = own.authority
	}
	if exists(own.revoked) {
		found.revoked = own.revoked
	}
	if exists(own.certificate) && exists(own.key) {
		found.certificate, found.key = own.certificate, own.key
	}
	return found
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

func (w tlsWay) dial(ctx context.Context) (net.Conn, error) {
	files := locate(w.pki, home(), os.Geteuid() == 0)
	config, err := w.config(files)
	if err != nil {
		return nil, err
	}
	raw, err := dialFor(ctx, "tcp", w.address)
	if err != nil {
		return nil, err
	}
	c := tls.Client(raw, config)
	err = within(ctx, raw, "TLS with "+w.address, func() error {
		if err := c.HandshakeContext(ctx); err != nil {
			return explainTLS(err, files)
		}
		return admitted(c, config.Certificates, files)
	})
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	return c, nil
}

func (w tlsWay) config(files credentials) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: w.host, InsecureSkipVerify: w.noVerify}
	authorities, err := os.ReadFile(files.authority)
	switch {
	case err == nil:
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, fmt.Errorf("no certificate in %s", files.authority)
		}
	case !w.noVerify:
		return nil, fmt.Errorf("the certificate of the hosts' authority can't be read: %w; put it there, or name its directory with ?pkipath=", err)
	}
	if !w.noVerify {
		lists, err := revocations(files.revoked)
		if err != nil {
			return nil, err
		}
		config.VerifyConnection = func(state tls.ConnectionState) error { return revoked(lists, state.VerifiedChains, files.revoked) }
	}
	if exists(files.certificate) && exists(files.key) {
		pair, err := tls.LoadX509KeyPair(files.certificate, files.key)
		if err != nil {
			return nil, fmt.Errorf("this machine's certificate can't be used (%s, %s): %w", files.certificate, files.key, err)
		}
		config.Certificates = []tls.Certificate{pair}
		// Left to itself, it shows none where the host names another authority, and nobody learns why it is refused.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	}
	return config, nil
}

// admitted waits for the byte with which libvirt says that it takes this machine's certificate. It looks at it only now, and says no by
// hanging up.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/rpc/virnetclient.c (virNetClientSetTLSSession)
func admitted(c net.Conn, shown []tls.Certificate, files credentials) error {
	var granted [1]byte
	_, err := io.ReadFull(c, granted[:])
	if err == nil && granted[0] == 1 {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("it answered %d", granted[0])
	}
	if len(shown) == 0 {
		return fmt.Errorf("the host wants a certificate from this machine, and there is none at %s with a key at %s (%w)", files.certificate, files.key, err)
	}
	leaf := shown[0].Leaf
	return fmt.Errorf("the host does not take this machine's certificate (%s: %q, issued by %q, valid until %s): %w; its libvirtd logs why",
		files.certificate, leaf.Subject, leaf.Issuer, leaf.NotAfter.Format(time.DateOnly), err)
}

func explainTLS(err error, files credentials) error {
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return fmt.Errorf("the host's certificate is not to be trusted: %w (authority: %s)", untrusted.Err, files.authority)
	}
	return err
}

// revocations reads what the authority has taken back; there need not be such a list.
func revocations(path string) ([]*x509.RevocationList, error) {
	rest, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the list of revoked certificates can't be read: %w", err)
	}
	var lists []*x509.RevocationList
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return lists, nil
		}
		list, err := x509.ParseRevocationList(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("the list of revoked certificates can't be read: %s: %w", path, err)
		}
		lists = append(lists, list)
	}
}

func revoked(lists []*x509.RevocationList, chains [][]*x509.Certificate, path string) error {
	for _, chain := range chains {
		for i := range len(chain) - 1 {
			for _, list := range lists {
				if list.CheckSignatureFrom(chain[i+1]) != nil {
					continue
				}
				for _, entry := range list.RevokedCertificateEntries {
					if entry.SerialNumber.Cmp(chain[i].SerialNumber) == 0 {
						return fmt.Errorf("the host's certificate %q is revoked by %s", chain[i].Subject, path)
					}
				}
			}
		}
	}
	return nil
}
