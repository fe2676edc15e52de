package visible

import (
	"testing"

	"github.com/replywell/replywell/shared/language"
)

// labelsOf gives the first label of each kind that each language has.
func labelsOf() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, l := range language.All() {
		all[l.Code] = map[string]string{
			"from": l.Line(language.LabelFrom), "to": l.Line(language.LabelTo), "cc": l.Line(language.LabelCc),
			"sent": l.Line(language.LabelSent),
			"date": l.Line(language.LabelDate), "subject": l.Line(language.LabelSubject),
			"forwarded": l.Line(language.ForwardedMessage),
		}
	}
	return all
}

// Yahoo loses the line breaks of the header that it puts above a forwarded mail.
func TestHeaderOnOneLine(t *testing.T) {
	languages := labelsOf()
	if len(languages) < 20 {
		t.Fatalf("%d languages", len(languages))
	}
	for language, l := range languages {
		for _, gap := range []string{" ", ""} {
			block := l["from"] + ": Bo Lee <bo@lee.example>" + gap + l["to"] + ": Ann <ann@shop.example>" + gap +
				l["cc"] + ": Cy <cy@lee.example>" + gap +
				l["sent"] + ": 2026-03-02 10:00:00 GMT" + gap + l["subject"] + ": 4711 ABC"
			text := "OK!\n\n" + block + "\nWhere is it?\n"
			p := Split("Fwd: 4711 ABC", text, "")
			f := p.Forwarded
			if f == nil || f.FromName != "Bo Lee" || f.FromAddress != "bo@lee.example" ||
				f.Date != "2026-03-02 10:00:00 GMT" || f.Subject != "4711 ABC" || f.Text != "Where is it?" ||
				f.Comment != "OK!" {
				t.Errorf("%s, %q: %+v of\n%s", language, gap, f, text)
			}
			// on the same line
			for _, title := range []string{"----- " + l["forwarded"] + " ----- ", "----- ABC DEF -----"} {
				titled := "OK!\n\n" + title + block + "\n\nWhere is it?\n"
				if f := Split("Fwd: 4711 ABC", titled, "").Forwarded; f == nil || f.FromAddress != "bo@lee.example" ||
					f.Subject != "4711 ABC" || f.Text != "Where is it?" || f.Comment != "OK!" {
					t.Errorf("%s, %q: %+v of\n%s", language, gap, f, titled)
				}
			}
			marked := "OK!\n\n> " + l["forwarded"] + ":\n> \n> " + l["from"] + ": Bo Lee <bo@lee.example>\n> " +
				l["subject"] + ": 4711 ABC\n> " + l["date"] + ": 2026-03-02 10:00\n> " +
				l["to"] + ": Ann <ann@shop.example>\n> \n> Where is it?\n"
			if f := Split("Fwd: 4711 ABC", marked, "").Forwarded; f == nil || f.FromAddress != "bo@lee.example" ||
				f.Text != "Where is it?" || f.Comment != "OK!" {
				t.Errorf("%s: %+v of\n%s", language, f, marked)
			}
			if p := Split("Re: 4711 ABC", text, ""); p.Visible != "OK!" {
				t.Errorf("%s, %q: visible of an answer\n%s", language, gap, p.Visible)
			}
		}
	}
}

func TestLabelsInTheMiddleOfWordsOfPeople(t *testing.T) {
	for _, text := range []string{
		"Dear all,\n\nFrom: Berlin To: Rome, if that is right.\n\nSee you.\n",
		"To: whom it may concern. Subject: none. I just want my money.\n",
		"I wrote it down like this: To: me, Cc: you.\n",
		"The label says \"ShipTo: Bo\" and \"From: us\".\n",
	} {
		if p := Split("Question", text, ""); fold(p.Visible) != fold(text) || p.Forwarded != nil {
			t.Errorf("visible:\n%s\nof\n%s", p.Visible, text)
		}
	}
}

