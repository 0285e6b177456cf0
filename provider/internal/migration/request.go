// Package migration brings a domain from one host to another: running and without interruption, paused, saved or off. Whatever fails, the
// domain is on one host, with one definition, and asking again goes on from there.
package migration

import (
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// Request says what is to go where.
type Request struct {
	Name     string
	UUID     libvirt.UUID
	From, To *conn.Host
	Options  Options
	// TargetPools are the pools for the copies of the disks, by target; a disk that is not in it goes to the pool of the same name.
	TargetPools map[string]string
	// Adapt changes what else is to be otherwise on the new host, in the XML of a domain: the networks of its interfaces.
	Adapt func(domain *etree.Element)
}

// Options are how a running domain moves. The zero value is libvirt's own way.
type Options struct {
	Bandwidth    int64         // MiB/s, of memory and of each disk; 0 is no limit
	Downtime     time.Duration // how long the guest may be paused at the end; 0 is QEMU's own choice
	AutoConverge bool          // slow the guest down where it changes memory faster than that can be sent
	PostCopy     bool          // allow the guest to go on at its destination before all its memory is there
	Compression  string        // "", "xbzrle", "zlib", "zstd"
	Connections  int64         // over which memory is sent; 0 is one
	TLS          bool
	Timeout      time.Duration // 0 is none
	OnTimeout    string        // OnTimeoutAbort and so on
	Storage      string        // StorageAuto and so on
}

// What is done with a guest that has not arrived in time.
const (
	OnTimeoutAbort   = "abort"   // it stays where it is
	OnTimeoutSuspend = "suspend" // it pauses until it has arrived
	OnTimeoutForce   = "force"   // it goes over at once: by post-copy where that is allowed, otherwise however long it pauses for it
)

// How it is known whether the hosts share the storage of a disk.
const (
	StorageAuto   = "auto"   // from the pools that the disks are in
	StorageShared = "shared" // they do, whatever the pools look like
	StorageCopy   = "copy"   // they don't
)
