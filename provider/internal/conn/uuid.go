package conn

import (
	"github.com/digitalocean/go-libvirt"
	"github.com/google/uuid"
)

// SpellUUID writes a UUID as libvirt does.
func SpellUUID(id libvirt.UUID) string { return uuid.UUID(id).String() }
