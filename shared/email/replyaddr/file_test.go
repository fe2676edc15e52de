package replyaddr

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

const fileID = "00112233445566778899aabbccddeeff"

func TestAFileIsOpenedByItsAddressAlone(t *testing.T) {
	k := keyring(t, 0)
	other, err := NewKeyring(0, map[uint8][]byte{0: bytes.Repeat([]byte{99}, MinKeyLen)})
	if err != nil {
		t.Fatal(err)
	}
	token, err := k.SealFile(File{ID: fileID, Expires: noon.AddDate(0, 0, 30)})
	if err != nil || len(token) != FileTokenLen {
		t.Fatal(token, err)
	}
	if f, ok := k.OpenFile(token, noon); !ok || f.ID != fileID {
		t.Fatal("its own address does not open it")
	}
	reply, err := k.Seal(sample())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Open(token, noon); err == nil {
		t.Error("a file's address is taken for a reply address")
	}
	last := noon.Truncate(day).AddDate(0, 0, 31)
	for name, c := range map[string]struct {
		ring  *Keyring
		token string
		at    time.Time
		want  bool
	}{
		"on its last day":            {k, token, last.Add(-time.Second), true},
		"the day after":              {k, token, last, false},
		"another desk's key":         {other, token, noon, false},
		"a reply address":            {k, reply, noon, false},
		"a reply address, as long":   {k, (reply + "aaaaaaaa")[:FileTokenLen], noon, false},
		"capital letters":            {k, strings.ToUpper(token), noon, false},
		"nothing":                    {k, "", noon, false},
		"cut":                        {k, token[:FileTokenLen-1], noon, false},
		"longer":                     {k, token + "a", noon, false},
		"letters that no token has":  {k, strings.Repeat("!", FileTokenLen), noon, false},
		"nothing but the first sign": {k, strings.Repeat("a", FileTokenLen), noon, false},
	} {
		if f, ok := c.ring.OpenFile(c.token, c.at); ok != c.want || !ok && f != (File{}) {
			t.Errorf("%s: %v %v", name, f, ok)
		}
	}
	for i := range token { // any changed sign
		for _, sign := range "a2" {
			if bent := token[:i] + string(sign) + token[i+1:]; bent != token {
				if _, ok := k.OpenFile(bent, noon); ok {
					t.Errorf("%s opens it too", bent)
				}
			}
		}
	}
}

func TestWhatIsNoFileIsNotSealed(t *testing.T) {
	k := keyring(t, 0)
	for _, f := range []File{{ID: "x", Expires: noon}, {ID: fileID[2:], Expires: noon}, {ID: fileID}} {
		if token, err := k.SealFile(f); err == nil {
			t.Errorf("%v became %s", f, token)
		}
	}
}

func FuzzOpenFile(f *testing.F) {
	k := keyring(f, 0)
	token, _ := k.SealFile(File{ID: fileID, Expires: noon})
	f.Add(token)
	f.Add(strings.Repeat("a", FileTokenLen))
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := k.OpenFile(s, noon); ok && (s != token || got.ID != fileID) {
			t.Errorf("%q opens %v", s, got)
		}
	})
}
