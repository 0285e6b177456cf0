package conn

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
)

// packet is one of libvirt's protocol.
func packet(procedure, kind, serial, status uint32, payload string) []byte {
	p := make([]byte, headerSize, headerSize+len(payload))
	for i, v := range []uint32{uint32(headerSize + len(payload)), 0x20008086, 1, procedure, kind, serial, status} {
		binary.BigEndian.PutUint32(p[4*i:], v)
	}
	return append(p, payload...)
}

func TestStreamPacketsComeAfterTheReply(t *testing.T) {
	reply7, reply8 := packet(procDownload, typeReply, 7, statusOK, ""), packet(procDownload, typeReply, 8, statusOK, "")
	a, b := packet(procDownload, typeStream, 7, statusContinue, "aaa"), packet(procDownload, typeStream, 7, statusContinue, "bbb")
	end7, end8 := packet(procDownload, typeStream, 7, statusContinue, ""), packet(procDownload, typeStream, 8, statusOK, "")
	c := packet(procDownload, typeStream, 8, statusContinue, "ccc")
	other := packet(23, typeReply, 9, statusOK, "another call's")
	for name, test := range map[string]struct{ sent, read [][]byte }{
		"in order already":       {[][]byte{reply7, a, b, end7, other}, [][]byte{reply7, a, b, end7, other}},
		"data first":             {[][]byte{a, reply7, b, end7}, [][]byte{reply7, a, b, end7}},
		"all first":              {[][]byte{a, other, b, end7, reply7}, [][]byte{other, reply7, a, b, end7}},
		"two streams":            {[][]byte{c, a, reply7, reply8, b, end8, end7}, [][]byte{reply7, a, reply8, c, b, end8, end7}},
		"an empty stream":        {[][]byte{end7, reply7, other}, [][]byte{reply7, end7, other}},
		"no stream":              {[][]byte{other, other}, [][]byte{other, other}},
		"a call that is refused": {[][]byte{packet(procDownload, typeReply, 7, 1, "no"), other}, [][]byte{packet(procDownload, typeReply, 7, 1, "no"), other}},
	} {
		t.Run(name, func(t *testing.T) {
			here, there := net.Pipe()
			go func() {
				_, _ = there.Write(bytes.Join(test.sent, nil))
				_ = there.Close()
			}()
			o := orderStreams(here)
			got, err := io.ReadAll(o)
			if err != nil {
				t.Fatal(err)
			}
			if want := bytes.Join(test.read, nil); !bytes.Equal(got, want) {
				t.Errorf("got\n%q\nwant\n%q", got, want)
			}
			if open := len(o.early); open != 0 {
				t.Errorf("%d streams are still kept", open)
			}
		})
	}
}

func TestWhatIsNotLibvirtsProtocolIsRefused(t *testing.T) {
	for sent, want := range map[string]string{
		"HTTP/1.1 400 Bad Request\r\n": "not libvirt's protocol: a packet of 1213486160 bytes",
		"\x00\x00\x00\x05xxxxx":        "not libvirt's protocol: a packet of 5 bytes",
	} {
		here, there := net.Pipe()
		go func() {
			_, _ = there.Write([]byte(sent))
			_ = there.Close()
		}()
		if _, err := io.ReadAll(orderStreams(here)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	here, there := net.Pipe()
	go func() {
		_, _ = there.Write(packet(1, typeReply, 1, statusOK, "cut short")[:30])
		_ = there.Close()
	}()
	if _, err := io.ReadAll(orderStreams(here)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
}
