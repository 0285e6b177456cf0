package conn

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWhereCertificatesAre(t *testing.T) {
	home := t.TempDir()
	own := filepath.Join(home, ".pki", "libvirt")
	if err := os.MkdirAll(own, 0o700); err != nil {
		t.Fatal(err)
	}
	mine, system := credentialsIn(own), systemCredentials
	expect := func(when string, got, want credentials) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %v, want %v", when, got, want)
		}
	}
	expect("a user without files", locate("", home, false), system)
	writeFile(t, mine.certificate, "")
	expect("a certificate without a key", locate("", home, false), system)
	writeFile(t, mine.key, "")
	expect("a user's own pair", locate("", home, false), credentials{system.authority, system.revoked, mine.certificate, mine.key})
	writeFile(t, mine.authority, "")
	writeFile(t, mine.revoked, "")
	expect("a user's own files", locate("", home, false), mine)
	expect("root", locate("", home, true), system)
	expect("the uri's", locate("/pki", home, false), credentialsIn("/pki"))
	expect("the uri's at home", locate("~/pki", home, true), credentialsIn(filepath.Join(home, "pki")))
}

func TestARevokedCertificateIsNotTaken(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	certify := func(serial int64, name string, authority *x509.Certificate) *x509.Certificate {
		template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
			BasicConstraintsValid: true, IsCA: authority == nil, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte{byte(serial)}}
		if authority == nil {
			authority = template
		}
		der, err := x509.CreateCertificate(rand.Reader, template, authority, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	authority := certify(1, "authority", nil)
	good, bad := certify(2, "good", authority), certify(3, "bad", authority)
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: time.Now(), NextUpdate: time.Now().Add(time.Hour),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: bad.SerialNumber, RevocationTime: time.Now()}}}, authority, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cacrl.pem")
	writeFile(t, file, string(pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: der})))
	lists, err := revocations(file)
	if err != nil {
		t.Fatal(err)
	}
	chain := func(c *x509.Certificate) [][]*x509.Certificate { return [][]*x509.Certificate{{c, authority}} }
	if err := revoked(lists, chain(good), file); err != nil {
		t.Error(err)
	}
	want := `the host's certificate "CN=bad" is revoked by ` + file
	if err := revoked(lists, chain(bad), file); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if lists, err := revocations(filepath.Join(t.TempDir(), "none")); lists != nil || err != nil {
		t.Errorf("without a list: %v %v", lists, err)
	}
}
