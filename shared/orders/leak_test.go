package orders_test

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"
)

// tongue is what an agent of one language writes. The secret stands in what must
// never leave; reply in what is for the customer.
type tongue struct {
	code                  string
	hi                    string   // a greeting
	reply                 string   // an answer to the customer
	bad                   []string // what is for the team
	note, close, internal string   // how the language calls them
	please                string
	take                  string // hands the conversation over
}

const secret = "zq7zq"

var tongues = []tongue{
	{"en", "Hi Erika,", "The lamp is on its way to you.",
		[]string{"he is a liar " + secret, "third time this week, be careful " + secret}, "note", "close",
		"internal note", "please", "can you take this one?"},
	{"de", "Hallo Erika,", "Die Lampe ist zu Ihnen unterwegs.",
		[]string{"die Kundin lügt " + secret, "ruft jeden Tag an, Vorsicht " + secret}, "notiz", "schließen",
		"interne Notiz", "bitte", "bitte übernimm du"},
	{"fr", "Bonjour Erika,", "Votre lampe est en route.",
		[]string{"la cliente ment " + secret, "troisième fois cette semaine " + secret}, "note", "fermer",
		"note interne", "svp", "peux-tu prendre le relais ?"},
	{"es", "Hola Erika,", "Su lámpara está en camino.",
		[]string{"la clienta miente " + secret, "llama cada día, cuidado " + secret}, "nota", "cerrar", "nota interna",
		"por favor", "encárgate por favor"},
	{"it", "Ciao Erika,", "La sua lampada è in viaggio.",
		[]string{"la cliente mente " + secret, "chiama ogni giorno " + secret}, "nota", "chiudere", "nota interna",
		"per favore", "te ne occupi tu?"},
	{"nl", "Hoi Erika,", "Uw lamp is onderweg.", []string{"deze klant liegt " + secret, "belt elke dag " + secret},
		"notitie", "sluiten", "interne notitie", "graag", "kun jij dit overnemen?"},
	{"pt", "Olá Erika,", "A sua lâmpada está a caminho.",
		[]string{"a cliente mente " + secret, "liga todos os dias " + secret}, "nota", "fechar", "nota interna",
		"por favor", "podes tratar disto?"},
	{"pl", "Cześć Erika,", "Lampa jest w drodze do Pani.",
		[]string{"ta klientka kłamie " + secret, "dzwoni codziennie " + secret}, "notatka", "zamknij",
		"notatka wewnętrzna", "proszę", "przejmij to proszę"},
	{"ja", "Erika様", "ランプは発送済みです。", []string{"このお客様は嘘をついている " + secret, "毎日電話してくる " + secret}, "メモ", "クローズ", "社内メモ",
		"お願いします", "Ben can you take this?"},
	{"he", "שלום Erika,", "המנורה בדרך אליך.", []string{"הלקוחה משקרת " + secret, "מתקשרת כל יום " + secret}, "הערה",
		"סגור", "הערה פנימית", "בבקשה", "Ben, can you take this?"},
}

// habit is one way in which people write orders and words to colleagues. Each
// gives mails; none of what they hold but a tongue's reply is for the customer.
type habit struct {
	family string
	name   string
	write  func(t tongue, bad string) []written
}

func text(s ...string) []written {
	var out []written
	for _, x := range s {
		out = append(out, written{lines: strings.Split(x, "\n")})
	}
	return out
}

// slips are the slips of the finger of a word.
func slips(w string) (out []string) {
	r := []rune(w)
	for i := range r {
		if i+1 < len(r) && r[i] != r[i+1] {
			x := slices.Clone(r)
			x[i], x[i+1] = x[i+1], x[i]
			out = append(out, string(x))
		}
		out = append(out, string(r[:i])+string(r[i+1:]), string(r[:i+1])+string(r[i:]), string(r[:i])+"x"+
			string(r[i+1:]))
	}
	return out
}

// newer are orders that came later than #note, #send and #close.
var newer = []string{"away", "away until Friday", "back", "practice", "new", "team billing", "why", "history", "who",
	"help", "topic returns", "open", "pending", "undo", "snooze 3d", "remind tomorrow", "take", "assign Ben",
	"priority high", "show 1", "kb lamp", "article 2", "find otto", "cause hamm", "template refund", "learn", "release",
	"drop", "spam", "block", "unblock otto@example.org", "block otto@example.org", "same otto@example.org",
	"forward warehouse"}

