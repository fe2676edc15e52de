package phrasebook

import (
	"strings"
	"testing"
)

// needed are the languages that the product promises to read.
var needed = strings.Fields("en de fr es it pt nl pl cs sk hu ro ru uk sv da nb fi et hr tr el ja zh ko vi he ar")

// lines are what every language must have.
var lines = strings.Fields("from sent date to cc subject replyto on wrote original forwarded re fw mobile greeting closing legal above months days")

// TestEveryLanguageIsComplete tells a contributor which line of a section is
// missing.
func TestEveryLanguageIsComplete(t *testing.T) {
	has := map[string]map[string]bool{}
	code := ""
	for _, l := range strings.Split(languagesTable, "\n") {
		if strings.HasPrefix(l, "[") {
			code, _, _ = strings.Cut(strings.Trim(l, "[]"), " ")
			if has[code] != nil {
				t.Errorf("[%s] stands twice in languages.txt", code)
			}
			has[code] = map[string]bool{}
		} else if key, _, ok := strings.Cut(l, ":"); ok && code != "" && !strings.HasPrefix(l, "#") {
			if has[code][key] {
				t.Errorf("[%s] has the line %q twice; join them with |", code, key)
			}
			has[code][key] = true
		}
	}
	for _, code := range needed {
		if has[code] == nil {
			t.Errorf("languages.txt has no section [%s]", code)
		}
	}
	for code, keys := range has {
		for _, k := range lines {
			if !keys[k] {
				t.Errorf("[%s] lacks the line %q: copy it from [en] and translate it", code, k)
			}
		}
	}
}

// TestEveryPhraseIsFound asks the book for each phrase of the table as it would
// stand in a mail.
func TestEveryPhraseIsFound(t *testing.T) {
	b := Default()
	code := ""
	for n, l := range strings.Split(languagesTable, "\n") {
		if strings.HasPrefix(l, "[") {
			code = l
		}
		key, value, ok := strings.Cut(l, ":")
		if !ok || strings.HasPrefix(l, "#") {
			continue
		}
		for _, p := range strings.Split(value, "|") {
			p = strings.TrimSpace(p)
			if !found(b, key, p) {
				t.Errorf("languages.txt line %d, %s: %s %q is not found again", n+1, code, key, p)
			}
		}
	}
}

func found(b *Book, key, p string) bool {
	upper := "*" + strings.ToUpper(p) + "* "
	switch key {
	case "from", "sent", "date", "to", "cc", "subject", "replyto":
		return b.Label(p) != nil && b.Label(upper) != nil
	case "original":
		return b.Original(Fold(p)) == len(Fold(p))
	case "forwarded":
		return b.Forwarded(Fold(p)) == len(Fold(p))
	case "mobile":
		if strings.Contains(p, "…") {
			return b.Mobile(Fold(strings.ReplaceAll(p, "…", "iPhone"))) > 0
		}
		return b.Mobile(Fold(p+" iPhone")) > 0
	case "closing":
		return b.Closing(Fold(p + ","))
	case "greeting":
		return b.Greeting(Fold(p+", Ann")) == len(Fold(p)) || b.Greeting(Fold(p)) == len(Fold(p))
	case "above":
		return b.Above(Fold("## " + p + " ##"))
	case "re":
		reply, forward := b.Subject(p + ": order")
		return reply && !forward || b.re[Fold(p)] && b.fw[Fold(p)]
	case "fw":
		reply, forward := b.Subject(p + ": order")
		return forward || reply && b.re[Fold(p)]
	}
	return true
}

func TestParseNamesTheLineThatIsWrong(t *testing.T) {
	for table, want := range map[string]string{
		"from: Von":               "line 1",
		"[xx X]\nfrom Von":        "line 2",
		"[xx X]\n\nfrm: Von":      "\"frm\" is no known key",
		"[xx X]\nfrom: Von | | A": "empty phrase",
	} {
		if _, err := Parse(table); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%q) says %v, want %q", table, err, want)
		}
	}
	for table, want := range map[string]string{
		"quote":                  "line 1",
		"quota class=x Somebody": "\"quota\" is no known kind",
	} {
		if _, err := ParseClients(table); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseClients(%q) says %v, want %q", table, err, want)
		}
	}
}

func TestALanguageIsAddedByDataAlone(t *testing.T) {
	b, err := Parse("[eo Esperanto]\nfrom: De\nwrote: skribis\nmobile: Sendita per mia\nmonths: marto")
	if err != nil {
		t.Fatal(err)
	}
	if b.Label("de") == nil || b.Mobile("sendita per mia poŝtelefono") == 0 || !b.Month("mar") || b.Wrote().At([]string{"ann", "skribis"}, 1) != 1 {
		t.Error("the words of a language that was just added are not found")
	}
}

func TestClientMarks(t *testing.T) {
	c := DefaultClients()
	for _, m := range []struct {
		attribute, value string
		want             Role
	}{
		{"class", "gmail_quote", Container},
		{"class", "foo x_gmail_quote", Container},
		{"class", "x_x_gmail_quote", Container},
		{"CLASS", "Gmail_Quote", Container},
		{"id", "divRplyFwdMsg", Rest},
		{"id", "x_divRplyFwdMsg", Rest},
		{"id", "yahoo_quoted_1234", Quote},
		{"id", "gmail_quote", None},
		{"data-smartmail", "gmail_signature", Signature},
		{"href", "gmail_quote", None},
		{"class", "gmail_quotes", None},
	} {
		if got := c.Role(m.attribute, m.value); got != m.want {
			t.Errorf("%s=%q is %d, want %d", m.attribute, m.value, got, m.want)
		}
	}
}

func TestSubject(t *testing.T) {
	for s, want := range map[string][2]bool{
		"Re: order":            {true, false},
		"RE[2]: order":         {true, false},
		"AW: Fwd: order":       {true, false},
		"WG: Bestellung":       {false, true},
		"Fwd: Re: order":       {false, true},
		"转发：订单":                {false, true},
		"order 4711":           {false, false},
		"Question: how is it?": {false, false},
		"":                     {false, false},
	} {
		if reply, forward := Default().Subject(s); reply != want[0] || forward != want[1] {
			t.Errorf("Subject(%q) = reply %v, forward %v", s, reply, forward)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("*From:* ")
	f.Add("\u200eVon\u00a0 X")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ToValidUTF8(s, "?")
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%q) is %q, and folded again %q", s, once, twice)
		}
		Default().Label(s)
		Default().Subject(s)
		Default().Mobile(once)
		Default().Above(once)
	})
}
