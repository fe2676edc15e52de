package evidence

import (
	"testing"

	"github.com/replywell/replywell/shared/kb/encoders"
)

// The names that snapshots bear are those of the models.
func TestModelsBearTheirNames(t *testing.T) {
	if NameOf(encoders.Model()) != builtinName || NameOf(encoders.Wide{}) != WideName {
		t.Errorf("%q and %q", NameOf(encoders.Model()), NameOf(encoders.Wide{}))
	}
}