// newer are those orders with one text of three languages: a word is no other in the rest.
func (t tongue) newer(b string) []string {
	if b != t.bad[0] || t.code != "en" && t.code != "de" && t.code != "fr" {
		return nil
	}
	return newer
}

var habits = []habit{
	{"sign", "on the line", func(t tongue, b string) []written {
		return text("#note "+b, "#Note "+b, "#NOTE: "+b, "#"+t.note+" "+b, "#note - "+b, "# note "+b, "# "+t.note+" "+b,
			"#note:"+b, "#note."+b)
	}},
	{"sign", "above the text", func(t tongue, b string) []written {
		return text("#note\n"+b, "#note\n\n"+b, "# note\n"+b, "#"+t.note+"\n"+b, "#note:\n"+b, "\n\n#note \n"+b)
	}},
	{"greeting", "above", func(t tongue, b string) []written {
		return text(t.hi+"\n\n#note "+b, t.hi+"\n#note\n"+b, t.hi+"\n\n#"+t.note+": "+b, t.hi+"\n\n# note\n"+b, t.hi+
			" #note "+b)
	}},
	{"dress", "marks of type and quotation", func(t tongue, b string) []written {
		return text("*#note*\n"+b, "**#note** "+b, "_#note_ "+b, "`#note` "+b, "\"#note "+b+"\"", "„#note“ "+b,
			"«#note» "+b, "(#note "+b+")", "[#note] "+b, "'#note' "+b)
	}},
	{"dress", "lists", func(t tongue, b string) []written {
		return text("-#note "+b, "- #note "+b, "* #note "+b, "• #note "+b, "1. #note "+b, "1) #note "+b, "– #note "+b,
			"o #note "+b, "-> #note "+b, "+ #note "+b)
	}},
	{"unseen", "marks before and within", func(t tongue, b string) []written {
		return text("\u200f#note "+b, "\u200e#note "+b, "\u2067#note\u2069 "+b, "\u202b#note "+b, "\ufeff#note "+b,
			"\u200b#\u200bnote "+b, "#\u2060note "+b, "#no\u00adte "+b, "\u061c#note "+b, "\u2800#note "+b,
			"#\ufe0f\u20e3note "+b)
	}},
	{"unseen", "signs of other keyboards", func(t tongue, b string) []written {
		return text("＃note "+b, "﹟note "+b, "＃ｎｏｔｅ "+b, "♯note "+b, "#ｎｏｔｅ "+b, "\u00a0#note "+b, "\u3000#note "+b)
	}},
	{"slip", "of #note", func(t tongue, b string) (out []written) {
		for _, s := range slips("note") {
			out = append(out, text("#"+s+" "+b, t.hi+"\n\n#"+s+"\n"+b, t.reply+"\n\n#"+s+" "+b)...)
		}
		return out
	}},
	{"slip", "of the language's word", func(t tongue, b string) (out []written) {
		if len([]rune(t.note)) < 5 {
			return nil
		}
		for _, s := range slips(t.note) {
			out = append(out, text("#"+s+" "+b)...)
		}
		return out
	}},
	{"glued", "without a blank", func(t tongue, b string) []written {
		return text("#note"+b, "#note-"+b, "#note/"+b, "#note,"+b, "#no te "+b, "#"+t.note+b, "##note "+b, "###note\n"+
			b, "#-note "+b, "#_note_ "+b, "#note_"+b)
	}},
	{"other words", "for a note", func(t tongue, b string) []written {
		return text("#internal "+b, "#private "+b, "#comment "+b, "#"+strings.ReplaceAll(t.internal, " ", "-")+" "+b,
			"#"+t.internal+" "+b, "#team "+b, "#fyi "+b, "#memo\n"+b, "#intern "+b, "#todo "+b)
	}},
	{"other words", "that no table has", func(t tongue, b string) []written {
		return text("#backstage "+b, "#onlyus\n"+b, "#whisper "+b, t.hi+"\n\n#remember "+b)
	}},
	{"other signs", "before the word", func(t tongue, b string) []written {
		return text("/note "+b, "/note: "+b, "/"+t.note+" "+b, "!note "+b, "!"+t.note+" "+b, "§note "+b, "$note "+b,
			"%note "+b, "@note "+b, "\\note "+b, "--note "+b, "=note "+b, "&note "+b, "~note "+b)
	}},
	{"label", "with a colon", func(t tongue, b string) []written {
		return text("note: "+b, "Note: "+b, "NOTE: "+b, t.note+": "+b, t.internal+": "+b, strings.ToUpper(t.internal)+
			": "+b, "note - "+b, t.note+" – "+b, "note:\n"+b, t.internal+"\n"+b, t.internal+":\n\n"+b)
	}},
	{"label", "in brackets", func(t tongue, b string) []written {
		return text("[note] "+b, "(note) "+b, "["+t.note+"] "+b, "("+t.internal+") "+b, "<note> "+b, "[internal]\n"+b,
			"** "+t.internal+" ** "+b, "*note*: "+b, "=== note ===\n"+b)
	}},
	{"label", "below a greeting or an answer", func(t tongue, b string) []written {
		return text(t.hi+"\n\n"+t.internal+": "+b, t.hi+"\n\n"+t.reply+"\n\n"+t.internal+": "+b, t.hi+"\n\n"+t.reply+
			"\n\n["+t.internal+"] "+b)
	}},
	{"label", "internal only", func(t tongue, b string) []written {
		return text("internal only: "+b, "for the team: "+b, "not for the customer: "+b, "note to self: "+b,
			"private note: "+b, "team only - "+b, "nur intern: "+b, "between us: "+b)
	}},
	{"colleague", "called", func(t tongue, b string) []written {
		return text("@Ben "+b, "@ben: "+b, "@Ben, "+b, "Ben, "+b, "Ben: "+b, "Hi Ben,\n"+b, "Hi Ben\n\n"+b, "hey ben "+
			b+"?", "Ben - "+b, "@ben.okafor "+b, "@Ben Okafor "+b, "FAO Ben: "+b, "To Ben: "+b, "Hallo Ben, "+b)
	}},
	{"colleague", "the team", func(t tongue, b string) []written {
		return text("@team "+b, "@all "+b, "@everyone "+b, "@here "+b, "Hi team,\n"+b, "@support "+b, "team: "+b,
			"Dear colleagues,\n"+b)
	}},
	{"colleague", "below an answer", func(t tongue, b string) []written {
		return text(t.hi+"\n\n"+t.reply+"\n\n@Ben "+b, t.hi+"\n\n"+t.reply+"\n\nBen: "+b, t.hi+"\n\n"+t.reply+
			"\n\nHi Ben, "+b, t.reply+" @Ben "+b)
	}},
	{"colleague", "handed over", func(t tongue, _ string) []written {
		return text(t.take+" "+secret, "@Ben "+t.take+" "+secret, "Ben, "+t.take+" "+secret)[1:]
	}},
	{"below", "an answer", func(t tongue, b string) []written {
		return text(t.hi+"\n\n"+t.reply+"\n\n#note "+b, t.hi+"\n\n"+t.reply+"\n\n#note\n"+b, t.hi+"\n"+t.reply+
			"\n#note "+b, t.reply+"\n#note\n"+b, t.reply+" #note "+b, t.reply+"\n\n#"+t.note+" "+b, t.reply+
			"\n\n# note\n"+b, t.reply+"\n\n*#note* "+b, t.reply+"\n\n/note "+b)
	}},
	{"subject", "the order stands there", func(t tongue, b string) []written {
		out := text(b, b, b, b, b)
		for i, s := range []string{"#note", "#note Re: [K7M-4Q9] Broken lamp", "Re: [K7M-4Q9] Broken lamp #note", "#" +
			t.note, t.internal} {
			out[i].subject = s
		}
		return out
	}},
	{"html", "headings, lists, bold", func(t tongue, b string) []written {
		e := html.EscapeString(b)
		var out []written
		for _, h := range []string{"<h1>note</h1><p>" + e + "</p>", "<h2># note</h2><p>" + e + "</p>", "<h1>note " + e +
			"</h1>", "<ul><li>#note " + e + "</li></ul>", "<ol><li>#note " + e + "</li></ol>", "<p><b>#note</b> " + e +
			"</p>", "<p><span>#</span><span>note</span> " + e + "</p>",
			"<p><a href=\"#note\">#note</a> " + e + "</p>", "<p><u>#note</u><br>" + e + "</p>",
			"<table><tr><td>#note " + e + "</td></tr></table>", "<pre>#note " + e + "</pre>", "<p>&#35;note " + e +
				"</p>", "<p>&rlm;#note " + e + "</p>"} {
			w := text("note\n" + b)[0]
			w.html = h
			if !strings.Contains(h, "<h") {
				w.lines[0] = "#note"
			}
			out = append(out, w)
		}
		return out
	}},
	{"about", "without a label", func(t tongue, b string) []written {
		if t.code == "en" {
			return text("he is a liar "+secret, "She has called three times already, be nice "+secret,
				"the customer is wrong "+secret, "Erika Muster is a VIP "+secret)
		}
		return text(t.bad[0])
	}},
	{"spoken sign", "dictated", func(t tongue, b string) []written {
		return text("hashtag note "+b, "hash note "+b, "Hashtag "+t.note+" "+b, "pound note "+b)
	}},
	{"farewell", "the order below it", func(t tongue, b string) []written {
		return text(t.reply+"\n\nBest regards\nAnna\n\n#note "+b, t.reply+"\n\nAnna\n\n#note\n"+b, t.reply+
			"\n\n-- \nAnna\n\n#note "+b, "Best regards\nAnna\n\n#note "+b)
	}},
	{"indented", "by blanks and tabs", func(t tongue, b string) []written {
		return text("  #note "+b, "\t#note "+b, "    #note "+b, t.reply+"\n\n    #note "+b, "    #note\n    "+b, t.hi+
			"\n\n\t#note\n\t"+b)
	}},
	{"looking things up", "words for the desk", func(t tongue, b string) []written {
		return text("#kb "+b, "#KB: "+b, "# kb "+b, "/kb "+b, "＃kb "+b, "*#kb* "+b, "#find "+b, "#Find: "+b,
			"#finde "+b,
			"/find "+b, "#fnd "+b, "#search "+b, "#article "+b, "#artikel "+b, "#artcle "+b, "#template "+b,
			"#template refund "+b, "#template refnd "+b, "#vorlage refund "+b, "#tempalte refund "+b, "#practice "+b,
			t.hi+"\n\n#kb "+b, t.hi+"\n\n#find "+b, t.hi+"\n\n#template refund\n\n#note "+b, t.reply+"\n\n#kb "+b,
			t.reply+"\n\n#template refund\n\n#note "+b, "#template refund amount="+secret, "#show refund "+b)
	}},
	{"many", "words for all who asked, or for a department", func(t tongue, b string) (out []written) {
		for _, w := range append(slips("fixed"), "fixed", "FIXED", "mended") {
			out = append(out, text("#"+w+" hamm\n\n"+b, t.hi+"\n\n#"+w+" hamm\n"+b)...)
		}
		return append(out, text("#fixed hamm "+b, "#fixed\n"+b, "# fixed hamm\n\n"+b, "#cause hamm "+b)...)
	}},
	{"newer", "words behind the order", func(t tongue, b string) (out []written) {
		for _, w := range t.newer(b) {
			out = append(out, text("#"+w+" "+b, "#"+w+": "+b, t.hi+"\n\n#"+w+" "+b, "*#"+w+"* "+b, "-#"+w+" "+b,
				"\u200f#"+w+" "+b, "＃"+w+" "+b, "# "+w+" "+b, "/"+w+" "+b, "\"#"+w+" "+b+"\"", "#"+w+"\n#note "+b,
				t.reply+"\n\n#"+w+" "+b, "> #"+w+"\n\n#note "+b)...)
		}
		return out
	}},
	{"newer", "slips of them", func(t tongue, b string) (out []written) {
		if t.code != "en" {
			return nil
		}
		for _, w := range t.newer(b) {
			for _, s := range slips(strings.Fields(w)[0]) {
				out = append(out, text("#"+s+" "+b)...)
			}
		}
		return out
	}},
	{"newer", "in the subject", func(t tongue, b string) (out []written) {
		for _, w := range t.newer(b) {
			for _, s := range []string{"#" + w, "Re: [K7M-4Q9] Broken lamp #" + w, "#" + w + " Re: Broken lamp"} {
				m := text("#note " + b)[0]
				m.subject = s
				out = append(out, m)
			}
		}
		return out
	}},
	{"wrapped", "lines and paragraphs", func(t tongue, b string) []written {
		return text("#note "+b+"\n\n"+b+"\n\n"+b, "#note\n\n\n\n"+b, "#note\n\n"+t.hi+"\n\n"+b, "#note "+b+"\n- "+b+
			"\n- "+b)
	}},
}

