package conn

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/digitalocean/go-libvirt"
)

func TestASurveyAnswersForAllButTheFirst(t *testing.T) {
	host := newHypervisor(t, talks).host(t)
	var listed, looked atomic.Int32
	all := map[string]int{}
	for i := range 3 * bulkReaders {
		all[fmt.Sprint(i)] = i
	}
	s := &BulkReader[int, string]{
		List: func(*libvirt.Libvirt) (map[string]int, error) { listed.Add(1); return all, nil },
		Read: func(_ *libvirt.Libvirt, o int) (string, error) {
			looked.Add(1)
			if o == 7 {
				return "", errors.New("no")
			}
			return fmt.Sprint("saw ", o), nil
		},
	}
	one, many := context.Background(), WithBulkReads(context.Background())
	ahead := func(ctx context.Context, key, want string) {
		t.Helper()
		got, ok := s.Get(ctx, host, key)
		if ok != (want != "") || got != want {
			t.Errorf("%s: got %q, %v, want %q", key, got, ok, want)
		}
	}
	ahead(one, "0", "")
	ahead(one, "1", "")
	ahead(many, "0", "")
	if listed.Load() != 0 {
		t.Error("one object alone began a survey")
	}
	for i := range all {
		if i != "0" && i != "7" {
			ahead(many, i, "saw "+i)
		}
	}
	ahead(many, "1", "")       // it was given once
	ahead(many, "7", "")       // it could not be seen
	ahead(many, "another", "") // it does not exist
	if listed.Load() != 1 || int(looked.Load()) != len(all) {
		t.Errorf("listed %d times, looked %d times", listed.Load(), looked.Load())
	}
}

func TestASurveyThatCannotListLeavesItToEach(t *testing.T) {
	host := newHypervisor(t, talks).host(t)
	s := &BulkReader[int, string]{List: func(*libvirt.Libvirt) (map[string]int, error) { return nil, errors.New("no") }}
	for range 3 {
		if _, ok := s.Get(WithBulkReads(context.Background()), host, "0"); ok {
			t.Error("it was seen")
		}
	}
}
