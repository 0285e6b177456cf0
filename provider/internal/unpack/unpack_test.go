package unpack

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// image is content that compresses well in parts only.
var image = func() []byte {
	b := make([]byte, 3<<20)
	for i := range b[:1<<20] {
		b[i] = byte(i * i >> 7)
	}
	return b
}()

func through(t *testing.T, content []byte, open func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := open(&out)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gzipped(t *testing.T, b []byte) []byte {
	return through(t, b, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil })
}

func xzed(t *testing.T, b []byte) []byte {
	return through(t, b, func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) })
}

func zstded(t *testing.T, b []byte) []byte {
	return through(t, b, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) })
}

func bzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	cmd := exec.Command("bzip2", "-c")
	cmd.Stdin = bytes.NewReader(b)
	out, err := cmd.Output()
	if err != nil {
		t.Skipf("bzip2: %v", err)
	}
	return out
}

func tarred(t *testing.T, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		h := &tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o644}
		if strings.HasSuffix(files[i], "/") {
			h.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zipped packs files, as Go does (the sizes follow each file), or with the sizes first.
func zipped(t *testing.T, sizesFirst bool, method uint16, files ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i < len(files); i += 2 {
		h := &zip.FileHeader{Name: files[i], Method: method}
		var err error
		var f io.Writer
		if sizesFirst {
			var one bytes.Buffer
			single := zip.NewWriter(&one)
			f, err = single.CreateHeader(h)
			if err == nil {
				_, err = io.WriteString(f, files[i+1])
			}
			if err := errors.Join(err, single.Close()); err != nil {
				t.Fatal(err)
			}
			r, err := zip.NewReader(bytes.NewReader(one.Bytes()), int64(one.Len()))
			if err != nil {
				t.Fatal(err)
			}
			raw, err := r.File[0].OpenRaw()
			if err != nil {
				t.Fatal(err)
			}
			h := r.File[0].FileHeader
			h.Flags &^= zipHasDescriptor
			f, err = w.CreateRaw(&h)
			if err == nil {
				_, err = io.Copy(f, raw)
			}
			if err != nil {
				t.Fatal(err)
			}
			continue
		}
		if f, err = w.CreateHeader(h); err == nil {
			_, err = io.WriteString(f, files[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhateverAFileIsPackedInItsContentIsRead(t *testing.T) {
	text := string(image)
	for name, c := range map[string]struct {
		file    []byte
		packing string
		size    int64
	}{
		"not packed":          {image, "", int64(len(image))},
		"gzip":                {gzipped(t, image), "gzip", Unknown},
		"gzip, two members":   {append(gzipped(t, image[:1000]), gzipped(t, image[1000:])...), "gzip", Unknown},
		"gzip and signature":  {append(gzipped(t, image), "signature"...), "gzip", Unknown},
		"xz":                  {xzed(t, image), "xz", Unknown},
		"xz, two streams":     {append(xzed(t, image[:1000]), xzed(t, image[1000:])...), "xz", Unknown},
		"zstd":                {zstded(t, image), "zstd", Unknown},
		"bzip2":               {bzipped(t, image), "bzip2", Unknown},
		"tar":                 {tarred(t, "disk.raw", text), "tar", int64(len(image))},
		"tar with a folder":   {tarred(t, "a/", "", "a/disk.raw", text), "tar", int64(len(image))},
		"tar in gzip":         {gzipped(t, tarred(t, "disk.raw", text)), "gzip tar", int64(len(image))},
		"zip":                 {zipped(t, false, zip.Deflate, "disk.raw", text), "zip", Unknown},
		"zip with a folder":   {zipped(t, false, zip.Deflate, "a/", "", "a/disk.raw", text), "zip", Unknown},
		"zip, sizes first":    {zipped(t, true, zip.Deflate, "disk.raw", text), "zip", int64(len(image))},
		"zip, stored":         {zipped(t, true, zip.Store, "disk.raw", text), "zip", int64(len(image))},
		"xz in a zip archive": {zipped(t, false, zip.Deflate, "disk.raw.xz", string(xzed(t, image))), "zip xz", Unknown},
	} {
		got, err := Open(iotest.HalfReader(bytes.NewReader(c.file)), int64(len(c.file)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		content, err := io.ReadAll(got)
		if err != nil || !bytes.Equal(content, image) {
			t.Errorf("%s: read %d bytes, %v", name, len(content), err)
		}
		if packing := strings.Join(got.Packing, " "); packing != c.packing || got.Size != c.size {
			t.Errorf("%s: packed in %q, of %d bytes", name, packing, got.Size)
		}
	}
}

func TestADamagedArchiveIsAnError(t *testing.T) {
	text := string(image)
	for name, file := range map[string][]byte{
		"gzip": gzipped(t, image), "xz": xzed(t, image), "zstd": zstded(t, image), "bzip2": bzipped(t, image), "tar": tarred(t, "disk.raw", text),
		"zip": zipped(t, false, zip.Deflate, "disk.raw", text), "zip, sizes first": zipped(t, true, zip.Deflate, "disk.raw", text),
		"zip, stored": zipped(t, true, zip.Store, "disk.raw", text),
	} {
		read := func(b []byte) error {
			c, err := Open(bytes.NewReader(b), int64(len(b)))
			if err == nil {
				_, err = io.Copy(io.Discard, c)
			}
			return err
		}
		format, _, _ := strings.Cut(name, ",")
		want := "the " + format + " archive is damaged or incomplete ("
		for _, left := range []int{len(file) / 2, len(file) - 1500, 600} {
			if left <= 0 || left >= len(file) {
				continue
			}
			if err := read(file[:left]); err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s, %d of %d bytes: %v", name, left, len(file), err)
			}
		}
		if format == "tar" {
			continue // it has no checksum of the content
		}
		broken := bytes.Clone(file)
		broken[len(broken)/2] ^= 0x55
		if err := read(broken); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s with another byte: %v", name, err)
		}
	}
}

func TestAnArchiveWithoutExactlyOneFileIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"tar, two": {tarred(t, "a", "1", "b", "2"), `the tar archive must contain exactly one file, and has "a" and "b"; unpack it, and use the image in it`},
		"zip, two": {zipped(t, false, zip.Deflate, "a", "1", "b", "2"), `the zip archive must contain exactly one file, and has "a" and "b"; ` +
			"unpack it, and use the image in it"},
		"tar, none": {tarred(t, "a/", ""), "the tar archive contains no file; use another source"},
		"zip, none": {zipped(t, false, zip.Deflate, "a/", ""), "the zip archive contains no file; use another source"},
		"ova": {tarred(t, "vm.ovf", "<xml/>", "vm.vmdk", "KDMV"), "it is an OVA archive, a description of a machine with its disks; unpack it with tar, " +
			"and convert the disk with 'qemu-img convert -O qcow2'"},
		"two in gzip": {gzipped(t, tarred(t, "a", "1", "b", "2")), `the tar archive must contain exactly one file, and has "a" and "b"; ` +
			"unpack it, and use the image in it"},
	} {
		got, err := Open(bytes.NewReader(c.file), int64(len(c.file)))
		if err == nil {
			_, err = io.Copy(io.Discard, got)
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnErrorOfTheSourceStaysWhatItIs(t *testing.T) {
	cable := errors.New("the cable")
	for name, file := range map[string][]byte{"gzip": gzipped(t, image), "xz": xzed(t, image), "zstd": zstded(t, image), "bzip2": bzipped(t, image),
		"zip": zipped(t, false, zip.Deflate, "disk.raw", string(image))} {
		got, err := Open(io.MultiReader(bytes.NewReader(file[:len(file)/2]), iotest.ErrReader(cable)), int64(len(file)))
		if err == nil {
			_, err = io.Copy(io.Discard, got)
		}
		if err != cable {
			t.Errorf("%s: %v", name, err)
		}
	}
}
