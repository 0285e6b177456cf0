// Package exchange reads the JSON that the command line sends to the provider.
package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Hosts are the hosts of a request, by name.
type Hosts map[string]Host

// HostsRequest names the hosts to ask.
type HostsRequest struct {
	Hosts Hosts `json:"hosts"`
}

// Answers are the answers of all hosts, in the order of their names.
type Answers[Answer any] struct {
	Hosts []Answer `json:"hosts"`
}

// Host is one host of a request.
type Host struct {
	URI string `json:"uri"`
}

// Fleet returns the fleet of the hosts. It opens no connection.
func (h Hosts) Fleet() (*conn.Fleet, error) {
	uris := make(map[string]*conn.URI, len(h))
	for name, host := range h {
		uri, err := conn.ParseURI(host.URI)
		if err != nil {
			return nil, fmt.Errorf("host %q: %w", name, err)
		}
		uris[name] = &uri
	}
	return conn.NewFleet(uris), nil
}

// Ask connects to the host, calls the function, and closes the connection.
func (h Host) Ask(ctx context.Context, name string, ask func(*libvirt.Libvirt) error) error {
	uri, err := conn.ParseURI(h.URI)
	if err != nil {
		return err
	}
	host := conn.NewHost(name, uri)
	defer host.Close()
	return host.Do(ctx, ask)
}

// AskAll asks all hosts at once, and returns their answers in the order of their names.
func AskAll[Answer any](ctx context.Context, hosts Hosts, ask func(ctx context.Context, name string, host Host) Answer) []Answer {
	answers := make([]Answer, len(hosts))
	var wait sync.WaitGroup
	for i, name := range slices.Sorted(maps.Keys(hosts)) {
		wait.Go(func() { answers[i] = ask(ctx, name, hosts[name]) })
	}
	wait.Wait()
	return answers
}

// ReadHosts reads the HostsRequest of a command.
func ReadHosts(command string, in io.Reader) (Hosts, error) {
	var req HostsRequest
	if err := Decode(in, &req); err != nil {
		return nil, fmt.Errorf(`%s: expected {"hosts": {"NAME": {"uri": "..."}}} on standard input: %w`, command, err)
	}
	return req.Hosts, nil
}

// FindDomain looks a domain up that the command line names.
func FindDomain(ctx context.Context, host *conn.Host, name string) (d libvirt.Domain, err error) {
	err = host.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		d, err = l.DomainLookupByName(name)
		return err
	})
	if conn.IsNotFound(err) {
		return d, fmt.Errorf("%s has no domain %q; deploy it first, or look for it with 'kvm-fleet status'", host.Name, name)
	}
	return d, err
}

// Encode writes a report as JSON.
func Encode(out io.Writer, report any) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(report)
}

// Decode reads one JSON value into v, a pointer to a struct. It refuses unknown fields, missing fields and text after the value, so that a
// field that only one side knows is an error instead of a zero value.
func Decode(in io.Reader, v any) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("unexpected text after the value")
	}
	var raw any
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	return checkFields(raw, reflect.TypeOf(v).Elem(), "")
}

// checkFields returns an error if a value lacks a field of its type.
func checkFields(value any, t reflect.Type, at string) error {
	switch t.Kind() {
	case reflect.Struct:
		fields, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("%s must be an object", name(at))
		}
		for i := range t.NumField() {
			key, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			path := strings.TrimPrefix(at+"."+key, ".")
			inner, there := fields[key]
			if !there {
				return fmt.Errorf("missing field %q", path)
			}
			if err := checkFields(inner, t.Field(i).Type, path); err != nil {
				return err
			}
		}
	case reflect.Slice:
		items, ok := value.([]any)
		if !ok && value != nil { // Go writes a nil slice as null
			return fmt.Errorf("%s must be a list", name(at))
		}
		for i, item := range items {
			if err := checkFields(item, t.Elem(), fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		entries, ok := value.(map[string]any)
		if !ok {
			return fmt.Errorf("%s must be an object", name(at))
		}
		for key, entry := range entries {
			if err := checkFields(entry, t.Elem(), fmt.Sprintf("%s[%q]", at, key)); err != nil {
				return err
			}
		}
	}
	return nil
}

// name returns the path of a value for messages.
func name(at string) string {
	if at == "" {
		return "the value"
	}
	return fmt.Sprintf("%q", at)
}
