//go:build acceptance

package acceptance

import (
	"hash/fnv"
	"os"
	"testing"
	"time"
)

// 'npm test' must end while a change is still on its author's mind. It passes -short: of many cases of one kind it takes a sample.
// 'npm run test:all' takes all of them, and so does 'npm run test:acceptance' with a name (decisions/0033-short-and-long-tests.md).

// isOver reports whether the time is over in which tests may begin: a slow machine then ends with the results that it has. Without a limit, it
// never is.
func isOver() bool {
	until, err := time.Parse(time.RFC3339, os.Getenv("KVM_FLEET_TESTS_UNTIL"))
	return err == nil && time.Now().After(until)
}

// unlessOver skips a test that would begin too late.
func unlessOver(t *testing.T) {
	t.Helper()
	if isOver() {
		t.Skip("the time limit of this run is over ('--limit')")
	}
}

// sampleOf is how many cases of one kind there are for each that -short takes.
const sampleOf = 3

// sample returns all cases, or with -short one in three of them. Where the sample begins depends on the kind, so that the samples of several
// kinds cover different cases. The same kind has the same sample in each run.
func sample[T any](kind string, cases []T) []T {
	if !testing.Short() || len(cases) == 0 {
		return cases
	}
	sum := fnv.New32a()
	sum.Write([]byte(kind))
	first := int(sum.Sum32()) % min(sampleOf, len(cases))
	var taken []T
	for i := first; i < len(cases); i += sampleOf {
		taken = append(taken, cases[i])
	}
	return taken
}
