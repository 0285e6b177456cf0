package schema

import (
	"slices"
	"testing"
)

func TestWhatWaitsIsListedAlike(t *testing.T) {
	if got := JoinPaths([]string{"machine", "cpu.mode", "machine"}); got != "cpu.mode, machine" {
		t.Errorf("got %v", got)
	}
	if got := JoinPaths(nil); got != nil {
		t.Errorf("nothing is %v", got)
	}
	if got := SplitPaths(JoinPaths([]string{"b", "a"})); !slices.Equal(got, []string{"a", "b"}) || SplitPaths(nil) != nil {
		t.Errorf("back: %v", got)
	}
}
