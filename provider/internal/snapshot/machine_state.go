package snapshot

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/diag"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// stateFile is a file with state of a machine that is neither in its disks nor in its memory. libvirt (9.0) leaves such files out of a
// snapshot without memory. With memory, QEMU and swtpm write them again when the guest is restored.
type stateFile struct {
	what string // for messages
	file string
	copy string // the file in which a snapshot keeps it

	// private is true if only the process that writes the file has to be able to read it. A host may confine libvirt accordingly.
	private bool
}

// stateOf returns the state files of a domain. directory is the one in which the snapshot keeps its files.
//
// https://libvirt.org/formatdomain.html#bios-bootloader, https://libvirt.org/formatdomain.html#tpm-device
func stateOf(domain *etree.Element, directory, name, snapshot string) []stateFile {
	var found []stateFile
	add := func(what, file, suffix string, private bool) {
		found = append(found, stateFile{what, file, path.Join(directory, fmt.Sprintf("%s.%s.%s", name, snapshot, suffix)), private})
	}
	if file := variablesOf(domain); file != "" {
		add("UEFI variables", file, "nvram", false)
	}
	if file := tpmStateOf(domain); file != "" {
		add("state of the TPM", file, "tpm", true)
	}
	return found
}

func variablesOf(domain *etree.Element) string {
	el := xmlmodel.Find(domain, "os", "nvram")
	switch {
	case el == nil && xmlmodel.At("os@firmware").Text(domain) == "efi": // libvirt writes the path into the definition when the domain starts
		return path.Join(variablesDirectory, xmlmodel.At("name").Text(domain)+"_VARS.fd")
	case el == nil:
		return ""
	}
	if file := xmlmodel.At("source@file").Text(el); file != "" {
		return file
	}
	return strings.TrimSpace(el.Text())
}

// variablesDirectory is where libvirt keeps UEFI variables.
const variablesDirectory = "/var/lib/libvirt/qemu/nvram"

// tpmDirectory is where libvirt keeps the state of emulated TPMs.
const tpmDirectory = "/var/lib/libvirt/swtpm"

func tpmStateOf(domain *etree.Element) string {
	backend := xmlmodel.Find(domain, "devices", "tpm", "backend")
	if backend == nil || xmlmodel.At("@type").Text(backend) != "emulator" {
		return ""
	}
	directory, file := "tpm2", "tpm2-00.permall"
	if xmlmodel.At("@version").Text(backend) == "1.2" {
		directory, file = "tpm1.2", "tpm-00.permall"
	}
	switch source := xmlmodel.At("source@path").Text(backend); {
	case source != "" && xmlmodel.At("source@type").Text(backend) == "file":
		return source
	case source != "":
		return path.Join(source, file)
	default:
		return path.Join(tpmDirectory, xmlmodel.At("uuid").Text(domain), directory, file)
	}
}

// directoryOf returns the directory in which a snapshot keeps its files.
func (r *record) directoryOf() string {
	for _, target := range r.targets() {
		return path.Dir(r.layers[target].overlay)
	}
	return path.Dir(r.memory)
}

// stateFiles returns the state files of the machine at the snapshot.
func (r *record) stateFiles() []stateFile {
	domain := r.root.SelectElement("domain")
	if domain == nil || r.memory != "" {
		return nil
	}
	return stateOf(domain, r.directoryOf(), xmlmodel.At("name").Text(domain), r.name)
}

// keptFor returns the files that this resource keeps for a snapshot.
func (f files) keptFor(r *record) []string {
	var kept []string
	if r.memory != "" {
		kept = append(kept, r.memory) // libvirt (9.0) leaves it
	}
	for _, s := range r.stateFiles() {
		kept = append(kept, s.copy)
	}
	return kept
}

// maxState bounds what is read of a state file. UEFI variables have at most a few MiB, the state of a TPM a few KiB.
const maxState = 64 << 20

// keep copies state files for a snapshot that is about to be created. A copy that is empty stands for a file that does not exist.
func (f files) keep(all []stateFile) (err error) {
	var made []string
	defer func() {
		if err != nil {
			_ = f.remove(made...)
		}
	}()
	for _, s := range all {
		content, err := f.read(s.file)
		if _, answered := conn.Message(err); answered && !isMissing(err) && s.private {
			continue // the plan has said so, and the plan of a revert says so again
		}
		if err != nil && !isMissing(err) {
			return diag.New("create", "Give libvirt access to that file, or create the snapshot with 'memory', which contains it.",
				"unable to read the %s in %s: %w", s.what, s.file, err)
		}
		err = f.create(s.copy, content, nil)
		if conn.IsExists(err) {
			return diag.New("create", "It is not deleted, since it may be the only copy. Move it away, or choose another name for the snapshot.",
				"the file %s, for the %s, already exists", s.copy, s.what)
		}
		if err != nil {
			return err
		}
		made = append(made, s.copy)
	}
	return nil
}