// bare are orders with nothing else: nothing of them may leave.
var bare = []habit{
	{"bare", "numbers and words", func(t tongue, _ string) []written {
		return text("1", "#1", "1.", "(1)", "send 1", "Send 1.", "ok send it", "ok 1", "1 "+t.please, "close", "Close.",
			"close "+t.please, "please close", "#close", "#Close.", "#closed", "#"+t.close, "# close", "send it",
			"#send 1", "#send1", "#Send 1 "+t.please, "#send #1", "answer 1", "number 1", "option 1", "/close",
			"/send 1", "*#close*", "\u200f#close", "1\n\nAnna", "#template refund", "#Template Refund "+t.please,
			"#template", "template refund", "#kb lamp", "kb lamp", "#find otto", "find otto", "#article 2", "#practice",
			"practice "+t.please, "#show refund", "#vorlage late parcel")
	}},
	{"bare", "slips", func(t tongue, _ string) (out []written) {
		for _, w := range []string{"close", "send 1"} {
			for _, s := range slips(strings.Fields(w)[0]) {
				out = append(out, text("#"+strings.TrimSpace(s+" "+strings.Join(strings.Fields(w)[1:], " ")))...)
			}
		}
		return out
	}},
	{"bare", "causes", func(t tongue, _ string) (out []written) {
		for _, s := range append(slips("cause"), "cause", "Cause") {
			out = append(out, text("#"+s, "#"+s+" hamm", t.hi+"\n\n#"+s+" hamm")...)
		}
		return append(out, text("#fixed hamm", "#fixed", "#cause none", "#cause new hamn", "#cause: hamm.")...)
	}},
	{"bare", "orders to other mails", func(t tongue, _ string) []written {
		return text("why 1", "Why 2, 3.", "#why 1", "release 3", "Release 3 and 5.", "#release 3", "drop 2",
			"drop 2\n\nAnna", "release all", "drop the rest", "release 1, 2; drop 3", "please release 3",
			"F", "f h", "F, H", "#F", "1 not F H",
			"1 not F and H "+t.please, "5 take", "take 5", "Take 5 and 6.", "5 take "+t.please, "-- \nF")
	}},
	{"bare", "nothing", func(t tongue, _ string) []written {
		return text("", " ", "\u00a0\n\u200b", "Anna", t.hi, "Best regards\nAnna", t.hi+"\n\nAnna", "-- \nAnna Winter")
	}},
}

