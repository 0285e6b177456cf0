//go:build linux

package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/probing/frame"
)

// link is an interface of the guest that is a device: what comes in on it appears again on the bridges and bonds above it, which are not
// links.
type link struct {
	index int
	mac   frame.MAC
}

type links []link

const interfaces = "/sys/class/net"

func readLinks() (all links, err error) {
	entries, err := os.ReadDir(interfaces)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		at := interfaces + "/" + e.Name()
		if _, err := os.Stat(at + "/device"); err != nil {
			continue
		}
		mac, ok := parseMAC(read(at + "/address"))
		index, err := strconv.Atoi(read(at + "/ifindex"))
		if ok && err == nil {
			all = append(all, link{index, mac})
		}
	}
	return all, nil
}

func (all links) of(mac frame.MAC) (link, bool) {
	for _, l := range all {
		if l.mac == mac {
			return l, true
		}
	}
	return link{}, false
}

func read(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func parseMAC(text string) (m frame.MAC, ok bool) {
	parts := strings.Split(text, ":")
	if len(parts) != len(m) {
		return m, false
	}
	for i, p := range parts {
		b, err := strconv.ParseUint(p, 16, 8)
		if err != nil {
			return m, false
		}
		m[i] = byte(b)
	}
	return m, true
}

func spellMAC(m frame.MAC) string {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for i, c := range m {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}
