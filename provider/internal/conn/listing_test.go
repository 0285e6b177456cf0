package conn

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/digitalocean/go-libvirt"
)

func TestAListingIsReadOnceForASeries(t *testing.T) {
	host := newHypervisor(t, talks).host(t)
	var reads atomic.Int32
	s := &Listing[string]{Read: func(*libvirt.Libvirt) (string, error) { reads.Add(1); return "all", nil }}
	if _, ok := s.Get(context.Background(), host); ok {
		t.Error("one object alone got a listing")
	}
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if got, ok := s.Get(WithBulkReads(context.Background()), host); !ok || got != "all" {
				t.Errorf("got %q, %v", got, ok)
			}
		})
	}
	wait.Wait()
	if n := reads.Load(); n != 1 {
		t.Errorf("it was read %d times", n)
	}
	failing := &Listing[string]{Read: func(*libvirt.Libvirt) (string, error) { return "some", errors.New("no") }}
	if _, ok := failing.Get(WithBulkReads(context.Background()), host); ok {
		t.Error("a host that did not answer has a listing")
	}
}

func TestAListingIsNotWaitedForLongerThanTheCallerCan(t *testing.T) {
	host := newHypervisor(t, talks).host(t)
	answer := make(chan struct{})
	s := &Listing[string]{Read: func(*libvirt.Libvirt) (string, error) { <-answer; return "all", nil }}
	ctx := WithBulkReads(context.Background())
	for range 2 {
		if _, ok := s.GetWithin(ctx, host, time.Millisecond); ok {
			t.Error("there is a listing before the host answered")
		}
	}
	close(answer)
	if got, ok := s.Get(ctx, host); !ok || got != "all" {
		t.Errorf("got %q, %v", got, ok)
	}
}
