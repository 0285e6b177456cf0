//go:build acceptance

package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tallySector is a guest that greets on the serial port and then counts in its memory, about four times a second. It writes each number as
// a line of four letters, where A is 0. It turns itself off when the power button is pressed, as bootSector does.
var tallySector = sector(
	0x31, 0xc0, // xor ax, ax
	0x8e, 0xd8, // mov ds, ax
	0xba, 0xf8, 0x03, // mov dx, 0x3f8      the serial port
	0xb0, greeting[0], 0xee, // mov al, 'K'; out dx, al
	0xb0, '\n', 0xee, // mov al, '\n'; out dx, al
	0xba, 0x02, 0x06, // mov dx, 0x602      PM1 enable
	0xb8, 0x00, 0x01, 0xef, // mov ax, 0x100; out dx, ax    the power button
	0xc7, 0x06, 0x00, 0x7e, 0x00, 0x00, // mov word [0x7e00], 0
	0xff, 0x06, 0x00, 0x7e, // inc word [0x7e00]  the next number
	0x8b, 0x1e, 0x00, 0x7e, // mov bx, [0x7e00]
	0xb9, 0x04, 0x00, // mov cx, 4
	0xba, 0xf8, 0x03, // mov dx, 0x3f8
	0xc1, 0xc3, 0x04, // rol bx, 4          the next digit
	0x88, 0xd8, // mov al, bl
	0x24, 0x0f, // and al, 0xf
	0x04, 'A', // add al, 'A'
	0xee,       // out dx, al
	0xe2, 0xf4, // loop the next digit
	0xb0, '\n', 0xee, // mov al, '\n'; out dx, al
	0xb9, 0x04, 0x00, // mov cx, 4          timer ticks
	0xfb, 0xf4, // sti; hlt
	0xba, 0x00, 0x06, // mov dx, 0x600      PM1 status
	0xed,             // in ax, dx
	0xf6, 0xc4, 0x01, // test ah, 1         the power button
	0x75, 0x04, // jnz off
	0xe2, 0xf3, // loop sti
	0xeb, 0xd1, // jmp the next number
	0xba, 0x04, 0x06, // mov dx, 0x604      PM1 control
	0xb8, 0x00, 0x20, 0xef, // mov ax, 0x2000; out dx, ax   enter the deepest sleep state
)

// panicSector is a guest that greets and panics: it reports the panic to the pvpanic device.
//
// https://www.qemu.org/docs/master/specs/pvpanic.html
var panicSector = sector(
	0xba, 0xf8, 0x03, // mov dx, 0x3f8
	0xb0, greeting[0], 0xee, // mov al, 'K'; out dx, al
	0xba, 0x05, 0x05, // mov dx, 0x505
	0xb0, 0x01, 0xee, // mov al, 1; out dx, al
	0xf4,       // hlt
	0xeb, 0xfd, // jmp hlt
)

// suspendSector is a guest that greets and suspends itself to memory. When woken up, it boots again.
var suspendSector = sector(
	0xba, 0xf8, 0x03, // mov dx, 0x3f8
	0xb0, greeting[0], 0xee, // mov al, 'K'; out dx, al
	0xba, 0x04, 0x06, // mov dx, 0x604      PM1 control
	0xb8, 0x00, 0x24, 0xef, // mov ax, 0x2400; out dx, ax   enter the sleep state that keeps memory
	0xf4,       // hlt
	0xeb, 0xfd, // jmp hlt
)

// sectorGuest returns a guest with this boot sector on its disk, and a log of its output in all its runs.
func sectorGuest(t *testing.T, h *labHost, code []byte) attrs {
	t.Helper()
	a := guestAttrs(t, h)
	reprogram(t, a, code)
	return a.with(attrs{"serial": attrs{"log_file": filepath.Dir(diskOf(a)) + "/serial.log", "log_append": true}})
}

func diskOf(a attrs) string { return a["disks"].(attrs)["vda"].(attrs)["file"].(string) }

// reprogram gives a guest another boot sector for its next boot.
func reprogram(t *testing.T, a attrs, code []byte) {
	t.Helper()
	if err := os.WriteFile(hostOf(a).path(diskOf(a)), code, 0o600); err != nil {
		t.Fatal(err)
	}
}

// tally returns the numbers that a counting guest wrote since it last greeted, and how often it has greeted.
func tally(t *testing.T, a attrs) (numbers []int, boots int) {
	t.Helper()
	text, err := os.ReadFile(hostOf(a).path(a["serial"].(attrs)["log_file"].(string)))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		switch {
		case strings.HasPrefix(line, greeting):
			numbers = nil
			boots++
		case len(line) == len("AAAA\n"):
			n := 0
			for _, letter := range strings.TrimSpace(line) {
				n = n<<4 + int(letter-'A')
			}
			numbers = append(numbers, n)
		}
	}
	return numbers, boots
}

// countsOn waits until the guest has counted beyond a number, and asserts that it skipped none since it greeted.
func countsOn(t *testing.T, a attrs, beyond int) (last int) {
	t.Helper()
	var numbers []int
	eventually(t, "the guest to count", func() bool {
		numbers, _ = tally(t, a)
		return len(numbers) > 0 && numbers[len(numbers)-1] > beyond
	})
	for i, n := range numbers {
		if n != i+1 {
			t.Fatalf("the guest counted %v", numbers)
		}
	}
	return numbers[len(numbers)-1]
}
