// Package observe reads what a host reports about a domain: its definition compared with what runs, what drifted, which devices are not
// declared, and its addresses.
package observe
