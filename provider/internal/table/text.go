package table

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Text says which characters a text may have, beyond what the row's Check says.
//
// libvirt (9.0) leaves out control characters when it writes XML. When it reads its definitions again, at its next start, tabs and line feeds in
// an attribute become spaces, and carriage returns become line feeds. So a text that goes through XML has none of them.
type Text int

// The forms of texts.
const (
	Line     Text = iota // one line, not empty
	Lines                // not empty, with line feeds and tabs: libvirt has it as the text of an element
	Anything             // any characters or none: the text does not go through XML, or Check reads it as XML
)

func (f Text) check(s string, mode Mode) error {
	if f == Anything {
		return nil
	}
	if s == "" {
		if mode == Required {
			return errors.New("must not be empty; give it a value")
		}
		return errors.New("must not be empty; leave it out to have none")
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return !inXML(r) && r != '\r' }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return fmt.Errorf("must not contain the character %U, which XML cannot hold, got %q; remove it", r, s)
	}
	switch {
	case f == Line && strings.ContainsAny(s, "\t\n\r"):
		return fmt.Errorf("must be one line without tabs, got %q; remove the line breaks and tabs", s)
	case strings.Contains(s, "\r"):
		return fmt.Errorf("must not contain carriage returns, got %q; remove them, for example with replace(TEXT, \"\\r\", \"\")", s)
	}
	return nil
}

// inXML reports whether XML can hold a character without changing it. https://www.w3.org/TR/xml/#charsets
func inXML(r rune) bool {
	return r == '\t' || r == '\n' || r >= ' ' && r < 0xD800 || r > 0xDFFF && r < 0xFFFE || r > 0xFFFF
}
