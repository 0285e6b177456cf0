package console

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/goldentest"
)

// TestConsoleExchange decodes a file that the command line's tests read too, with every field and no other.
func TestConsoleExchange(t *testing.T) {
	goldentest.Exchange(t, "testdata/request.json", &Request{})
}

func TestLeaveKey(t *testing.T) {
	for _, c := range []struct {
		typed    string
		terminal bool
		sent     string
		left     bool
	}{
		{"ls\r", true, "ls\r", false},
		{"ls\r\x1dpwd\r", true, "ls\r", true},
		{"\x1d", true, "", true},
		{"\x03\x04", true, "\x03\x04", false}, // they are the guest's
		{"a\x1db", false, "a\x1db", false},
	} {
		ctx, leave := context.WithCancel(context.Background())
		input := &keys{from: strings.NewReader(c.typed), terminal: c.terminal, leave: leave, left: ctx.Done()}
		p := make([]byte, 100)
		n, err := input.Read(p)
		if string(p[:n]) != c.sent || (ctx.Err() != nil) != c.left || errors.Is(err, io.EOF) != c.left {
			t.Errorf("%q: sent %q, left: %t, %v; want %q, left: %t", c.typed, p[:n], ctx.Err() != nil, err, c.sent, c.left)
		}
		leave()
	}
}

func TestInputThatEndsLeavesTheConsoleOpen(t *testing.T) {
	ctx, leave := context.WithCancel(context.Background())
	input := &keys{from: strings.NewReader(""), leave: leave, left: ctx.Done()}
	ended := make(chan error)
	go func() {
		_, err := input.Read(make([]byte, 1))
		ended <- err
	}()
	select {
	case <-ended:
		t.Fatal("the input ended, and libvirt would close the console")
	default:
	}
	leave()
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the end of the input", err)
	}
}

func TestExplain(t *testing.T) {
	request := Request{Name: "shop/web", Host: "alpha"}
	for message, advice := range map[string]string{
		"operation failed: Active console session exists for this domain": "--force",
		"internal error: cannot find default console device":              "declare one",
	} {
		err := request.explain(libvirt.Error{Code: 1, Message: message}).Error()
		for _, part := range []string{"unable to use the console of shop/web on alpha", advice, message} {
			if !strings.Contains(err, part) {
				t.Errorf("got %q, which lacks %q", err, part)
			}
		}
	}
}
