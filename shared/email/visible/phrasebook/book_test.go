package phrasebook

import (
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/language"
)

// TestEveryPhraseIsFound asks the book for each phrase as it would stand in a mail.
func TestEveryPhraseIsFound(t *testing.T) {
	b := Default()
	for _, l := range language.All() {
		for h := range language.Headings() {
			for _, p := range l.Phrases(h) {
				if !found(b, h, p) {
					t.Errorf("%s.txt, [%s]: %q is not found again", l.Code, h, p)
				}
			}
		}
	}
}

func found(b *Book, h language.Heading, p string) bool {
	upper := "*" + strings.ToUpper(p) + "* "
	switch h {
	case language.LabelFrom, language.LabelSent, language.LabelDate, language.LabelTo, language.LabelCc,
		language.LabelSubject, language.LabelReplyTo:
		return b.Label(p) != nil && b.Label(upper) != nil
	case language.OriginalMessage:
		return b.Original(Fold(p)) == len(Fold(p))
	case language.ForwardedMessage:
		return b.Forwarded(Fold(p)) == len(Fold(p))
	case language.PhoneSignature:
		if strings.Contains(p, "…") {
			return b.Mobile(Fold(strings.ReplaceAll(p, "…", "iPhone"))) > 0
		}
		return b.Mobile(Fold(p+" iPhone")) > 0
	case language.SignOff:
		return b.Closing(Fold(p + ","))
	case language.Greeting:
		return b.Greeting(Fold(p+", Ann")) == len(Fold(p)) || b.Greeting(Fold(p)) == len(Fold(p))
	case language.ReplyAbove:
		return b.Above(Fold("## " + p + " ##"))
	case language.ReplyPrefix:
		reply, forward := b.Subject(p + ": order")
		return reply && !forward || b.re[Fold(p)] && b.fw[Fold(p)]
	case language.ForwardPrefix:
		reply, forward := b.Subject(p + ": order")
		return forward || reply && b.re[Fold(p)]
	}
	return true
}

func TestParseNamesTheLineThatIsWrong(t *testing.T) {
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
	l, err := language.Parse("eo.txt",
		"[name]\nEsperanto\n[label-from]\nDe\n[attribution-verb]\nskribis\n[phone-signature]\nSendita per mia\n"+
			"[months]\nmarto")
	if err != nil {
		t.Fatal(err)
	}
	b := New([]*language.Language{l})
	if b.Label("de") == nil || b.Mobile("sendita per mia poŝtelefono") == 0 || !b.Month("mar") ||
		b.Wrote().At([]string{"ann", "skribis"}, 1) != 1 {
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
