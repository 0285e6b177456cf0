//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"testing"
)

// greeting is what the guest writes to its serial port when it starts.
const greeting = "K"

// bootSector is a guest of a few instructions. It greets on the serial port, counts there from 0 to 9 and again, one digit with each tick
// of its timer (18 a second), and sleeps in between. It turns itself off when the power button is pressed. It uses the ACPI registers at
// the addresses that SeaBIOS gives them, on both machine types.
//
// https://uefi.org/specs/ACPI/6.5/04_ACPI_Hardware_Specification.html#pm1-event-grouping
var bootSector = sector(
	0xba, 0xf8, 0x03, // mov dx, 0x3f8    the serial port
	0xb0, greeting[0], // mov al, 'K'
	0xee,             // out dx, al
	0xba, 0x02, 0x06, // mov dx, 0x602    PM1 enable
	0xb8, 0x00, 0x01, // mov ax, 0x100    the power button
	0xef,       // out dx, ax
	0x31, 0xdb, // xor bx, bx
	0xfb,             // sti
	0xf4,             // hlt
	0xba, 0xf8, 0x03, // mov dx, 0x3f8
	0x88, 0xd8, // mov al, bl
	0x04, '0', // add al, '0'
	0xee,             // out dx, al
	0x43,             // inc bx
	0x80, 0xfb, 0x0a, // cmp bl, 10
	0x72, 0x02, // jb                over the next
	0x31, 0xdb, // xor bx, bx
	0xba, 0x00, 0x06, // mov dx, 0x600    PM1 status
	0xed,             // in ax, dx
	0xf6, 0xc4, 0x01, // test ah, 1       the power button
	0x74, 0xe5, // jz sti
	0xba, 0x04, 0x06, // mov dx, 0x604    PM1 control
	0xb8, 0x00, 0x20, // mov ax, 0x2000   enter the deepest sleep state
	0xef, // out dx, ax
)

// sector returns a disk image with the code in its boot sector. One sector would be enough, but SeaBIOS reads no disk that small.
func sector(code ...byte) []byte {
	disk := make([]byte, 1<<20)
	copy(disk, code)
	disk[510], disk[511] = 0x55, 0xaa
	return disk
}

// guestDisk writes the boot sector to a host as a raw image.
func (h *labHost) guestDisk(t *testing.T) (onHost string) {
	t.Helper()
	onHost = directory(t) + "/guest.img"
	err := os.MkdirAll(filepath.Dir(h.path(onHost)), 0o755)
	if err == nil {
		err = os.WriteFile(h.path(onHost), bootSector, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return onHost
}

// domainAttrs returns the smallest domain: without a disk it stops where the firmware finds nothing to boot, and does not react to the
// power button.
func domainAttrs(t *testing.T, h *labHost) attrs {
	t.Helper()
	return attrs{"host": h.Name, "name": unique(t), "type": theLab.Accelerator, "vcpu": 1, "memory": 32 << 10, "shutdown": attrs{"timeout": 0}}
}

// guestAttrs returns a domain with the boot sector on its disk.
func guestAttrs(t *testing.T, h *labHost) attrs {
	t.Helper()
	return domainAttrs(t, h).with(attrs{"disks": attrs{"vda": attrs{"file": h.guestDisk(t), "format": "raw"}}, "shutdown": attrs{"timeout": 60}})
}
