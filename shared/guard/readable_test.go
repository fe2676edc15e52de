package guard

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// A large file of no text is sent, whatever program wrote it; one that holds words is looked through.
func TestFilesOfNoTextAreNotReadAsText(t *testing.T) {
	noise := make([]byte, 6<<20)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise) // it never fails
	utf16 := []byte{}
	for _, r := range strings.Repeat("Sie zahlt nie pünktlich. ", 400) {
		utf16 = append(utf16, byte(r), byte(r>>8))
	}
	for name, c := range map[string]struct {
		data []byte
		text bool
	}{
		"a telephone's film":       {append([]byte("\x00\x00\x00\x14ftypqt  "), noise...), false},
		"a telephone's picture":    {append([]byte("\x00\x00\x00\x18ftypheic"), noise...), false},
		"what is encrypted":        {noise, false},
		"a film with much nothing": {append(make([]byte, 4<<20), noise[:2<<20]...), false},
		"Latin":                    {[]byte("Sie zahlt nie p\xfcnktlich."), true},
		"wide text without a mark": {utf16, true},
		"an old Word file":         {append([]byte("\xd0\xcf\x11\xe0"), noise...), true},
		"words before a film":      {append([]byte(strings.Repeat("she never pays ", 1<<20)), noise[:1<<20]...), true},
		"a few letters":            {[]byte("x\x01"), true},
		"nothing":                  {nil, true},
	} {
		if got := readable(c.data); got != c.text {
			t.Errorf("%s: read as text is %v", name, got)
		}
	}
}
