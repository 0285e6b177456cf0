//go:build acceptance

package acceptance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// inventory describes everything on a host that has the name of a run in its own: what libvirt lists, and the files on disk. It maps each
// object to its condition.
type inventory map[string]string

// kept lists the directories in which libvirt keeps what outlives a call.
var kept = []string{"/etc/libvirt", "/var/lib/libvirt"}

var direct = sync.OnceValues(func() (*conn.Host, error) {
	uri, err := conn.ParseURI(site().URI)
	return conn.NewHost(site().Name, uri), err
})

// take makes an inventory. It replaces names and values that libvirt chooses at random, so that two runs can be compared.
func take(name string) (inventory, error) {
	host, err := direct()
	if err != nil {
		return nil, err
	}
	found := inventory{}
	err = host.Do(context.Background(), func(l *libvirt.Libvirt) error {
		return errors.Join(found.domains(l, name), found.networks(l, name), found.pools(l, name), found.secrets(l, name), found.filters(l, name))
	})
	return found, errors.Join(err, found.files(site(), name))
}

var chosen = regexp.MustCompile(`<uuid>.*</uuid>|<(capacity|allocation|available) unit='bytes'>[0-9]*<.*>|<mac address='.*'/>|virbr[0-9a-z]+|10\.[0-9]+\.[0-9]+\.`)

// running matches the number that libvirt gives to each start of a domain, in the name of a directory.
var running = regexp.MustCompile("/domain-[0-9]+-")

// how describes an object: whether it is active, whether it starts with its host, and its definition.
func how(active, autostart int32, xml, name string, errs ...error) (string, error) {
	definition := strings.ReplaceAll(strings.ReplaceAll(chosen.ReplaceAllString(xml, "..."), name, "NAME"), bridgeOfRun(name), "BRIDGE")
	return fmt.Sprintf("active=%d autostart=%d %s", active, autostart, definition), errors.Join(errs...)
}

func (i inventory) domains(l *libvirt.Libvirt, name string) error {
	all, _, err := l.ConnectListAllDomains(1, 0)
	for _, d := range all {
		if !strings.Contains(d.Name, name) {
			continue
		}
		active, err1 := l.DomainIsActive(d)
		autostart, err2 := l.DomainGetAutostart(d)
		xml, err3 := l.DomainGetXMLDesc(d, libvirt.DomainXMLInactive|libvirt.DomainXMLSecure)
		is, err := how(active, autostart, xml, name, err1, err2, err3)
		if err != nil {
			return err
		}
		i["domain "+strings.ReplaceAll(d.Name, name, "NAME")] = is
	}
	return err
}

func (i inventory) networks(l *libvirt.Libvirt, name string) error {
	all, _, err := l.ConnectListAllNetworks(1, 0)
	for _, n := range all {
		if !strings.Contains(n.Name, name) {
			continue
		}
		active, err1 := l.NetworkIsActive(n)
		autostart, err2 := l.NetworkGetAutostart(n)
		xml, err3 := l.NetworkGetXMLDesc(n, uint32(libvirt.NetworkXMLInactive))
		now, err4 := l.NetworkGetXMLDesc(n, 0)
		if conn.IsNotFound(err1) || conn.IsNotFound(err2) || conn.IsNotFound(err3) || conn.IsNotFound(err4) {
			continue
		}
		is, err := how(active, autostart, xml+now, name, err1, err2, err3, err4)
		if err != nil {
			return err
		}
		i["network "+strings.ReplaceAll(n.Name, name, "NAME")] = is
	}
	return err
}

func (i inventory) pools(l *libvirt.Libvirt, name string) error {
	all, _, err := l.ConnectListAllStoragePools(1, 0)
	for _, p := range all {
		xml, err1 := l.StoragePoolGetXMLDesc(p, 0)
		if conn.IsNotFound(err1) || err1 == nil && !strings.Contains(xml, name) {
			continue
		}
		active, err2 := l.StoragePoolIsActive(p)
		autostart, err3 := l.StoragePoolGetAutostart(p)
		is, err := how(active, autostart, xml, name, err1, err2, err3)
		if err != nil {
			return err
		}
		i["pool "+strings.ReplaceAll(p.Name, name, "NAME")] = is
	}
	return err
}

