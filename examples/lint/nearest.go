package main

import (
	"slices"
)

// didYouMean suggests the candidate nearest to a name, "" when none is near.
func didYouMean(name string, candidates []string) string {
	if len(name) < 3 {
		return "" // everything is near
	}
	best, nearest := max(1, min(3, len(name)/3))+1, ""
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if d := distance(name, c); d < best && c != name {
			best, nearest = d, c
		}
	}
	if nearest == "" {
		return ""
	}
	return "did you mean '" + nearest + "'?"
}

// distance is the number of letters to insert, delete, replace or swap, or
// something greater than 3 when it is that.
func distance(a, b string) int {
	if d := len(a) - len(b); d > 3 || d < -3 {
		return 4
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			replace := last[j]
			if a[i] != b[j] {
				replace++
			}
			row[j+1] = min(replace, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
