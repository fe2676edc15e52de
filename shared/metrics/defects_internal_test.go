package metrics

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// An article hides a defect where several who got it are tied to a cause, where surely many
// ask again, or where what it answers comes more than usual; few of anything say nothing.
func TestWhichArticlesHideADefect(t *testing.T) {
	for name, c := range map[string]struct {
		fate   desk.ArticleFate
		rising bool
		hides  bool
	}{
		"sent, and all is well":          {desk.ArticleFate{Sent: 40, Back: 2}, false, false},
		"three are tied to a cause":      {desk.ArticleFate{Sent: 40, Defect: 3}, false, true},
		"two are":                        {desk.ArticleFate{Sent: 40, Defect: 2}, false, false},
		"many ask again":                 {desk.ArticleFate{Sent: 40, Back: 16}, false, true},
		"more ask again than it is sent": {desk.ArticleFate{Sent: 12, Back: 30}, false, true},
		"all of few ask again":           {desk.ArticleFate{Sent: 4, Back: 4}, false, false},
		"some ask again, it may be luck": {desk.ArticleFate{Sent: 40, Back: 10}, false, false},
		"it rises":                       {desk.ArticleFate{Sent: 1}, true, true},
		"it rises and was not sent":      {desk.ArticleFate{Back: 3}, true, false},
	} {
		var rises []letters.Rise
		if c.rising {
			rises = []letters.Rise{{Article: "late-parcel"}}
		}
		got := hiding(map[string]desk.ArticleFate{"late-parcel": c.fate, "other": {Sent: 50}}, rises)
		if (len(got) == 1) != c.hides || len(got) > 0 && !strings.Contains(got[0].Article, "Late parcel") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
