package kb_test

import (
	"testing"

	"github.com/replywell/replywell/shared/kb"
)

// counted is an encoder that counts what it is asked for.
type counted struct{ asked int }

func (c *counted) Dims() int { return 4 }
func (c *counted) Embed(string) []float32 {
	c.asked++
	return []float32{1, 0, 0, 0}
}

// Where nothing could be suggested, no mail is given a meaning, which costs more
// than all else that is done with it.
func TestNothingIsEmbeddedWhereNothingIsRanked(t *testing.T) {
	var model counted
	x := kb.Build(nil, nil, &model)
	if got := x.Score("Lamp", "My lamp flickers since yesterday. Can you help me?", nil, 3); len(got.Suggestions) > 0 ||
		model.asked > 0 {
		t.Errorf("%d sentences were embedded, %v is suggested", model.asked, got.Suggestions)
	}
}