// One line a case: what stands below an answer, or between its lines.
func TestOddMarksOfQuotes(t *testing.T) {
	for name, c := range map[string]struct{ subject, text, want string }{
		"Gmail without a colon": {"Re: x", "Yes.\n\n2016-03-03 17:21 GMT+01:00 Some One\n\n> Shall we?\n",
			"Yes."},
		"with an address": {"Re: x", "Yes.\n\n2016-03-03 17:21 GMT+01:00 Some One <some@one.example>\n\n" +
			"Shall we?\n", "Yes."},
		"no marks": {"Re: x", "Yes.\n\n2016-03-03 17:21 GMT+01:00 Some One\n\nShall we?\n", "Yes."},
		"another zone": {"Re: x", "Sí.\n\n2017-11-30 9:05 GMT-03:00 Soporte Tienda\n\nShall we?\n",
			"Sí."},
		"UTC, a colon":   {"Re: x", "Yes.\n\n2016-03-03 17:21 UTC Some One:\n\nShall we?\n", "Yes."},
		"no zone, marks": {"Re: x", "Yes.\n\n2016-03-03 17:21 Some One\n> Shall we?\n> Or not?\n", "Yes."},
		"a moment is no attribution": {"Re: x", "It broke on\n\n2016-03-03 17:21\n\nand smells.\n",
			"It broke on 2016-03-03 17:21 and smells."},
		"a log line": {"Re: x", "The log says\n\n2016-03-03 17:21 Pump started\n\nand then nothing.\n",
			"The log says 2016-03-03 17:21 Pump started and then nothing."},
		"a log line with a zone": {"Re: x", "The log says\n\n2016-03-03 17:21 GMT pump started, no water seen.\n" +
			"\nThat is all.\n", "The log says 2016-03-03 17:21 GMT pump started, no water seen. That is all."},
		"initials": {"Re: x", "Yes please\n\nC> Shall we send it?\nC> To which address?\n",
			"Yes please"},
		"two letters, answers inline": {"Re: x", "SO> Shall we send it?\nYes.\nSO> To which address?\nTo mine.\n",
			"Yes. To mine."},
		"initials and marks": {"Re: x", "Hello,\n\nCM> > Shall we send it?\nCM> Yes, to which address?\n\n" +
			"To mine.\n", "Hello, To mine."},
		"two people": {"Re: x", "CM> Shall we send it?\nCM> Or keep it?\nAL> I would keep it.\nAL> " +
			"It is red.\n\nSend it.\n", "Send it."},
		"Cyrillic": {"Re: x", "ИП> Вам отправить заказ?\nИП> Куда его отправить?\n\nДа.\n", "Да."},
		"a database's prompt": {"Re: x", "I typed\nSQL> select 1;\nSQL> select a from b;\nand it hangs.\n",
			"I typed SQL> select 1; SQL> select a from b; and it hangs."},
		"a command line": {"Re: x", "I typed\nC> dir\nC> format\nand it hangs.\n",
			"I typed C> dir C> format and it hangs."},
		"comparisons": {"Re: x", "A> B is what I meant, not\nB> A\n", "A> B is what I meant, not B> A"},
		"in a first mail": {"Question", "He wrote this:\nC> Shall we send it?\nC> To which address?\n",
			"He wrote this: C> Shall we send it? C> To which address?"},
		"an invisible mark":   {"Re: x", "Yes.\u200b\u2060\n\u200b\n\u2063\u2062\n", "Yes."},
		"joined letters stay": {"Re: x", "می\u200cخواهم 👨\u200d👩\u200d👧\n", "می\u200cخواهم 👨\u200d👩\u200d👧"},
	} {
		t.Run(name, func(t *testing.T) {
			p := Split(c.subject, c.text, "")
			if fold(p.Visible) != c.want {
				t.Errorf("visible %q, want %q; rules %q", p.Visible, c.want, p.Rules)
			}
		})
	}
	if p := Split("Re: x", "", "<p>Yes.\u200b\u2060</p>"); p.Visible != "Yes." {
		t.Errorf("HTML: visible %q", p.Visible)
	}
}
