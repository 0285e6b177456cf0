package power

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func event(kind, code uint16, value uint32) []byte {
	bytes := make([]byte, eventSize)
	binary.NativeEndian.PutUint16(bytes[eventType:], kind)
	binary.NativeEndian.PutUint16(bytes[eventCode:], code)
	binary.NativeEndian.PutUint32(bytes[eventValue:], value)
	return bytes
}

func TestOnlyThePressedPowerKeyAsksForAShutdown(t *testing.T) {
	const keyA, synchronized, released = 30, 0, 0
	events := bytes.Join([][]byte{
		event(typeKey, keyA, keyPressed),
		event(synchronized, 0, 0),
		event(typeKey, keyPower, released),
		event(typeKey, keyPower, keyPressed),
	}, nil)
	requests := make(chan Request, 4)
	readButton(bytes.NewReader(events), requests)
	if len(requests) != 1 {
		t.Fatalf("got %d requests", len(requests))
	}
	if request := <-requests; request != Shutdown {
		t.Errorf("got %s", request)
	}
}
