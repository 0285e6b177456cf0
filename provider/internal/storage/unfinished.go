package storage

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
)

// A volume bears a mark at its beginning while it is uploaded, so that nobody takes it for what it is to be. Nobody takes it away either: it may
// be under way. Where its upload was killed, the next apply knows that it was its own.
const (
	markBegin = "kvm-fleet: the upload of this volume was not finished. "
	markSize  = 512
)

func mark(token string) string { return markBegin + token + "\n" }

// markOf is the token of a volume's mark, "" where it has none.
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

var errTaken = errors.New("another upload has taken the volume's place meanwhile; let only one configuration have a volume of that name")

var errUnsure = errors.New("nobody can tell whether the volume is whole")

// stillOurs asserts that nobody has taken the volume for one that was given up, and made it anew.
func (i *Image) stillOurs(ctx context.Context, host *conn.Host, vol libvirt.StorageVol) error {
	return host.Do(ctx, func(l *libvirt.Libvirt) error {
		token, err := markOf(l, vol)
		if err == nil && token != i.token {
			err = errTaken
		}
		return err
	})
}

// Discard deletes a volume that was made for the image, and into which it was not brought. It says whether that is gone. Where the mark that was
// there is not any more, another upload has finished in its place; but once the head was on its way, nobody can tell whether the volume is whole, and
// it stays to be made again.
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
