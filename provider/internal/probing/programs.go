package probing

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// architectures maps machine names of Linux (uname -m) to the architectures of Go, for which there are probes.
var architectures = map[string]string{"x86_64": "amd64", "aarch64": "arm64"}

var guestArchitectures = []string{"x86_64", "aarch64"}

// programs are the compressed probes for guests. The files are beside the provider.
type programs struct {
	folder string
	mu     sync.Mutex
	packed map[string][]byte
}

func besideTheProvider() (*programs, error) {
	own, err := os.Executable()
	if err == nil {
		own, err = filepath.EvalSymlinks(own)
	}
	return &programs{folder: filepath.Dir(own), packed: map[string][]byte{}}, err
}

// get returns a compressed probe. An emulated guest needs one or two seconds to receive it uncompressed, half of that
// compressed, and 0.2 s to decompress it.
func (p *programs) get(arch string) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if packed := p.packed[arch]; packed != nil {
		return packed, nil
	}
	path := filepath.Join(p.folder, "kvm-fleet-probe_"+arch)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the probe for %s guests is missing beside the provider: %s; install the provider again with lab/setup.sh, "+
			"or build it in provider/ (CGO_ENABLED=0 GOOS=linux GOARCH=%s go build -trimpath -ldflags '-s -w' -o %s ./probe)", arch, path, arch, path)
	}
	if err != nil {
		return nil, fmt.Errorf("unable to read the probe: %w", err)
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("unable to pack the probe: %w", err)
	}
	p.packed[arch] = b.Bytes()
	return p.packed[arch], nil
}
