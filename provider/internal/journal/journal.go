// Package journal records, on the machine that runs Terraform, the objects that are being created on the hosts. If the provider is killed
// before it answers, Terraform does not know of the object. The next provider finds it in the journal and adopts it or creates it again.
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
)

// Journal is a directory with a file for each object that is being created. A nil Journal records nothing.
type Journal struct {
	dir       string
	terraform int // the parent process, which receives the answers

	mu       sync.Mutex
	reported []string // the files of the objects that Terraform was told about
	keepAll  bool
}

// New returns the journal in a directory. The directory is created when it is first needed.
func New(dir string) *Journal { return &Journal{dir: dir, terraform: os.Getppid()} }

// Default returns the journal in Terraform's data directory.
// https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_data_dir
func Default() *Journal {
	data := os.Getenv("TF_DATA_DIR")
	if data == "" {
		data = ".terraform"
	}
	return New(filepath.Join(data, "kvm-fleet"))
}

// ErrBusy means that another process is creating the object.
var ErrBusy = errors.New("another terraform process in this directory is creating it; wait until that ends, then run the command again")

// KeepAll keeps every entry: Terraform was interrupted and may not store the answers that it receives.
func (j *Journal) KeepAll() {
	if j != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.keepAll = true
	}
}

// Forget removes the entry of an object that is in Terraform's state.
func (j *Journal) Forget(object string) {
	if j != nil {
		_ = os.Remove(j.path(object)) // usually there is none
	}
}

// Note records one line about an object that exists. Leftover returns it, unless it is empty.
func (j *Journal) Note(object, line string) error {
	if j == nil {
		return nil
	}
	file, err := j.open(object)
	if err != nil {
		return nil // as for Begin
	}
	return errors.Join((&Entry{file: file}).write(line), file.Close())
}

// Close removes the entries of the objects that Terraform was told about, if Terraform ended this process in an
// orderly way.
func (j *Journal) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.keepAll || os.Getppid() != j.terraform {
		return
	}
	for _, file := range j.reported {
		_ = os.Remove(file)
	}
}

// Entry is one object that is being created.
type Entry struct {
	file    *os.File
	journal *Journal
	// Leftover is the name that an earlier process gave the object when it asked the host to create it; "" if there was none.
	Leftover string
	// Digest is what that process passed to Finish; "" if it did not complete the object.
	Digest string
}

// Begin opens the entry of an object, under any name that is unique to it. No other process can open the entry until
// Done is called or this process ends. If the journal cannot be written, for example in a read-only directory, Begin
// returns no entry and the object is created all the same.
func (j *Journal) Begin(object string) (*Entry, error) {
	if j == nil {
		return nil, nil
	}
	file, err := j.open(object)
	if err != nil {
		return nil, nil
	}
	if err := lock(file); err != nil {
		_ = file.Close()
		if errors.Is(err, ErrBusy) {
			return nil, ErrBusy
		}
		return nil, nil
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	leftover, digest, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return &Entry{file: file, journal: j, Leftover: leftover, Digest: digest}, nil
}

// Leftover returns the Leftover of the entry that Begin would open.
func (j *Journal) Leftover(object string) string {
	if j == nil {
		return ""
	}
	text, err := os.ReadFile(j.path(object))
	if err != nil {
		return ""
	}
	leftover, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return leftover
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

// Finish records that the object is complete; digest, one line, says what was asked for. If it cannot be recorded, the next provider creates
// the object again at worst.
func (e *Entry) Finish(digest string) {
	if e != nil && e.Leftover != "" {
		_ = e.write(e.Leftover + "\n" + digest)
	}
}

// Done records that Terraform is being told. Close decides whether Terraform has stored the answer.
func (e *Entry) Done() {
	if e == nil {
		return
	}
	e.journal.mu.Lock()
	defer e.journal.mu.Unlock()
	e.journal.reported = append(e.journal.reported, e.file.Name())
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

type replacing struct{}

// WithReplacing returns a context in which Replacing calls note.
func WithReplacing(ctx context.Context, note func() error) context.Context {
	return context.WithValue(ctx, replacing{}, note)
}

// Replacing records, right before an update destroys what it replaces, what will take its place. Only then is a killed update not the same as none.
func Replacing(ctx context.Context) error {
	if note, there := ctx.Value(replacing{}).(func() error); there {
		return note()
	}
	return nil
}

// WithEntry returns a context in which Record writes into the entry.
func WithEntry(ctx context.Context, e *Entry) context.Context {
	return context.WithValue(ctx, key{}, e)
}

// Record records the name of an object before the host is asked to create it. The object must not exist yet.
func Record(ctx context.Context, name string) error {
	if e, _ := ctx.Value(key{}).(*Entry); e != nil {
		e.Leftover, e.Digest = name, ""
		return e.write(name)
	}
	return nil
}
