package unpack

import (
	"archive/tar"
	"bufio"
	"errors"
	"io"
	"strings"
)

// tarReader reads the only file of a tar archive.
type tarReader struct {
	archive *tar.Reader
	name    string
}

func openTar(r *bufio.Reader) (io.Reader, int64, error) {
	t := &tarReader{archive: tar.NewReader(r)}
	file, err := t.next()
	switch {
	case errors.Is(err, io.EOF):
		return nil, 0, refuse("the tar archive contains no file; use another source")
	case err != nil:
		return nil, 0, err
	case strings.HasSuffix(strings.ToLower(file.Name), ".ovf"):
		return nil, 0, refuse("it is an OVA archive, a description of a machine with its disks; unpack it with tar, and convert the disk with " +
			"'qemu-img convert -O qcow2'")
	}
	t.name = file.Name
	return t, file.Size, nil
}

// next returns the next file, without directories and links.
func (t *tarReader) next() (*tar.Header, error) {
	for {
		h, err := t.archive.Next()
		if err != nil || h.Typeflag == tar.TypeReg || h.Typeflag == tar.TypeGNUSparse {
			return h, err
		}
	}
}

// Read reads the file. It fails at its end if the archive contains another one.
func (t *tarReader) Read(p []byte) (int, error) {
	n, err := t.archive.Read(p)
	if err != io.EOF {
		return n, err
	}
	switch other, err := t.next(); {
	case errors.Is(err, io.EOF):
		return n, io.EOF
	case err != nil:
		return n, err
	default:
		return n, severalFiles("tar", t.name, other.Name)
	}
}

func severalFiles(archive, one, other string) error {
	return refuse("the %s archive must contain exactly one file, and has %q and %q; unpack it, and use the image in it", archive, one, other)
}
