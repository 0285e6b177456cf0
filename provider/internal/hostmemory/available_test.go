package hostmemory

import "testing"

// Two nodes of a host with 16 GiB, as Linux 6.1 describes them, shortened.
const (
	node0 = `Node 0 MemTotal:        8388608 kB
Node 0 Active(file):     400000 kB
Node 0 Inactive(file):   600000 kB
Node 0 FilePages:       5000000 kB
Node 0 Shmem:           4000000 kB
Node 0 KReclaimable:     100000 kB
Node 0 HugePages_Total:     0
`
	node1 = `Node 1 MemTotal:        8388608 kB
Node 1 Active(file):          0 kB
Node 1 Inactive(file):    10000 kB
Node 1 FilePages:         10000 kB
Node 1 SReclaimable:      20000 kB
Node 1 KReclaimable:      20000 kB
`
)

func TestSharedMemoryIsNotAvailable(t *testing.T) {
	m := nodeMemory{}
	for _, text := range []string{node0, node1} {
		if err := m.add(text); err != nil {
			t.Fatal(err)
		}
	}
	const reserve = 2 * 8388608 / reserveShare
	const want = 4000000 - reserve + (1010000 - reserve/2) + (120000 - 120000/2)
	if got := m.available(stats{total: 2 * 8388608, free: 4000000, cached: 5010000}); got != want {
		t.Errorf("got %d KiB, want %d", got, want)
	}
	if m.add("Node 0 MemFree: much kB\n") == nil {
		t.Error("it reads what is no number")
	}
}

func TestTheEstimateIsCautious(t *testing.T) {
	s := stats{total: 16 << 20, free: 2 << 20, buffers: 1 << 10, cached: 6 << 20}
	if got, most := s.estimate(), s.free+s.buffers+s.cached; got <= s.least() || got > most-s.cached/2 {
		t.Errorf("got %d KiB of %d to %d", got, s.least(), most)
	}
}
