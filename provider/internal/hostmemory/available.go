package hostmemory

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/digitalocean/go-libvirt"

	"github.com/kvm-fleet/kvm-fleet/provider/internal/conn"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/hostinfo"
	"github.com/kvm-fleet/kvm-fleet/provider/internal/storage"
)

// reserveShare is the part of a host's memory that the kernel keeps for itself: its watermarks, and what each zone keeps from allocations
// for others. On a host of 23.5 GiB it was 0.6 % (Linux 6.1).
const reserveShare = 128

// least returns what is certainly available: page cache and slabs may not be.
func (s stats) least() int64 { return max(0, s.free-s.total/reserveShare) }

// estimate returns what is available if nothing but libvirt's numbers is known. 'cached' contains the memory of tmpfs and of shared mappings,
// which the kernel cannot drop, so half of it counts.
func (s stats) estimate() int64 { return s.least() + (s.buffers+s.cached)/2 }

// available returns the memory that the kernel calls available. libvirt (9.0 to 11) does not report it: it reports neither what of the page
// cache belongs to shared memory, nor what of the kernel's own memory can be reclaimed. Both stand in a file of sysfs for each NUMA node, which
// libvirt reads like a file in a storage pool. A host that cannot read them has the estimate. The files are read on a connection of their own: on
// a host that is busy this takes a while, and other calls need not wait.
func available(ctx context.Context, host *conn.Host, s stats, cells []hostinfo.CellPages) int64 {
	sum := nodeMemory{}
	err := host.DoOnOwnConnection(ctx, conn.CallTimeout, func(l *libvirt.Libvirt) error {
		for _, cell := range cells {
			if err := sum.read(host, l, cell.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || len(sum) == 0 {
		return s.estimate()
	}
	return sum.available(s)
}

// read adds the memory of a node.
func (m nodeMemory) read(host *conn.Host, l *libvirt.Libvirt, node int) error {
	return storage.InDirectory(host, l, fmt.Sprintf("/sys/devices/system/node/node%d", node), func(pool libvirt.StoragePool) error {
		vol, err := storage.FileIn(l, pool, "meminfo")
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := l.StorageVolDownload(vol, &text, 0, 0, 0); err != nil {
			return err
		}
		return m.add(text.String())
	})
}

// nodeMemory are the fields of meminfo of all NUMA nodes together, in KiB.
type nodeMemory map[string]int64

func (m nodeMemory) add(text string) error {
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		fields := strings.Fields(lines.Text()) // Node 0 MemFree: 1024 kB
		if len(fields) < 4 || fields[0] != "Node" {
			continue
		}
		n, err := strconv.ParseInt(fields[3], 10, 64)
		if err != nil {
			return fmt.Errorf("unable to read %q in meminfo: %w", lines.Text(), err)
		}
		m[strings.TrimSuffix(fields[2], ":")] += n
	}
	return lines.Err()
}

// available computes what the kernel calls MemAvailable: half of the page cache and of the reclaimable memory stays, as far as it is less than
// the low watermark. The free memory is that of the whole host: in a virtual host with a balloon, the nodes have less (Linux 6.18).
// https://github.com/torvalds/linux/blob/v6.1/mm/page_alloc.c (si_mem_available)
func (m nodeMemory) available(s stats) int64 {
	reserve := s.total / reserveShare
	kept := func(n int64) int64 { return n - min(n/2, reserve/2) }
	reclaimable := m["KReclaimable"]
	if reclaimable == 0 {
		reclaimable = m["SReclaimable"] // before Linux 4.20
	}
	return max(0, s.free-reserve+kept(m["Active(file)"]+m["Inactive(file)"])+kept(reclaimable))
}
