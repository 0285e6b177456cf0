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

// Two images count as the same if they have the same size in bytes and the same samples. The samples are spread evenly over an image and
// include its first and last bytes. Images that were built separately differ in the first samples or in size.
const (
	samples    = 32
	sampleSize = 64 << 10
)

// copyLimit bounds the copy of one volume between two hosts.
const copyLimit = 24 * time.Hour

// sameContent compares a volume with the volume of the same pool and name on another host, including their backing
// images.
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

// sample reads the samples of a volume, followed by its size, and the path of its backing image.
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

// physical returns the size of a volume's file in bytes.
func physical(volume *etree.Element) uint64 {
	text := xmlmodel.At("physical").Text(volume)
	size, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0
	}
	return size
}

// copyVolume copies a volume's file unchanged into a volume on another host.
func copyVolume(ctx context.Context, from *conn.Host, source volume, to *conn.Host, target volume) error {
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
	up := storage.FromBytes(int64(size), reader).Upload(ctx, to, libvirt.StorageVol{Pool: target.pool, Name: target.name})
	_ = reader.CloseWithError(up)
	return errors.Join(<-down, up)
}
