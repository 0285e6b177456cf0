// Command zip packs the files of a folder. The same names, contents and time give the same bytes on every machine.
//
//	zip ARCHIVE FOLDER SECONDS
//
// SECONDS is the time of all files, in seconds since 1970.
package main

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "zip:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("requires ARCHIVE FOLDER SECONDS, got %q", args)
	}
	seconds, err := strconv.ParseInt(args[2], 10, 64)
	if err != nil {
		return err
	}
	file, err := os.Create(args[0])
	if err != nil {
		return err
	}
	defer file.Close()
	if err := pack(file, args[1], time.Unix(seconds, 0).UTC()); err != nil {
		return err
	}
	return file.Close()
}

// pack writes the files of a folder in the order of their names. Programs keep the permission to run.
func pack(to io.Writer, folder string, modified time.Time) error {
	archive := zip.NewWriter(to)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s is not a file", filepath.Join(folder, entry.Name()))
		}
		if err := add(archive, filepath.Join(folder, entry.Name()), modified); err != nil {
			return err
		}
	}
	return archive.Close()
}

func add(archive *zip.Writer, path string, modified time.Time) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	header := &zip.FileHeader{Name: filepath.Base(path), Method: zip.Deflate, Modified: modified}
	header.SetMode(0o644)
	if info.Mode()&0o100 != 0 {
		header.SetMode(0o755) // whatever the umask of the person who built it
	}
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, file)
	return err
}
