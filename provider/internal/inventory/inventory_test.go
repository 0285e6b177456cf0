package inventory

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestAHostThatCannotBeAskedIsPartOfTheReport(t *testing.T) {
	const in = `{"hosts": {"beta": {"uri": "qemu:///system?socket=/nonexistent/sock"}, "alpha": {"uri": "xen:///system"}}}`
	var out bytes.Buffer
	if err := Run(t.Context(), strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var got any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	const want = `{"hosts":[` +
		`{"domains":[],"error":"must use the QEMU driver, got \"xen:///system\"; use qemu:///system, qemu+unix:///system?socket=/path/to/libvirt-sock, qemu+ssh://[user@]host[:port]/system, qemu+tls://host[:port]/system or qemu+tcp://host[:port]/system; for a user's own libvirt, qemu:///session or qemu+ssh://[user@]host[:port]/session","name":"alpha","networks":[],"pools":[],"uri":"xen:///system"},` +
		`{"domains":[],"error":"on beta (qemu:///system?socket=/nonexistent/sock): dial unix /nonexistent/sock: connect: no such file or directory","name":"beta","networks":[],"pools":[],"uri":"qemu:///system?socket=/nonexistent/sock"}]}`
	if text, err := json.Marshal(got); err != nil || string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestBadInput(t *testing.T) {
	const want = `inventory: expected {"hosts": {"NAME": {"uri": "..."}}} on standard input: unexpected EOF`
	if err := Run(t.Context(), strings.NewReader("{"), &bytes.Buffer{}); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
