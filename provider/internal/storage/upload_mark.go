package storage

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// A volume has a mark at its beginning while it is uploaded, so that it is not mistaken for a complete image. A marked volume is not deleted,
// since its upload may still run. The token in the mark identifies the upload.
const (
	markBegin = "kvm-fleet: the upload of this volume was not finished. "
	markSize  = 512
)

func mark(token string) string { return markBegin + token + "\n" }

// markOf returns the token of a volume's mark; "" if it has none.
func markOf(l *libvirt.Libvirt, vol libvirt.StorageVol) (token string, err error) {
	var head bytes.Buffer
	if err := l.StorageVolDownload(vol, &head, 0, markSize, 0); err != nil {
		return "", err
	}
	rest, marked := strings.CutPrefix(head.String(), markBegin)
	if !marked {
		return "", nil
	}
	token, _, _ = strings.Cut(rest, "\n")
	return token, nil
}

var errTaken = errors.New("another upload has replaced the volume meanwhile; use the volume name in one configuration only")

var errUnsure = errors.New("it is unknown whether the volume is complete")

// checkMark returns an error if the volume no longer has this upload's mark: another upload created it again.
func (i *Image) checkMark(ctx context.Context, host *conn.Host, vol libvirt.StorageVol) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		token, err := markOf(l, vol)
		if err == nil && token != i.token {
			err = errTaken
		}
		return err
	})
}

// Discard deletes a volume whose upload failed. gone is true if the volume is deleted. If the mark has disappeared,
// another upload has finished in its place. But once the upload of the head has begun, it is unknown whether the
// volume is complete: it is then kept and created again.
func (i *Image) Discard(ctx context.Context, host *conn.Host, vol libvirt.StorageVol) (gone bool) {
	err := host.Do(context.WithoutCancel(ctx), func(l *libvirt.Libvirt) error {
		token, err := "", error(nil)
		if i.marks() {
			token, err = markOf(l, vol)
		}
		if err != nil {
			return err
		}
		switch {
		case token == i.token || token == "" && !i.marked:
			return l.StorageVolDelete(vol, libvirt.StorageVolDeleteNormal)
		case token == "" && i.headed:
			return errUnsure
		default:
			return errTaken
		}
	})
	return err == nil || errors.Is(err, errTaken) || errors.Is(err, conn.ErrNotFound)
}