// bringBack writes the state files as they were at the snapshot. A snapshot that another tool or an earlier version created has no copies.
func (f files) bringBack(all []stateFile) error {
	for _, s := range all {
		content, err := f.read(s.copy)
		if isMissing(err) {
			continue
		}
		if err == nil && len(content) == 0 {
			err = f.remove(s.file)
		} else if err == nil {
			err = f.overwrite(s.file, content)
		}
		if err != nil {
			return fmt.Errorf("unable to bring back the %s from %s: %w", s.what, s.copy, err)
		}
	}
	return nil
}

// missing returns the state files of which a snapshot has no copy.
func (f files) missing(all []stateFile) ([]stateFile, error) {
	var out []stateFile
	for _, s := range all {
		err := f.in(s.copy, func(libvirt.StoragePool, libvirt.StorageVol) error { return nil })
		if isMissing(err) {
			out = append(out, s)
		} else if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unreadable returns the private state files that libvirt cannot read.
func (f files) unreadable(all []stateFile) []stateFile {
	var out []stateFile
	for _, s := range all {
		_, err := f.read(s.file)
		if _, answered := conn.Message(err); answered && s.private && !isMissing(err) {
			out = append(out, s)
		}
	}
	return out
}

func isMissing(err error) bool { return conn.IsNotFound(err) || conn.IsMissingFile(err) }

// in calls do with a file as a volume.
func (f files) in(file string, do func(pool libvirt.StoragePool, v libvirt.StorageVol) error) error {
	return storage.InDirectory(f.host, f.l, path.Dir(file), func(pool libvirt.StoragePool) error {
		v, err := storage.FileIn(f.l, pool, path.Base(file))
		if err != nil {
			return err
		}
		return do(pool, v)
	})
}

func (f files) read(file string) ([]byte, error) {
	var content bytes.Buffer
	err := f.in(file, func(_ libvirt.StoragePool, v libvirt.StorageVol) error {
		_, size, _, err := f.l.StorageVolGetInfo(v)
		switch {
		case err != nil || size == 0:
			return err
		case size > maxState:
			return fmt.Errorf("%s has %d bytes, more than such a file ever has", file, size)
		}
		return f.l.StorageVolDownload(v, &content, 0, size, 0)
	})
	return content.Bytes(), err
}

// create creates a file. permissions is the element of a volume's XML with its owner and mode; nil: libvirt's own choice.
func (f files) create(file string, content []byte, permissions *etree.Element) error {
	el := storage.RawVolume(path.Base(file), uint64(len(content)))
	if permissions != nil {
		el.SelectElement("target").AddChild(permissions.Copy())
	}
	xml, err := xmlmodel.Text(el)
	if err != nil {
		return err
	}
	return storage.InDirectory(f.host, f.l, path.Dir(file), func(pool libvirt.StoragePool) error {
		v, err := f.l.StorageVolCreateXML(pool, xml, 0)
		if err != nil || len(content) == 0 {
			return err
		}
		if err := f.upload(v, content); err != nil {
			_ = f.l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
			return err
		}
		return nil
	})
}

// overwrite replaces the content of a file, which keeps its owner and mode; a file that is gone is created. A file of another size is created
// again: swtpm refuses a state with other bytes after its end, and libvirt (9.0) does not shorten a file to less than the blocks that it takes.
func (f files) overwrite(file string, content []byte) error {
	var permissions *etree.Element
	done := false
	err := f.in(file, func(_ libvirt.StoragePool, v libvirt.StorageVol) error {
		_, size, _, err := f.l.StorageVolGetInfo(v)
		if err != nil {
			return err
		}
		if done = size == uint64(len(content)); done {
			return f.upload(v, content)
		}
		root, err := storage.Describe(f.l, v)
		if err != nil {
			return err
		}
		permissions = xmlmodel.Find(root, "target", "permissions")
		return f.l.StorageVolDelete(v, libvirt.StorageVolDeleteNormal)
	})
	if done || err != nil && !isMissing(err) {
		return err
	}
	return f.create(file, content, permissions)
}

func (f files) upload(v libvirt.StorageVol, content []byte) error {
	return storage.Write(f.l, v, bytes.NewReader(content), uint64(len(content)))
}
