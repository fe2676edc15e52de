package message

import "testing"

// TestDamagedContentIsSaid: what was lost or put into encoded content has a name
// among the warnings, and what may be odd but is whole has none.
func TestDamagedContentIsSaid(t *testing.T) {
	const base64, printable = "base64", "quoted-printable"
	for name, c := range map[string]struct{ encoding, body, text, warning string }{
		"a sign in base64": {base64, "VGhlIGxh!bXAgaXMgZGFyay4=\n", "The lamp is dark.", "base64-damaged"},
		"base64 that is cut off": {base64, "VGhlIGxhbXAgaXMgZGFyay4gSXQgaXMgbmV3L\n",
			"The lamp is dark. It is new", "base64-damaged"},
		"base64 without padding": {base64, "VGhlIGxhbXAgaXMgZGFyay4\n", "The lamp is dark.", ""},
		"base64 in pieces": {base64, "VGhlIGxhbXAg\naXMgZGFyay4=\nSXQgaXMgbmV3Lg==\n",
			"The lamp is dark.It is new.", ""},
		"a sign that escapes nothing": {printable, "The lamp =ZZ is dark.\n", "The lamp =ZZ is dark.",
			"quoted-printable-damaged"},
		"a lone equals sign": {printable, "1 = 1\n", "1 = 1", "quoted-printable-damaged"},
		"blanks at the end": {printable, "The lamp is dark.  \n-- \nAnn\n", "The lamp is dark.  \n-- \nAnn",
			""},
		"a soft break at the end": {printable, "The lamp is dark.=\n", "The lamp is dark.", ""},
		"a soft break and blanks": {printable, "The lamp = \nis dark.\n", "The lamp is dark.", ""},
	} {
		m := Parse([]byte("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + c.encoding + "\n\n" +
			c.body))
		got := ""
		for _, w := range m.Warnings {
			if w.Name != "from-missing" {
				got += w.Name
			}
		}
		if text := trimEnd(m.Text); text != c.text || got != c.warning {
			t.Errorf("%s: %q with %q, want %q with %q", name, text, got, c.text, c.warning)
		}
	}
}

func trimEnd(s string) string {
	for len(s) > 0 && (s[len(s)-1] == '\n' || s[len(s)-1] == '\r') {
		s = s[:len(s)-1]
	}
	return s
}
