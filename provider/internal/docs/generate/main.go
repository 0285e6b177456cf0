// Command generate writes provider/docs from the tables. It is run in provider/.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/docs"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/provider"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	pages, err := docs.Pages(provider.Resources(), provider.DataSources(), func(file string) (string, error) {
		text, err := os.ReadFile(filepath.Join("examples", file))
		return string(text), err
	})
	if err != nil {
		return err
	}
	for name, text := range pages {
		path := filepath.Join("docs", name)
		have, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if string(have) == text {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
