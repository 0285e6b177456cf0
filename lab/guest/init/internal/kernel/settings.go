package kernel

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Set gives the kernel the settings in a folder's files of sysctl(8), in the order of their names.
//
// See https://man7.org/linux/man-pages/man5/sysctl.d.5.html
func Set(folder, proc string) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.conf"))
	if err != nil {
		return err
	}
	var problems []error
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		for _, line := range strings.Split(string(content), "\n") {
			if err := set(proc, strings.TrimSpace(line)); err != nil {
				problems = append(problems, err)
			}
		}
	}
	return errors.Join(problems...)
}

// set takes `net.ipv4.ip_forward = 1`; with a dash before it, the setting may fail.
func set(proc, line string) error {
	if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
		return nil
	}
	key, value, found := strings.Cut(line, "=")
	if !found {
		return fmt.Errorf("'%s' is not like net.ipv4.ip_forward = 1", line)
	}
	key, mayFail := strings.CutPrefix(strings.TrimSpace(key), "-")
	if !strings.Contains(key, "/") {
		key = strings.ReplaceAll(key, ".", "/")
	}
	// Not made where it is missing: what the kernel has no setting for is no file either.
	file, err := os.OpenFile(filepath.Join(proc, filepath.Clean("/"+key)), os.O_WRONLY, 0)
	if err == nil {
		_, err = file.WriteString(strings.TrimSpace(value) + "\n")
		err = errors.Join(err, file.Close())
	}
	if mayFail {
		return nil
	}
	return err
}
