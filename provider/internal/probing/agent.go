package probing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// agent is the guest agent of a domain.
// https://www.qemu.org/docs/master/interop/qemu-ga-ref.html
type agent struct {
	host   *conn.Host
	domain libvirt.Domain
}

const (
	// agentPatience is how long the agent may take to answer. Emulated, a guest with one processor takes a second to read a probe.
	agentPatience = 30 * time.Second
	// firstLook and lastLook are how often a program in a guest is looked at: the agent does not tell when it ends.
	firstLook = 20 * time.Millisecond
	lastLook  = 250 * time.Millisecond
)

// call has the agent carry out a command.
func (a agent) call(ctx context.Context, command string, arguments, answer any) error {
	question := map[string]any{"execute": command}
	if arguments != nil {
		question["arguments"] = arguments
	}
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	var said libvirt.OptString
	err = a.host.DoWithin(ctx, agentPatience+conn.CallTimeout, func(l *libvirt.Libvirt) (err error) {
		said, err = l.QEMUDomainAgentCommand(a.domain, string(text), int32(agentPatience/time.Second), 0)
		return err
	})
	if err != nil {
		return err
	}
	if len(said) != 1 {
		return fmt.Errorf("the guest agent said nothing to %s", command)
	}
	var wrapped struct {
		Return json.RawMessage `json:"return"`
	}
	if err := json.Unmarshal([]byte(said[0]), &wrapped); err != nil {
		return fmt.Errorf("unable to read the guest agent's answer to %s: %w", command, err)
	}
	if answer == nil {
		return nil
	}
	if err := json.Unmarshal(wrapped.Return, answer); err != nil {
		return fmt.Errorf("unable to read the guest agent's answer to %s: %w", command, err)
	}
	return nil
}

// exitError is what a program in the guest said when it failed: the agent itself is well.
type exitError struct {
	code int
	said string
}

func (e *exitError) Error() string {
	if e.said == "" {
		return fmt.Sprintf("the program in the guest ended with %d, and said nothing", e.code)
	}
	return "the guest says: " + e.said
}

// run runs a program in the guest and returns what it wrote.
func (a agent) run(ctx context.Context, limit time.Duration, input []byte, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	begin := map[string]any{"path": program, "arg": args, "capture-output": true}
	if input != nil {
		begin["input-data"] = input // base64, as JSON has it
	}
	var begun struct {
		PID int `json:"pid"`
	}
	if err := a.call(ctx, "guest-exec", begin, &begun); err != nil {
		return "", err
	}
	for look := firstLook; ; look = min(2*look, lastLook) {
		var state struct {
			Exited   bool   `json:"exited"`
			ExitCode int    `json:"exitcode"`
			Signal   int    `json:"signal"`
			Out      []byte `json:"out-data"`
			Err      []byte `json:"err-data"`
		}
		if err := a.call(ctx, "guest-exec-status", map[string]any{"pid": begun.PID}, &state); err != nil {
			return "", err
		}
		switch {
		case state.Signal != 0:
			return "", &exitError{state.Signal, fmt.Sprintf("%s was ended by signal %d", program, state.Signal)}
		case state.Exited && state.ExitCode != 0:
			return "", &exitError{state.ExitCode, strings.TrimSpace(string(state.Err))}
		case state.Exited:
			return string(state.Out), nil
		}
		select {
		case <-time.After(look):
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return "", fmt.Errorf("%s did not end in the guest within %s", program, limit)
			}
			return "", ctx.Err()
		}
	}
}

// largestWrite is how much of a file goes into one message: of one of 350 kB, libvirt 9.0 and a guest's virtio console lose the end, and the
// agent waits for it for ever.
const largestWrite = 64 << 10

// write writes a file in the guest.
func (a agent) write(ctx context.Context, path string, content []byte) error {
	var handle int
	if err := a.call(ctx, "guest-file-open", map[string]any{"path": path, "mode": "w"}, &handle); err != nil {
		return err
	}
	for part := range slices.Chunk(content, largestWrite) {
		var wrote struct {
			Count int `json:"count"`
		}
		if err := a.call(ctx, "guest-file-write", map[string]any{"handle": handle, "buf-b64": part}, &wrote); err != nil {
			return err
		}
		if wrote.Count != len(part) {
			return fmt.Errorf("the guest took %d of %d bytes of %s; is its disk full?", wrote.Count, len(part), path)
		}
	}
	return a.call(ctx, "guest-file-close", map[string]any{"handle": handle}, nil)
}

// system is what runs in the guest.
type system struct {
	ID      string `json:"id"`
	Machine string `json:"machine"`
}

func (a agent) system(ctx context.Context) (s system, err error) {
	err = a.call(ctx, "guest-get-osinfo", nil, &s)
	return s, err
}

// forbidden says whether the agent was told not to do that (qemu-ga 7.2: "has been disabled"), or is too old to know it.
func forbidden(err error) bool {
	var remote libvirt.Error
	return errors.As(err, &remote) && (strings.Contains(remote.Message, "has been disabled") || strings.Contains(remote.Message, "has not been found"))
}
