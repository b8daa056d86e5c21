package promise

import (
	"math"
	"regexp"
	"strconv"
)

var versionPiece = regexp.MustCompile(`[0-9]+|[A-Za-z]+`)

// older reports whether version a comes before b: by their numbers. A word is a
// pre-release, and less than the end and than any number, unless it is "post".
func older(a, b string) bool {
	x, y := versionPiece.FindAllString(a, -1), versionPiece.FindAllString(b, -1)
	for i := 0; i < max(len(x), len(y)); i++ {
		p, q := rank(x, i), rank(y, i)
		if p != q {
			return p < q
		}
		if p < 0 && x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}

// rank is twice the number at i, so that "post" stands between 0, which is also
// what is past the end, and 1. Another word is -1.
func rank(pieces []string, i int) int {
	if i >= len(pieces) {
		return 0
	}
	n, err := strconv.Atoi(pieces[i])
	switch {
	case err == nil && n <= math.MaxInt/2:
		return 2 * n
	case pieces[i][0] >= '0' && pieces[i][0] <= '9':
		return math.MaxInt
	case pieces[i] == "post":
		return 1
	}
	return -1
}
