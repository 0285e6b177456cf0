package conn

import "testing"

func TestAHostIsDownOnlyWhereTheUserNamesIt(t *testing.T) {
	for value, want := range map[string]bool{"": false, "alpha": true, "alphabet": false, "beta,alpha": true, "beta, alpha": true, "beta": false, "ALPHA": false} {
		t.Setenv(AssumeDown, value)
		if got := NewHost("alpha", URI{}).AssumedDown(); got != want {
			t.Errorf("%q: %v", value, got)
		}
	}
}
