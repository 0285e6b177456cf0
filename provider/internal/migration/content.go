package migration

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/beevik/etree"
	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/xmlmodel"
)

// Two images are taken for the same where their sizes agree to the byte, and so do samples spread evenly over them, the first and the last
// bytes among them. Images that were built apart differ in the first samples or in size.
const (
	samples    = 32
	sampleSize = 64 << 10
)

// copyLimit bounds the copying of one volume between two hosts.
const copyLimit = 24 * time.Hour

// sameContent compares a volume with that of the same pool and name on another host. The images that it stands on are compared too.
func sameContent(ctx context.Context, a, b *conn.Host, v volume) (bool, error) {
	one, backingOne, err := sample(ctx, a, v)
	if err != nil {
		return false, err
	}
	other, backingOther, err := sample(ctx, b, v)
	if err != nil || backingOne != backingOther || !bytes.Equal(one, other) {
		return false, err
	}
	if backingOne == "" {
		return true, nil
	}
	var below libvirt.StorageVol
	err = a.Do(ctx, func(l *libvirt.Libvirt) (err error) {
		below, err = l.StorageVolLookupByPath(backingOne)
		return err
	})
	if err != nil {
		return false, err
	}
	return sameContent(ctx, a, b, volume{below.Pool, below.Name})
}

func sample(ctx context.Context, host *conn.Host, v volume) (content []byte, backing string, err error) {
	var out bytes.Buffer
	err = host.Stream(ctx, conn.CallTimeout, func(l *libvirt.Libvirt) error {
		root, err := describeVolume(l, v)
		if err != nil {
			return err
		}
		backing = xmlmodel.At("backingStore/path").Text(root)
		size := physical(root)
		vol, err := find(l, v)
		if err != nil {
			return err
		}
		length := min(sampleSize, size)
		for i := range uint64(samples) {
			if err := l.StorageVolDownload(vol, &out, (size-length)/(samples-1)*i, length, 0); err != nil {
				return err
			}
		}
		return binary.Write(&out, binary.BigEndian, size)
	})
	return out.Bytes(), backing, err
}

// physical is how many bytes a volume's file has.
func physical(volume *etree.Element) uint64 {
	text := xmlmodel.At("physical").Text(volume)
	size, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return size
}

// carry copies a volume's file as it is into a volume on another host.
func carry(ctx context.Context, from *conn.Host, source volume, to *conn.Host, target volume) error {
	var size uint64
	err := from.Do(ctx, func(l *libvirt.Libvirt) error {
		root, err := describeVolume(l, source)
		if err == nil {
			size = physical(root)
		}
		return err
	})
	if err != nil {
		return err
	}
	reader, writer := io.Pipe()
	down := make(chan error, 1)
	go func() {
		err := from.Stream(ctx, copyLimit, func(l *libvirt.Libvirt) error {
			vol, err := find(l, source)
			if err != nil {
				return err
			}
			return l.StorageVolDownload(vol, writer, 0, 0, 0)
		})
		_ = writer.CloseWithError(err)
		down <- err
	}()
	up := storage.FromBytes(int64(size), reader).Upload(ctx, to, libvirt.StorageVol{Pool: target.pool, Name: target.name}, "")
	_ = reader.CloseWithError(up)
	return errors.Join(<-down, up)
}
