package automatic_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/golden"
)

func compareGolden(t *testing.T, file string, lines []string) {
	t.Helper()
	slices.Sort(lines)
	golden.File(t, file, strings.Join(lines, ""))
}