func (i inventory) secrets(l *libvirt.Libvirt, name string) error {
	all, _, err := l.ConnectListAllSecrets(1, 0)
	for _, s := range all {
		if !strings.Contains(s.UsageID, name) {
			continue
		}
		xml, err := l.SecretGetXMLDesc(s, 0)
		if err != nil {
			return err
		}
		value, err := l.SecretGetValue(s, 0)
		if err != nil && !conn.IsNotFound(err) {
			return err
		}
		is, _ := how(1, 1, xml, name)
		i["secret "+strings.ReplaceAll(s.UsageID, name, "NAME")] = fmt.Sprintf("%s value %q", is, value)
	}
	return err
}

func (i inventory) filters(l *libvirt.Libvirt, name string) error {
	all, _, err := l.ConnectListAllNwfilters(1, 0)
	for _, f := range all {
		if !strings.Contains(f.Name, name) {
			continue
		}
		xml, err1 := l.NwfilterGetXMLDesc(f, 0)
		if conn.IsNotFound(err1) {
			continue
		}
		is, err := how(1, 1, xml, name, err1)
		if err != nil {
			return err
		}
		i["filter "+strings.ReplaceAll(f.Name, name, "NAME")] = is
	}
	return err
}

// files adds the files whose path contains the name. It describes images by their content.
func (i inventory) files(h *labHost, name string) error {
	for _, dir := range kept {
		err := filepath.WalkDir(h.path(dir), func(path string, e fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist): // it was removed meanwhile
				return nil
			case err != nil || e.IsDir() && !strings.Contains(path, name):
				return err
			case e.IsDir() || !strings.Contains(path, name) || e.Type()&fs.ModeSocket != 0:
				return nil
			}
			is := ""
			if strings.HasPrefix(path, h.path(images)) {
				if is, err = imageOf(path); err != nil {
					return err
				}
			}
			i["file "+running.ReplaceAllString(strings.ReplaceAll(strings.TrimPrefix(path, h.data), name, "NAME"), "/domain-N-")] = is
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// imageOf describes what a guest would see in an image. For a cloud-init disk it gives only the size, because the disk contains the time.
func imageOf(path string) (string, error) {
	content, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "gone", nil
	case err != nil:
		return "", err
	case strings.HasSuffix(path, ".iso"):
		return fmt.Sprintf("%d bytes", len(content)), nil
	case bytes.HasPrefix(content, []byte("QFI\xfb")):
		return qcow2Of(path)
	}
	return fmt.Sprintf("%d bytes %x", len(content), sha256.Sum256(content)), nil
}

// qcow2Of describes a qcow2 image, and says whether it is damaged. The backing file is in the same directory.
func qcow2Of(path string) (string, error) {
	onHost := strings.TrimPrefix(path, site().data)
	if out, err := site().tryInside("qemu-img", "check", "-q", onHost); err != nil {
		return fmt.Sprintf("a damaged image: %s", out), nil
	}
	out, err := site().tryInside("qemu-img", "info", "--output=json", onHost)
	if err != nil {
		return "", err
	}
	var info struct {
		Size    int64  `json:"virtual-size"`
		Backing string `json:"backing-filename"`
	}
	if err := json.Unmarshal(out, &info); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d bytes on %s", info.Size, filepath.Base(info.Backing)), nil
}

// differences lists the objects that differ between two inventories.
func (i inventory) differences(other inventory) []string {
	var out []string
	for _, what := range slices.Sorted(maps.Keys(i)) {
		is, there := other[what]
		switch {
		case !there:
			out = append(out, what+" is gone")
		case is != i[what]:
			out = append(out, fmt.Sprintf("%s is %q, not %q", what, is, i[what]))
		}
	}
	for _, what := range slices.Sorted(maps.Keys(other)) {
		if _, there := i[what]; !there {
			out = append(out, what+" is there")
		}
	}
	return out
}
