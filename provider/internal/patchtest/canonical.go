package patchtest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Canonical returns XML in a form that is the same for two documents which mean the same to libvirt: one line per element, with its path
// and its attributes in order, and without the white space between elements. Elements with different names are sorted by name; those with
// the same name keep their order.
func Canonical(xml string) ([]string, error) {
	root, err := xmlmodel.Parse(xml)
	if err != nil {
		return nil, err
	}
	return lines(root, ""), nil
}

func lines(el *etree.Element, above string) []string {
	path := above + "/" + el.FullTag()
	var attrs []string
	for _, a := range el.Attr {
		attrs = append(attrs, fmt.Sprintf("%s=%q", a.FullKey(), a.Value))
	}
	slices.Sort(attrs)
	text := ""
	if t := el.Text(); strings.TrimSpace(t) != "" {
		text = fmt.Sprintf(" %q", t)
	}
	out := []string{path + " " + strings.Join(attrs, " ") + text}
	children := slices.Clone(el.ChildElements())
	slices.SortStableFunc(children, func(a, b *etree.Element) int { return strings.Compare(a.FullTag(), b.FullTag()) })
	for _, child := range children {
		out = append(out, lines(child, path)...)
	}
	return out
}

// difference lists the lines that only one of the two has.
func difference(was, is []string) []string {
	count := map[string]int{}
	for _, l := range is {
		count[l]++
	}
	var out []string
	for _, l := range was {
		if count[l]--; count[l] < 0 {
			out = append(out, "- "+l)
		}
	}
	for _, l := range is {
		if count[l] > 0 {
			out = append(out, "+ "+l)
			count[l] = 0
		}
	}
	if len(out) == 0 && !slices.Equal(was, is) {
		out = append(out, "another order")
	}
	return out
}
