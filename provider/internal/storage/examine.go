package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/download"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/table"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/unpack"
)

const (
	// wholeLimit is the size up to which a plan reads a local file to its end to compute its digest, and up to which it unpacks one. That takes
	// about a second, or some seconds for content that is packed.
	wholeLimit = 256 << 20
	// probeSize is how much of the content a plan reads. It covers the header of an image, and the label of an ISO image.
	probeSize = 64 << 10
	// examinedMaxAge is the age at which a source is looked at again: many volumes of one plan may have the same.
	examinedMaxAge = 30 * time.Second
)

// examined is what a plan knows of a source.
type examined struct {
	sample
	name    string
	digests *digests // nil if they were not computed
	err     error
}

// examinedSource is a source that is looked at by one caller at a time.
type examinedSource struct {
	mu    sync.Mutex
	at    time.Time
	whole bool
	examined
}

// sourceKey identifies a source, and how it may be read.
type sourceKey struct {
	location string
	verified bool
}

var sources sync.Map // of *examinedSource, by sourceKey

// Examine checks what a plan can know of a volume's source: whether it can be read, its format, its size and its digest. What may be otherwise
// during the apply, such as a server that does not answer, is a warning.
func Examine(ctx context.Context, plan table.Model) ([]table.Problem, []string) {
	location, format, want := plan.Str("source"), plan.Str("format"), plan.Str("source_sha256")
	if location == "" || format == "" {
		return nil, nil
	}
	problems := table.NewProblems()
	key := sourceKey{location, plan["source_sha256"] != nil}
	kept, _ := sources.LoadOrStore(key, &examinedSource{})
	is := kept.(*examinedSource).look(ctx, key, want != "")
	if is.err != nil {
		var damaged unpack.Error
		if download.IsURL(location) && !download.IsFinal(is.err) && !errors.As(is.err, &damaged) {
			return nil, []string{fmt.Sprintf("The source of volume %q cannot be reached now\n%s. If it cannot be reached during the apply "+
				"either, the apply fails, and nothing is lost.", plan.Str("name"), is.err)}
		}
		problems.Add("source", "%s", is.err)
		return problems.List(), nil
	}
	capacity, err := is.check(is.name, format)
	switch {
	case len(is.head) == 0:
		problems.Must("source", "have content, and %s is empty; download it again, or remove 'source'", is.name)
	case err != nil:
		problems.Add("source", "%s", err)
	case want != "" && is.digests != nil && is.digests.mismatch(want, displayName(location)) != "":
		problems.Add("source_sha256", "%s", is.digests.mismatch(want, displayName(location)))
	default:
		if err := CheckCapacity(plan, capacity, "the capacity of the image,"); err != nil {
			problems.Add("capacity", "%s", err)
		}
	}
	return problems.List(), nil
}

// CheckCapacity returns an error if the planned capacity is smaller than the content.
func CheckCapacity(plan table.Model, least int64, whose string) error {
	if is, known := plan["capacity"].(int64); known && is < least {
		return fmt.Errorf("'capacity' must be at least %s %d bytes, got %d; raise it, or remove it", whose, least, is)
	}
	return nil
}

func (s *examinedSource) look(ctx context.Context, key sourceKey, whole bool) examined {
	s.mu.Lock()
	defer s.mu.Unlock()
	whole = whole && !download.IsURL(key.location)
	if s.at.IsZero() || time.Since(s.at) > examinedMaxAge || whole && !s.whole {
		s.examined = examine(ctx, key, whole)
		s.at, s.whole = time.Now(), whole
	}
	return s.examined
}

// examine reads the beginning of a source, and the whole source if it is asked to and the source is not too large.
func examine(ctx context.Context, key sourceKey, whole bool) (is examined) {
	from, err := openSource(ctx, key.location, key.verified, download.Probe)
	if err != nil {
		return examined{err: err}
	}
	defer func() { _ = from.close() }()
	is.name, is.size = from.name(), from.Size
	if is.head, err = io.ReadAll(io.LimitReader(from, probeSize)); err != nil {
		return examined{err: from.explain(err)}
	}
	if len(from.Packing) == 0 {
		is.tail, _ = from.tail() // a server may be unable to send it
	}
	most := int64(0)
	if whole && from.storedSize <= wholeLimit {
		most = wholeLimit
	}
	rest, err := io.CopyN(io.Discard, from, most+1)
	switch {
	case err == nil: // there is more
	case !errors.Is(err, io.EOF):
		return examined{err: from.explain(err)}
	default:
		is.size = int64(len(is.head)) + rest
		sums, err := from.finish()
		if err != nil {
			return examined{err: err}
		}
		is.digests = &sums
	}
	return is
}
