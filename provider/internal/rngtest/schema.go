// Package rngtest reads libvirt's schemas in RELAX NG. It lists the elements and attributes that a kind of definition can have, each with smallest
// documents that have it.
package rngtest

import (
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/beevik/etree"
)

// Schema is a grammar with all that it includes.
type Schema struct {
	start   *etree.Element
	defines map[string][]*etree.Element
	least   map[*etree.Element]*content // the least content of each pattern
}

// Load reads the grammar in a file.
func Load(file string) (*Schema, error) {
	s := &Schema{defines: map[string][]*etree.Element{}, least: map[*etree.Element]*content{}}
	return s, s.load(file)
}

func (s *Schema) load(file string) error {
	doc := etree.NewDocument()
	if err := doc.ReadFromFile(file); err != nil {
		return err
	}
	return s.add(doc.Root(), filepath.Dir(file))
}

func (s *Schema) add(grammar *etree.Element, dir string) error {
	for _, el := range grammar.ChildElements() {
		switch el.Tag {
		case "include":
			if err := s.load(filepath.Join(dir, el.SelectAttrValue("href", ""))); err != nil {
				return err
			}
			own := maps.Clone(s.defines)
			for _, define := range el.SelectElements("define") { // instead of what the file defines
				delete(own, define.SelectAttrValue("name", ""))
			}
			s.defines = own
			if start := el.SelectElement("start"); start != nil {
				s.start = start
			}
			if err := s.add(el, dir); err != nil {
				return err
			}
		case "define":
			name := el.SelectAttrValue("name", "")
			s.defines[name] = append(s.defines[name], el)
		case "start":
			s.start = el
		case "div":
			if err := s.add(el, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// Root is a directory with the files of a system. Version is that of its libvirt.
type Root struct{ Dir, Version string }

// Roots returns the systems of this machine that have libvirt's schemas: itself, and the root file systems of hosts of other kinds.
func Roots() (roots []Root) {
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		cache = filepath.Join(home, ".cache")
	}
	others, _ := filepath.Glob(filepath.Join(cache, "kvm-fleet", "roots", "*"))
	for _, dir := range append([]string{"/"}, others...) {
		if _, err := os.Stat(filepath.Join(dir, Schemas, "domain.rng")); err != nil {
			continue
		}
		status, err := os.ReadFile(filepath.Join(dir, "var/lib/dpkg/status"))
		if err != nil {
			continue
		}
		if _, rest, found := strings.Cut(string(status), "\nPackage: libvirt0\n"); found {
			_, rest, _ = strings.Cut(rest, "\nVersion: ")
			version, _, _ := strings.Cut(rest, "-")
			roots = append(roots, Root{dir, version})
		}
	}
	return roots
}

// Schemas is the folder of libvirt's schemas in a system.
const Schemas = "usr/share/libvirt/schemas"
