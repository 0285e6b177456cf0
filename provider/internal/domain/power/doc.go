// Package power changes the run state of a domain: it starts, pauses, saves and stops the guest, and waits until it is ready.
package power
