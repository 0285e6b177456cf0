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

// tlsTransport is libvirt's TLS transport, on which each side presents a certificate.
type tlsTransport struct {
	address, host string
	pki           string
	noVerify      bool
}

// credentials are the files of a TLS client of libvirt.
type credentials struct{ authority, revoked, certificate, key string }

// systemCredentials are libvirt's default files. https://libvirt.org/kbase/tlscerts.html
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

// locate finds the files as libvirt does: those in the directory of the uri, even if they are missing; those of a user
// who is not root; those of the machine.
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

func (w tlsTransport) dial(ctx context.Context) (net.Conn, error) {
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

func (w tlsTransport) config(files credentials) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: w.host, InsecureSkipVerify: w.noVerify}
	authorities, err := os.ReadFile(files.authority)
	switch {
	case err == nil:
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authorities) {
			return nil, fmt.Errorf("%s contains no certificate", files.authority)
		}
	case !w.noVerify:
		return nil, fmt.Errorf("unable to read the certificate of the hosts' authority: %w; put it there, or name its directory with ?pkipath=", err)
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
			return nil, fmt.Errorf("unable to use this machine's certificate (%s, %s): %w", files.certificate, files.key, err)
		}
		config.Certificates = []tls.Certificate{pair}
		// Without this, Go presents no certificate if the host names another authority, and the refusal has no reason.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	}
	return config, nil
}

// admitted waits for the byte with which libvirt accepts this machine's certificate. libvirt checks the certificate
// only now, and refuses by closing the connection.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/rpc/virnetclient.c (virNetClientSetTLSSession)
func admitted(c net.Conn, shown []tls.Certificate, files credentials) error {
	var granted [1]byte
	_, err := io.ReadFull(c, granted[:])
	if err == nil && granted[0] == 1 {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("the host answered %d", granted[0])
	}
	if len(shown) == 0 {
		return fmt.Errorf("the host requires a certificate of this machine; put one at %s and its key at %s (%w)", files.certificate, files.key, err)
	}
	leaf := shown[0].Leaf
	return fmt.Errorf("the host refuses this machine's certificate (%s: %q, issued by %q, valid until %s): %w; its libvirtd logs the reason",
		files.certificate, leaf.Subject, leaf.Issuer, leaf.NotAfter.Format(time.DateOnly), err)
}

func explainTLS(err error, files credentials) error {
	var untrusted *tls.CertificateVerificationError
	if errors.As(err, &untrusted) {
		return fmt.Errorf("the host's certificate is not trusted: %w (authority: %s)", untrusted.Err, files.authority)
	}
	return err
}

// revocations reads the list of revoked certificates, which may be missing.
func revocations(path string) ([]*x509.RevocationList, error) {
	rest, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("unable to read the list of revoked certificates: %w", err)
	}
	var lists []*x509.RevocationList
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return lists, nil
		}
		list, err := x509.ParseRevocationList(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("unable to read the list of revoked certificates: %s: %w", path, err)
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
