//go:build acceptance

package acceptance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestConnectionTLS(t *testing.T) {
	t.Parallel()
	t.Run("which certificates are accepted", testTLSCertificates)
	t.Run("a host is reached", testConnectionTLS)
}

func testTLSCertificates(t *testing.T) {
	t.Parallel()
	right := alpha().path(pki)
	stranger := newAuthority(t)
	mixed := func(authority, certificate string) string {
		dir := t.TempDir()
		link := func(from, name string) {
			if from == "" {
				return
			}
			if err := os.Symlink(filepath.Join(from, name), filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		link(authority, "cacert.pem")
		link(certificate, "clientcert.pem")
		link(certificate, "clientkey.pem")
		return dir
	}
	address := beta().Address + ":16514"
	uri := func(dir string, more ...string) string {
		return "qemu+tls://" + beta().Address + "/system" + query(append([]string{"pkipath", dir}, more...)...)
	}
	elsewhere := forwarder(t, address)
	noCertificate, byAStranger, strange := mixed(right, ""), mixed(right, stranger), mixed(stranger, right)
	hostsSay(t, nil, map[string]saying{
		"right": {uri(right), ""},
		"signed-by-a-stranger": {uri(strange), "TLS with " + address + ": the host's certificate is not trusted: x509: certificate signed by unknown authority (authority: " +
			strange + "/cacert.pem)"},
		"of-another-name": {"qemu+tls://" + elsewhere + "/system" + query("pkipath", right), "TLS with " + elsewhere + ": the host's certificate is not trusted: " +
			"x509: certificate is valid for " + beta().Address + ", not " + theLab.Shared.Host + " (authority: " + right + "/cacert.pem)"},
		"not-verified":    {"qemu+tls://" + elsewhere + "/system" + query("pkipath", right, "no_verify", "1"), ""},
		"no-authority":    {uri("/nowhere"), "unable to read the certificate of the hosts' authority: open /nowhere/cacert.pem: no such file or directory; put it there, or name its directory with ?pkipath="},
		"none-of-our-own": {uri(noCertificate), "TLS with " + address + ": the host requires a certificate of this machine; put one at " + noCertificate + "/clientcert.pem and its key at " + noCertificate + "/clientkey.pem (EOF)"},
		"one-by-a-stranger": {uri(byAStranger), "TLS with " + address + `: the host refuses this machine's certificate (` + byAStranger + `/clientcert.pem: "CN=a stranger", issued by "CN=a stranger", valid until ` +
			time.Now().Add(time.Hour).UTC().Format(time.DateOnly) + "): EOF; its libvirtd logs the reason"},
	})
}

// newAuthority returns a directory with the certificate of an authority that no host knows. The same certificate is this machine's own.
func newAuthority(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "a stranger"}, NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cacert.pem": {Type: "CERTIFICATE", Bytes: certificate}, "clientcert.pem": {Type: "CERTIFICATE", Bytes: certificate},
		"clientkey.pem": {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(file(name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// forwarder forwards connections from a new address to a port and returns that address.
func forwarder(t *testing.T, to string) string {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(theLab.Shared.Host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("tcp", to)
			if err != nil {
				_ = from.Close()
				continue
			}
			for _, pair := range [][2]net.Conn{{from, there}, {there, from}} {
				wait.Go(func() {
					_, _ = io.Copy(pair[0], pair[1])
					_, _ = from.Close(), there.Close()
				})
			}
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		wait.Wait()
	})
	return listener.Addr().String()
}
