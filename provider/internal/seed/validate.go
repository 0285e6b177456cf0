package seed

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/iso9660"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
)

// forms are the attributes of which a seed has one.
const forms = "cloud_init, config_drive, ignition, combustion, label, content"

func checkLabel(v any) error {
	label := v.(string)
	isASCII := !strings.ContainsFunc(label, func(r rune) bool { return r < ' ' || r > '~' })
	if len(label) > iso9660.MaxLabel || strings.TrimSpace(label) != label || !isASCII {
		return fmt.Errorf("must be 1 to %d ASCII characters without spaces around them, got %q; shorten it", iso9660.MaxLabel, label)
	}
	return nil
}

func checkBase64(v any) error {
	content, err := base64.StdEncoding.DecodeString(v.(string))
	if err != nil || base64.StdEncoding.EncodeToString(content) != v {
		return errors.New("must be base64 without line breaks; encode it, for example with filebase64()")
	}
	return nil
}

// jsonRows are the attributes that must be JSON.
var jsonRows = map[string][]string{"config_drive": {"meta_data", "vendor_data", "network_data"}, "ignition": {"config"}}

// Validate checks the rules between attributes.
func (Resource) Validate(config table.Model) []table.Problem {
	problems := table.NewProblems()
	var set []string
	for _, name := range strings.Split(forms, ", ") {
		if config[name] != nil {
			set = append(set, name)
		}
	}
	switch {
	case len(set) == 0:
		problems.Add("label", "one of %s is required; set the one that the guest reads", forms)
	case len(set) > 1:
		problems.Add(set[1], "'%s' cannot be combined with '%s'; a seed has one form: remove one of them", set[1], set[0])
	case config["label"] != nil && config["files"] == nil:
		problems.Add("label", "'label' requires 'files'; set the files that the disk contains")
	case config["content"] != nil && config["files"] != nil:
		problems.Add("files", "'files' cannot be combined with 'content', which is no disk; remove one of them")
	}
	for _, group := range slices.Sorted(maps.Keys(jsonRows)) {
		for _, name := range jsonRows[group] {
			if text, ok := config.Group(group)[name].(string); ok && !json.Valid([]byte(text)) {
				problems.Add(group+"."+name, "'%s.%s' must be JSON; correct it", group, name)
			}
		}
	}
	problems.Concat(checkFiles(config))
	return problems.List()
}

func checkFiles(config table.Model) []table.Problem {
	var all []table.Problem
	files := config.Group("files")
	for _, path := range slices.Sorted(maps.Keys(files)) {
		file, _ := files[path].(table.Model)
		err := errors.Join(checkPath(config, path), checkContent(path, file))
		if err != nil {
			at := tftypes.NewAttributePath().WithAttributeName("files").WithElementKeyString(path)
			all = append(all, table.Problem{Path: at, Text: err.Error()})
		}
	}
	return all
}

func checkPath(config table.Model, path string) error {
	parts := strings.Split(path, "/")
	for _, part := range parts {
		if part == "" || part == "." || part == ".." || utf8.RuneCountInString(part) > iso9660.MaxName || strings.ContainsFunc(part, unusable) {
			return fmt.Errorf("'files' must have relative paths, whose parts have 1 to %d characters without any of *:;?\\, got %q; "+
				"choose another path", iso9660.MaxName, path)
		}
	}
	if len(parts) > iso9660.MaxDepth {
		return fmt.Errorf("'files' must have paths of at most %d parts, got %q; choose another path", iso9660.MaxDepth, path)
	}
	for other := range config.Group("files") {
		if strings.HasPrefix(other, path+"/") {
			return fmt.Errorf("'files' must not have a file and a directory of the same name, got %q and %q; rename one of them", path, other)
		}
	}
	if l := layoutOf(config); l != nil {
		for _, f := range l.files {
			if f.path == path || strings.HasPrefix(f.path, path+"/") {
				return fmt.Errorf("'files' must not have %q, which is '%s.%s'; set that instead", path, l.row, f.attr)
			}
		}
	}
	return nil
}

func unusable(r rune) bool { return r < ' ' || r == 0x7f || strings.ContainsRune(`*:;?\`, r) }

func checkContent(path string, file table.Model) error {
	text, encoded := file["content"], file["content_base64"]
	switch {
	case text == nil && encoded == nil:
		return fmt.Errorf("'files[%q]' requires 'content' or 'content_base64'; set one of them", path)
	case text != nil && encoded != nil:
		return fmt.Errorf("'files[%q].content_base64' cannot be combined with 'content'; remove one of them", path)
	}
	return nil
}
