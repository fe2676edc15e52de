package desk_test

import (
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

func TestTheMarkOfAPassageIsKnownHoweverItIsWritten(t *testing.T) {
	for _, s := range []string{":::internal", "text :::internal secret", "::: Internal", "> :::internal", "::internal",
		"：：：internal", ":\u200b::internal", "::\n:internal", "a ::internal b"} {
		if !desk.MarksPassage(s) {
			t.Errorf("%q is not taken for a mark", s)
		}
	}
	for s, want := range map[string]bool{":::": true, "：：：": true, "Yes :::int no": true, "::internal": true,
		"a::b": false} {
		if desk.StrayMark(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
	for _, s := range []string{"", "internal", "Note: internal use", "std::internal", "the address is ::1",
		"Hours: 9:00: internal", ":::"} {
		if desk.MarksPassage(s) {
			t.Errorf("%q is taken for a mark", s)
		}
	}
}
