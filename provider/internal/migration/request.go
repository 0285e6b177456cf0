// Package migration moves a domain from one host to another: running without interruption, paused, saved or off. If a step fails, the
// domain is on one host with one definition, and another attempt continues from there.
package migration

import (
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Request says which domain moves from which host to which.
type Request struct {
	Name     string
	UUID     libvirt.UUID
	From, To *conn.Host
	Options  Options
	// TargetPools are the pools for the copies of the disks, by target. A disk without an entry goes to the pool of the same name.
	TargetPools map[string]string
	// Adapt changes the XML of the domain for the new host: for example the networks of its interfaces.
	Adapt func(domain *etree.Element)
}

// Options say how a running domain moves. The zero value uses libvirt's defaults.
type Options struct {
	Bandwidth    int64         // MiB/s, for memory and for each disk; 0 is no limit
	Downtime     time.Duration // how long the guest may be paused at the end; 0 is QEMU's default
	AutoConverge bool          // slow the guest down if it changes memory faster than it can be sent
	PostCopy     bool          // allow the guest to continue on the new host before all its memory has arrived
	Compression  string        // "", "xbzrle", "zlib", "zstd"
	Connections  int64         // parallel connections for the memory; 0 is one
	TLS          bool
	Timeout      time.Duration // 0 is none
	OnTimeout    string        // OnTimeoutAbort and so on
	Storage      string        // StorageAuto and so on
}

// What happens to a guest that has not arrived in time.
const (
	OnTimeoutAbort   = "abort"   // it stays on the old host
	OnTimeoutSuspend = "suspend" // it pauses until it has arrived
	OnTimeoutForce   = "force"   // it switches over at once: by post-copy if that is allowed, otherwise with a pause as long as necessary
)

// How to determine whether the hosts share the storage of a disk.
const (
	StorageAuto   = "auto"   // from the pools that the disks are in
	StorageShared = "shared" // they share it, regardless of the pools
	StorageCopy   = "copy"   // they do not
)