// TestLeakAgentsMails: whatever a careless agent writes, in whatever program and
// language, nothing that is for the team or for the desk reaches a customer.
func TestLeakAgentsMails(t *testing.T) {
	tried, carried, asked := 0, 0, 0
	leaks := map[string]int{}
	try := func(h habit, m written, c client, leaked func(string) bool) {
		tried++
		r, err := reads(c.raw(m))
		switch {
		case err == nil && r.Doubt == nil && !r.Nothing:
			carried++
		default:
			asked++
		}
		if left := gone(r, err); leaked(left) {
			if leaks[h.family+": "+h.name]++; leaks[h.family+": "+h.name] <= 4 {
				t.Errorf("%s, %s: %s\n  leaves %q", h.family, h.name, describe(m, c), left)
			}
		}
	}
	n := 0
	for _, h := range habits {
		for _, l := range tongues {
			for k, b := range l.bad {
				for i, m := range h.write(l, b) {
					for j, c := range clients {
						// Each mail by a third of the programs, each program with each mail in turn.
						if (i+j+k+n)%3 == 0 {
							try(h, m, c, func(left string) bool {
								return strings.Contains(left, secret) ||
									strings.Contains(left, "#note")
							})
						}
					}
				}
			}
			n++
		}
	}
	for _, h := range bare {
		for _, l := range tongues {
			for i, m := range h.write(l, "") {
				for j, c := range clients {
					if (i+j)%4 == 0 {
						try(h, m, c, func(left string) bool { return strings.TrimSpace(left) != "" })
					}
				}
			}
		}
	}
	total := 0
	for _, k := range leaks {
		total += k
	}
	fmt.Fprintf(t.Output(), "%d agents' mails: %d carried out, %d asked about or empty, %d leaks\n", tried, carried,
		asked, total)
	for _, k := range slices.Sorted(func(yield func(string) bool) {
		for k := range leaks {
			if !yield(k) {
				return
			}
		}
	}) {
		fmt.Fprintf(t.Output(), "  %s: %d\n", k, leaks[k])
	}
	if tried < 5000 {
		t.Errorf("only %d mails were tried", tried)
	}
}
