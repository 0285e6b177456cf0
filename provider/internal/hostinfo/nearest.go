package hostinfo

import (
	"fmt"
	"slices"
	"strings"
)

// maxListed is how many names a message lists; it counts the rest.
const maxListed = 8

// nearest lists the names, the most similar to wanted first.
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
	if rest := len(sorted) - maxListed; rest > 1 {
		return fmt.Sprintf("%s, and %d others", strings.Join(sorted[:maxListed], ", "), rest)
	}
	return strings.Join(sorted, ", ")
}

// distance is the edit distance of two words, regardless of case.
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
