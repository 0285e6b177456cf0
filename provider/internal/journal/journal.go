// Package journal keeps in mind, on the machine that runs Terraform, what is being made on the hosts. Terraform has nothing of an object whose
// provider was killed before it answered; the next one finds here that it is its own, and makes it anew.
package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// Journal is a directory with a file for each object that is being made. The nil one keeps nothing in mind.
type Journal struct {
	dir       string
	terraform int // the process that is told

	mu   sync.Mutex
	told []string // the files of what it was told of
	kept bool
}

// In is the journal in a directory, which is made when it is needed.
func In(dir string) *Journal { return &Journal{dir: dir, terraform: os.Getppid()} }

// Here is the journal beside what else Terraform keeps of a configuration. https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_data_dir
func Here() *Journal {
	data := os.Getenv("TF_DATA_DIR")
	if data == "" {
		data = ".terraform"
	}
	return In(filepath.Join(data, "kvm-fleet"))
}

// ErrBusy says that another process is making the object now.
var ErrBusy = errors.New("another terraform in this directory is making it now; wait for that, then run this again")

// Keep has everything stay in mind: Terraform was interrupted, and may not write down what it is told.
func (j *Journal) Keep() {
	if j != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.kept = true
	}
}

// Forget takes an object out: Terraform knows of it.
func (j *Journal) Forget(object string) {
	if j != nil {
		_ = os.Remove(j.path(object)) // as a rule it is not there
	}
}

// Close forgets what Terraform was told of, where that has ended this process in good order.
func (j *Journal) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.kept || os.Getppid() != j.terraform {
		return
	}
	for _, file := range j.told {
		_ = os.Remove(file)
	}
}

// Entry is one object that is being made.
type Entry struct {
	file    *os.File
	journal *Journal
	// Left is how an earlier process that was killed had named the object when it asked the host to make it; "" where there was none.
	Left string
	// Made is what that process had made of it, in the words of whoever called Finish; "" where it had not come to the end.
	Made string
}

// Begin opens the entry of an object, by any name that no other has. Nobody else can until it is Done, or this process has died. Where nothing
// can be kept in mind, in a directory that can't be written, say, the object is made all the same.
func (j *Journal) Begin(object string) (*Entry, error) {
	if j == nil {
		return nil, nil
	}
	file, err := j.open(object)
	if err != nil {
		return nil, nil
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrBusy
		}
		return nil, nil
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	left, made, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return &Entry{file: file, journal: j, Left: left, Made: made}, nil
}

// Left is what Begin would find, for a look ahead.
func (j *Journal) Left(object string) string {
	if j == nil {
		return ""
	}
	text, err := os.ReadFile(j.path(object))
	if err != nil {
		return ""
	}
	left, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return left
}

func (j *Journal) path(object string) string {
	digest := sha256.Sum256([]byte(object))
	return filepath.Join(j.dir, hex.EncodeToString(digest[:16]))
}

func (j *Journal) open(object string) (*os.File, error) {
	if err := os.MkdirAll(j.dir, 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(j.path(object), os.O_RDWR|os.O_CREATE, 0o600)
}

// Finish notes that the object is all there, made as these words say: a line. One that can't be noted is made anew at worst.
func (e *Entry) Finish(made string) {
	if e != nil && e.Left != "" {
		_ = e.write(e.Left + "\n" + made)
	}
}

// Done says that Terraform is told. Whether it has heard, and written it down, shows later.
func (e *Entry) Done() {
	if e == nil {
		return
	}
	e.journal.mu.Lock()
	defer e.journal.mu.Unlock()
	e.journal.told = append(e.journal.told, e.file.Name())
	_ = e.file.Close()
}

func (e *Entry) write(text string) error {
	if err := e.file.Truncate(0); err != nil {
		return err
	}
	_, err := e.file.WriteAt([]byte(text+"\n"), 0)
	return err
}

type key struct{}

// With is a context in which Note writes into the entry.
func With(ctx context.Context, e *Entry) context.Context { return context.WithValue(ctx, key{}, e) }

// Record keeps in mind how an object is named that the host is about to be asked for. It must not be there yet.
func Record(ctx context.Context, name string) error {
	if e, _ := ctx.Value(key{}).(*Entry); e != nil {
		e.Left, e.Made = name, ""
		return e.write(name)
	}
	return nil
}
