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
	// agentTimeout is how long the agent may take to answer. An emulated guest with one CPU needs a second to read a probe.
	agentTimeout = 30 * time.Second
	// minPoll and maxPoll are the intervals at which the state of a program in a guest is read: the agent has no event for its end.
	minPoll = 20 * time.Millisecond
	maxPoll = 250 * time.Millisecond
)

// call sends a command to the agent and decodes its answer.
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
	err = a.host.DoWithin(ctx, agentTimeout+conn.CallTimeout, func(l *libvirt.Libvirt) (err error) {
		said, err = l.QEMUDomainAgentCommand(a.domain, string(text), int32(agentTimeout/time.Second), 0)
		return err
	})
	if err != nil {
		return err
	}
	if len(said) != 1 {
		return fmt.Errorf("the guest agent sent no answer to %s", command)
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

// exitError is the failure of a program in the guest. The agent itself works.
type exitError struct {
	code int
	said string
}

func (e *exitError) Error() string {
	if e.said == "" {
		return fmt.Sprintf("the program in the guest exited with code %d and no message", e.code)
	}
	return "the program in the guest failed: " + e.said
}

// run runs a program in the guest and returns its output.
func (a agent) run(ctx context.Context, limit time.Duration, input []byte, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	begin := map[string]any{"path": program, "arg": args, "capture-output": true}
	if input != nil {
		begin["input-data"] = input // encoded as base64
	}
	var begun struct {
		PID int `json:"pid"`
	}
	if err := a.call(ctx, "guest-exec", begin, &begun); err != nil {
		return "", err
	}
	for look := minPoll; ; look = min(2*look, maxPoll) {
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

// maxWrite is how much of a file one message contains: of a message of 350 kB, libvirt 9.0 and a guest's virtio
// console lose the end, and the agent waits for it forever.
const maxWrite = 64 << 10

// write writes a file in the guest.
func (a agent) write(ctx context.Context, path string, content []byte) error {
	var handle int
	if err := a.call(ctx, "guest-file-open", map[string]any{"path": path, "mode": "w"}, &handle); err != nil {
		return err
	}
	for part := range slices.Chunk(content, maxWrite) {
		var wrote struct {
			Count int `json:"count"`
		}
		if err := a.call(ctx, "guest-file-write", map[string]any{"handle": handle, "buf-b64": part}, &wrote); err != nil {
			return err
		}
		if wrote.Count != len(part) {
			return fmt.Errorf("the guest wrote %d of %d bytes of %s; is its disk full?", wrote.Count, len(part), path)
		}
	}
	return a.call(ctx, "guest-file-close", map[string]any{"handle": handle}, nil)
}

// system is the operating system of the guest.
type system struct {
	ID      string `json:"id"`
	Machine string `json:"machine"`
}

func (a agent) system(ctx context.Context) (s system, err error) {
	err = a.call(ctx, "guest-get-osinfo", nil, &s)
	return s, err
}

// forbidden reports that the agent's configuration blocks the command (qemu-ga 7.2: "has been disabled"), or that the
// agent is too old for it.
func forbidden(err error) bool {
	return conn.IsAgentCommandUnavailable(err)
}
