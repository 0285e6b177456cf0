package hostinfo

import (
	"fmt"
	"slices"
	"strings"
)

// mostNamed is how many of what there is are named; the rest is counted.
const mostNamed = 8

// nearest lists what there is, first what is spelled most like what was wanted.
func nearest(wanted string, have []string) string {
	sorted := slices.Clone(have)
	slices.SortFunc(sorted, func(a, b string) int {
		if near := distance(wanted, a) - distance(wanted, b); near != 0 {
			return near
		}
		return strings.Compare(a, b)
	})
	if len(sorted) == 0 {
		return "none at all"
	}
	if rest := len(sorted) - mostNamed; rest > 1 {
		return fmt.Sprintf("%s, and %d others", strings.Join(sorted[:mostNamed], ", "), rest)
	}
	return strings.Join(sorted, ", ")
}

// distance is how many letters have to be added, taken away or changed to make one word of another.
func distance(a, b string) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
