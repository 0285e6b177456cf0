package migration

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// performLimit bounds one migration. After it, a migration that still runs is left to the hosts.
const performLimit = 48 * time.Hour

// transfer is the migration of one running domain.
type transfer struct {
	*Request
	domain  libvirt.Domain // on the old host
	live    string         // the XML of the running domain on the new host
	persist string         // its definition on the new host
	disks   []*disk        // the disks to copy
	thin    bool           // copy only what lies above the backing images
	paused  bool           // leave it paused on the new host
}

func (t *transfer) flags() libvirt.DomainMigrateFlags {
	flags := libvirt.MigrateLive | libvirt.MigratePersistDest | libvirt.MigrateUndefineSource | libvirt.MigrateAbortOnError
	o := t.Options
	for flag, on := range map[libvirt.DomainMigrateFlags]bool{
		libvirt.MigratePaused:        t.paused,
		libvirt.MigrateAutoConverge:  o.AutoConverge,
		libvirt.MigratePostcopy:      o.PostCopy,
		libvirt.MigrateCompressed:    o.Compression == "xbzrle",
		libvirt.MigrateParallel:      o.Connections > 1 || parallelCompression(o.Compression),
		libvirt.MigrateTLS:           o.TLS,
		libvirt.MigrateUnsafe:        o.Storage == StorageShared,
		libvirt.MigrateNonSharedDisk: len(t.disks) > 0 && !t.thin,
		libvirt.MigrateNonSharedInc:  len(t.disks) > 0 && t.thin,
	} {
		if on {
			flags |= flag
		}
	}
	return flags
}

// parallelCompression reports whether a compression method works with parallel connections only, as zlib and zstd do.
func parallelCompression(method string) bool { return method == "zlib" || method == "zstd" }

func (t *transfer) params() []libvirt.TypedParam {
	str := func(name, v string) libvirt.TypedParam {
		return libvirt.TypedParam{Field: name, Value: *libvirt.NewTypedParamValueString(v)}
	}
	params := []libvirt.TypedParam{str(libvirt.MigrateParamDestXML, t.live), str(libvirt.MigrateParamPersistXML, t.persist)}
	o := t.Options
	if address := t.To.Migration.Address; address != "" {
		params = append(params, str(libvirt.MigrateParamURI, "tcp://"+address))
	}
	if o.Bandwidth > 0 {
		params = append(params, libvirt.TypedParam{Field: libvirt.MigrateParamBandwidth,
			Value: *libvirt.NewTypedParamValueUllong(uint64(o.Bandwidth))})
	}
	if o.Compression != "" {
		params = append(params, str(libvirt.MigrateParamCompression, o.Compression))
	}
	if o.Connections > 1 {
		params = append(params, libvirt.TypedParam{Field: libvirt.MigrateParamParallelConnections,
			Value: *libvirt.NewTypedParamValueInt(int32(o.Connections))})
	}
	for _, d := range t.disks {
		params = append(params, str(libvirt.MigrateParamMigrateDisks, d.target))
	}
	return params
}

// perform migrates peer to peer if the old host can reach the new one's libvirt, and managed by this program if it cannot.
func (t *transfer) perform(ctx context.Context) error {
	if o := t.Options.Downtime; o > 0 {
		err := t.From.Do(ctx, func(l *libvirt.Libvirt) error {
			return l.DomainMigrateSetMaxDowntime(t.domain, uint64(o.Milliseconds()), 0)
		})
		if err != nil {
			return err
		}
	}
	peer := t.To.PeerURI()
	if peer == "" {
		return t.managed(ctx)
	}
	err := t.peerToPeer(ctx, peer)
	if conn.IsPeerUnreachable(err) && ctx.Err() == nil {
		logf(t.Request, "%s cannot reach %s at %s; migrating through this machine", t.From.Name, t.To.Name, peer)
		return t.managed(ctx)
	}
	return err
}

// peerToPeer lets the old host control the migration. It continues even if this program ends.
func (t *transfer) peerToPeer(ctx context.Context, peer string) error {
	done := make(chan error, 1)
	go func() {
		done <- t.From.DoOnOwnConnection(ctx, performLimit, func(l *libvirt.Libvirt) error {
			_, err := l.DomainMigratePerform3Params(t.domain, libvirt.OptString{peer}, t.params(), nil, t.flags()|libvirt.MigratePeer2peer)
			return err
		})
	}()
	return t.attend(ctx, done)
}

// managed controls the migration from this program, in the order of libvirt's third migration protocol. Each host
// handles its own side: if this program ends, the new host drops what has arrived, and the old one continues to run
// the domain.
//
// https://gitlab.com/libvirt/libvirt/-/blob/v9.0.0/src/libvirt-domain.c (virDomainMigrateVersion3Full)
func (t *transfer) managed(ctx context.Context) error {
	done := make(chan error, 1)
	go func() {
		done <- t.To.DoOnOwnConnection(ctx, performLimit, func(to *libvirt.Libvirt) error {
			return t.From.DoOnOwnConnection(ctx, performLimit, func(from *libvirt.Libvirt) error { return t.phases(from, to) })
		})
	}()
	return t.attend(ctx, done)
}

// phases runs the phases of the protocol.
func (t *transfer) phases(from, to *libvirt.Libvirt) error {
	flags, params := t.flags(), with(t.params(), libvirt.MigrateParamDestName, t.Name)
	cookie, xml, err := from.DomainMigrateBegin3Params(t.domain, params, uint32(flags|libvirt.MigrateChangeProtection))
	if err != nil {
		return err
	}
	confirmed := flags | libvirt.MigrateChangeProtection
	giveUp := func(reason error) error {
		return errors.Join(reason, from.DomainMigrateConfirm3Params(t.domain, params, nil, uint32(confirmed), 1))
	}
	arriving := with(params, libvirt.MigrateParamDestXML, xml)
	cookie, uri, err := to.DomainMigratePrepare3Params(arriving, cookie, uint32(flags))
	if err != nil {
		return giveUp(fmt.Errorf("on %s: %w", t.To.Name, err))
	}
	if len(uri) > 0 {
		params = with(params, libvirt.MigrateParamURI, uri[0])
		arriving = with(arriving, libvirt.MigrateParamURI, uri[0])
	}
	cookie, performed := from.DomainMigratePerform3Params(t.domain, nil, params, cookie, confirmed)
	_, cookie, finished := to.DomainMigrateFinish3Params(arriving, cookie, uint32(flags), conn.Flag(performed != nil))
	failed := performed
	if failed == nil && finished != nil {
		failed = fmt.Errorf("on %s: %w", t.To.Name, finished)
	}
	return errors.Join(failed, from.DomainMigrateConfirm3Params(t.domain, params, cookie, uint32(confirmed), conn.Flag(failed != nil)))
}

// with returns a copy of the parameters with another value for one of them.
func with(params []libvirt.TypedParam, name, value string) []libvirt.TypedParam {
	out := []libvirt.TypedParam{{Field: name, Value: *libvirt.NewTypedParamValueString(value)}}
	for _, p := range params {
		if p.Field != name {
			out = append(out, p)
		}
	}
	return out
}
