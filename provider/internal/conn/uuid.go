package conn

import (
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"
)

// FormatUUID returns a UUID in libvirt's spelling.
func FormatUUID(id libvirt.UUID) string { return uuid.UUID(id).String() }
