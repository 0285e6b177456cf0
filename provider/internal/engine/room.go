package engine

import "github.com/kvm-fleet/kvm-fleet/provider/internal/room"

// WithRoom makes the server count the memory that a run brings to each host.
func (s *Server) WithRoom(l *room.Ledger) *Server {
	s.room = l
	return s
}
