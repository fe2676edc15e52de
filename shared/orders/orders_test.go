package orders_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/orders"
)

// around is the desk of the tests: Anna writes, Erika waits.
var around = orders.Desk{Self: []string{"Anna Winter", "Anna"}, Colleagues: []string{"Ben Okafor", "ben"},
	Customer: []string{"Erika Muster"}, Offered: 2,
	Templates: func() []string { return []string{"refund", "late-parcel", "thanks"} }}

// said writes a reading in short: what is done, "|" what the customer gets, "|"
// what the team keeps. "?" begins what is asked about, with what yes does.
func said(r orders.Reading, err error) string {
	var bad *desk.CommandError
	if errors.As(err, &bad) {
		return "no: " + bad.Why
	}
	if r.Nothing {
		return "nothing"
	}
	if r.Doubt != nil {
		if r.Doubt.Yes == nil {
			return "? " + r.Doubt.Why
		}
		return "?" + said(*r.Doubt.Yes, nil)
	}
	var cs []string
	for _, c := range r.Commands {
		w := c.Name
		if c.Argument > 0 {
			w += fmt.Sprint(" ", c.Argument)
		}
		if c.Word != "" {
			w += " " + c.Word
		}
		cs = append(cs, w)
	}
	out := strings.Join(cs, ", ")
	text := r.Text
	if r.Below != "" {
		text += " … " + r.Below
	}
	if text != "" {
		out += "|" + strings.ReplaceAll(text, "\n", "/")
	}
	if r.Note != "" {
		out += "|note: " + strings.ReplaceAll(r.Note, "\n", "/")
	}
	return strings.TrimPrefix(out, "|")
}

func TestWhatIsCarriedOut(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Hello Erika,\nit works.", "Hello Erika,/it works."},
		{"#close", "close"},
		{"\n #CLOSE \r\n\r\nDone.\r\n", "close|Done."},
		{"#send 2\n#close\nThe lamp comes on Friday.", "send 2, close|The lamp comes on Friday."},
		{"#note\nHe called.", "note|note: He called."},
		{"\u200b#close\u00a0", "close"},
		{"＃close", "close"},
		{"﹟note he called", "note|note: he called"},
		{"\u200f#note he called", "note|note: he called"},
		{"\u2067#note\u2069\nhe called", "note|note: he called"},
		{"#️⃣note he called", "note|note: he called"},
		{"*#note*\nhe called", "note|note: he called"},
		{"**#note** he called", "note|note: he called"},
		{"-#note he called", "note|note: he called"},
		{"- #note he called", "note|note: he called"},
		{"1. #note he called", "note|note: he called"},
		{`"#note he called"`, "note|note: he called"},
		{"„#note“ he called", "note|note: he called"},
		{"# note\nhe called", "note|note: he called"},
		{"# note he is a liar", "note|note: he is a liar"},
		{"#note he is a liar", "note|note: he is a liar"},
		{"#note: he is a liar", "note|note: he is a liar"},
		{"#Note he is a liar\n\nSecond line", "note|note: he is a liar//Second line"},
		{"#notiz sie ist schwierig", "note|note: sie ist schwierig"},
		{"#interne Notiz sie ist schwierig", "note|note: sie ist schwierig"},
		{"/note he is a liar", "note|note: he is a liar"},
		{"/close", "close"},
		{"Hi Erika,\n\n#note this customer is a liar", "note|note: this customer is a liar"},
		{"Hi Erika,\n#note\nthis customer is a liar", "note|note: this customer is a liar"},
		{"Hi Erika, #note she lies", "note|note: she lies"},
		{"Hello Erika, this should help:\n#send 1", "send 1|Hello Erika, this should help:"},
		{"Hello Erika, this should help:\n\n#send 1\n\nTell us if not.",
			"send 1|Hello Erika, this should help: … Tell us if not."},
		{"Hello Erika,\n\nThe lamp is on its way.\n\n#close", "close|Hello Erika,//The lamp is on its way."},
		{"Hello Erika,\n\nThe lamp is on its way.\n\n#note\nShe was rude.",
			"note|Hello Erika,//The lamp is on its way.|note: She was rude."},
		{"Hello Erika,\n\nThe lamp is on its way.\n\n#note She was rude.",
			"note|Hello Erika,//The lamp is on its way.|note: She was rude."},
		{"#Close.", "close"}, {"#closed", "close"}, {"#close it please", "close"}, {"#close thanks", "close"},
		{"#schließen", "close"},
		{"#send1", "send 1"}, {"#close #note she called", "close, note|note: she called"},
		{"#send 1 #note she called", "send 1, note|note: she called"}, {"#Send 1.", "send 1"}, {"#send #1", "send 1"},
		{"#send 1 #close", "send 1, close"}, {"#send 1 and close", "send 1, close"}, {"#send 1 2", "send 1, send 2"},
		{"1", "send 1"}, {"#1", "send 1"}, {"1.", "send 1"}, {"send 1", "send 1"}, {"Send 1 please", "send 1"},
		{"close", "close"}, {"Close.", "close"}, {"ok send it 1", "send 1"}, {"ok, 1 please", "send 1"},
		{"schick 1", "send 1"}, {"1 bitte", "send 1"}, {"1 and close", "send 1, close"}, {"help", "help"},
		{"show 1", "show 1"}, {"1\n\nAnna", "send 1"},
		{"#merge 2", "merge 2"}, {"#Merge [k7m-4q9]", "merge K7M-4Q9"}, {"#undo", "undo"}, {"undo", "undo"},
		{"undo it please", "undo"}, {"#undo, wrong customer!", "undo"}, {"#rückgängig", "undo"}, {"#unsend", "undo"},
		{"#cc eva@example.com", "add eva@example.com"}, {"#Cc: <eva@example.com>", "add eva@example.com"},
		{"#kopie eva@example.com", "add eva@example.com"},
		{"#split\n\nBest, Anna", "split|Best, Anna"},
		{"#add eva@x.example\n#remove 1\nWelcome to you both.", "add eva@x.example, remove 1|Welcome to you both."},
		{"#add eva@x.example<mailto:eva@x.example>", "add eva@x.example"},
		{"#send anyway", "send-anyway"}, {"#send-anyway", "send-anyway"},
		{"#learn\nTurn the ring.", "learn|Turn the ring."},
		{"#note\n#close\nhe called", "note, close|note: he called"},
		{"#answer\nIt is on its way.", "answer|It is on its way."},
		{"#answer Dear Erika, it is on its way.", "answer|Dear Erika, it is on its way."},
		{"#answer\nIt is on its way.\n\n#note she was rude", "answer, note|It is on its way.|note: she was rude"},
		{"#note!\nshe called", "note all|note: she called"}, {"#note all\nshe called", "note all|note: she called"},
		{"#note! she called", "note all|note: she called"},
		{"#note all of it is broken", "note|note: all of it is broken"},
		{`\#note is our tag`, "#note is our tag"}, {"Look at\n\\#close and \\#1", "Look at/#close and #1"},
	} {
		if got := said(orders.Read(orders.Mail{Text: c.text}, around)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestWhatIsAskedAbout(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Hi Erika,\n\n#ntoe she is a liar", "?note|note: she is a liar"},
		{"#ntoe\nshe is a liar", "?note|note: she is a liar"},
		{"#clsoe\nIt works.", "?close|It works."},
		{"#no te she lies", "?note|note: she lies"},
		{"#nnote she lies", "?note|note: she lies"},
		{"#noteshe lies", "?note|note: she lies"},
		{"#internal she lies", "?note|note: she lies"},
		{"Hello Erika,\n\nThe lamp is on its way.\n\n#ntoe she lies",
			"?note|Hello Erika,//The lamp is on its way.|note: she lies"},
		{"Hello Erika,\nthe lamp is on its way\n#note she lies",
			"?note|Hello Erika,/the lamp is on its way|note: she lies"},
		{"The lamp is on its way. #note she lies", "?note|The lamp is on its way.|note: she lies"},
		{"#frobnicate\nHello", "? unknown"},
		{"/reset", "? unknown"},
		{"note: he is a liar", "?note|note: he is a liar"},
		{"Note: he is a liar", "?note|note: he is a liar"},
		{"NOTE - difficult", "?note|note: difficult"},
		{"[note] he is a liar", "?note|note: he is a liar"},
		{"note he is a liar", "?note|note: he is a liar"},
		{"Notiz: schwierig", "?note|note: schwierig"},
		{"interne Notiz: schwierig", "?note|note: schwierig"},
		{"Interne Notiz\nschwierig", "?note|note: schwierig"},
		{"nur intern: sie lügt", "?note|note: sie lügt"},
		{"internal only, he lies", "?note|note: he lies"},
		{"Hi Erika,\n\nInternal: she lies", "?note|note: she lies"},
		{"Hallo Erika,\n\ndie Lampe ist unterwegs.\n\nNotiz: sie ist schwierig",
			"?note|Hallo Erika,//die Lampe ist unterwegs.|note: sie ist schwierig"},
		{"Hallo Erika,\n\ndie Lampe ist unterwegs.\n\nTelefonnotiz: will erst das Geld",
			"?note|Hallo Erika,//die Lampe ist unterwegs.|note: will erst das Geld"},
		{"Beste Erika,\n\nde lamp is onderweg.\n\nNotitie: wil eerst geld",
			"?note|Beste Erika,//de lamp is onderweg.|note: wil eerst geld"},
		{"Hello Erika,\n\nit is on its way.\n\nMemo: third one this week",
			"?note|Hello Erika,//it is on its way.|note: third one this week"},
		{"Bonjour Erika,\n\nelle est en route.\n\nMémo : veut un avoir",
			"?note|Bonjour Erika,//elle est en route.|note: veut un avoir"},
		{"Hello Erika,\n\nThe lamp is on its way.\n\nnote: she is difficult",
			"?note|Hello Erika,//The lamp is on its way.|note: she is difficult"},
		{"Hello Erika,\n\nThe lamp is on its way.\n\nInternal note: she is difficult",
			"?note|Hello Erika,//The lamp is on its way.|note: she is difficult"},
		{"@Ben can you take this?", "?note|note: @Ben can you take this?"},
		{"@ben.okafor please look", "?note|note: @ben.okafor please look"},
		{"@team who has time?", "?note|note: @team who has time?"},
		{"Ben, can you take this?", "?note|note: Ben, can you take this?"},
		{"Ben can you take this?", "?note|note: Ben can you take this?"},
		{"Hi Ben,\ncan you take this?", "?note|note: Hi Ben,/can you take this?"},
		{"Hi team, who has time?", "?note|note: Hi team, who has time?"},
		{"FAO Ben: she lies", "?note|note: FAO Ben: she lies"},
		{"Hello Erika,\n\nThe lamp is on its way.\n\n@Ben please check the stock",
			"?note|Hello Erika,//The lamp is on its way.|note: @Ben please check the stock"},
		{"bitte übernimm du", "?note|note: bitte übernimm du"},
		{"he is a liar", "?note|note: he is a liar"},
		{"Erika Muster has called three times", "?note|note: Erika Muster has called three times"},
		{"Der Kunde lügt.", "?note|note: Der Kunde lügt."},
		{"Die Kundin ist sauer, ich rufe sie an.", "?note|note: Die Kundin ist sauer, ich rufe sie an."},
		{"Der Kunde wollte ihre Nummer nicht.", "?note|note: Der Kunde wollte ihre Nummer nicht."},
		{"Der Kunde hat recht, ich habe ihnen das falsche Paket geschickt",
			"?note|note: Der Kunde hat recht, ich habe ihnen das falsche Paket geschickt"},
		{"ok send it", "?send 1"},
		{"Closed.", "?close"},
		{"Hi Erika,\n\n1", "?send 1"},
		{"Hello Erika,\nthe lamp is on its way.\n\nclose", "?close|Hello Erika,/the lamp is on its way."},
		{"send 1\n\nHello Erika, this helps.", "?send 1|Hello Erika, this helps."},
		{"send\n\nonce more", "?send 1|once more"},
		{"#close he was rude", "?close, note|note: he was rude"},
		{"!note he lies", "?note|note: he lies"},
	} {
		if got := said(orders.Read(orders.Mail{Text: c.text}, around)); got != c.want {
			t.Errorf("%q\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// What tempts, and is the customer's.
func TestWhatGoes(t *testing.T) {
	for _, text := range []string{
		"Hello Erika,\n\nNote: unplug it first.", "Hello Erika,\n\nturn it off.\n\nNote: unplug it first.",
		"Hallo Erika,\n\nHinweis: Ziehen Sie den Stecker.", "Please turn it.\n\nPS: We are closed on Monday.",
		"#4711 was shipped", "Order #20881 has left.", "Use the tag\n#summer in your post", "# Steps\n1. Open it",
		"# Close the lid\n\nThen turn it.\n\n# Send the form", "Close the lid and turn it.",
		"Please send 2 photos of the lamp.", "Type /reset in the app.", "Share it with #LanternShop!",
		"Follow us:\n\n#LanternShop #Lamps", "Yes.", "No, that is not possible.", "12345",
		"Ben will call you tomorrow.",
		"My colleague Ben wrote to you.", "Write to @lanternshop on Instagram.", "@Erika: the lamp is on its way.",
		"Erika, the lamp is on its way.", "```\n# note: restart it\n#include <stdio.h>\n```",
		"The rest:\n\n    # close the file\n    f.close()",
		"Thanks, Anna", "Ok, thank you!", "Done.", "You can close the ticket yourself.", "Hello Erika,\n\nAnna",
		"1. Open the lid.\n2. Close it.", "> Is it 1 or 2?\n\n2", "Note that your order has left.",
	} {
		r, err := orders.Read(orders.Mail{Text: text}, around)
		if text == "Hello Erika,\n\nAnna" {
			if !r.Nothing {
				t.Errorf("%q says something: %s", text, said(r, err))
			}
			continue
		}
		if got := said(r, err); got != strings.ReplaceAll(text, "\n", "/") || !r.AsWritten {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", " \n\u00a0\n\u200b", "Sent from my iPhone", "Von meinem iPhone gesendet",
		"Best regards\nAnna", "Anna", "Hi Erika,", "Hi Erika,\n\nBest regards\nAnna Winter",
		"-- \nAnna Winter\nLantern Shop",
		"Anna Winter\nLantern Shop Ltd\n12 Dock Road\n+44 20 7946 0123",
		"Anna Winter | Support\nLantern Shop GmbH\nwww.lantern.example", "Hi,\n\nSent from my iPhone",
		"Get Outlook for iOS<https://aka.ms/o0ukef>", "\ufffc", "…"} {
		if r, err := orders.Read(orders.Mail{Text: text}, around); err != nil || !r.Nothing {
			t.Errorf("%q says something: %s", text, said(r, err))
		}
	}
	for _, text := range []string{"Yes", "2 pieces", "👍", "030 123456", "https://lantern.example/x", "Erika?",
		"Sent from my desk, which is tidier"} {
		if r, _ := orders.Read(orders.Mail{Text: text}, around); r.Nothing {
			t.Errorf("%q says nothing", text)
		}
	}
}

func TestWhereElseOrdersStand(t *testing.T) {
	for _, c := range []struct {
		mail orders.Mail
		want string
	}{
		{orders.Mail{Text: "he is a liar", Subject: "#note Re: [K7M-4Q9] Broken lamp", Of: "Broken lamp"},
			"note|note: he is a liar"},
		{orders.Mail{Text: "The lamp is on its way.", Subject: "Re: [K7M-4Q9] Broken lamp #close", Of: "Broken lamp"},
			"close|The lamp is on its way."},
		{orders.Mail{Text: "", Subject: "close", Of: "Broken lamp"}, "close"},
		{orders.Mail{Text: "he lies", Subject: "Internal", Of: "Broken lamp"}, "?note|note: he lies"},
		{orders.Mail{Text: "he lies and I know it, you see", Subject: "#ntoe", Of: "Broken lamp"},
			"?note|note: he lies and I know it, you see"},
		{orders.Mail{Text: "It is on its way.", Subject: "Re: [K7M-4Q9] Please #close order #20881",
			Of: "Please #close order #20881"}, "It is on its way."},
		{orders.Mail{Text: "It is on its way.", Subject: "Re: [K7M-4Q9] A note", Of: "A note"}, "It is on its way."},
		{orders.Mail{Text: "note\nhe is a liar", HTML: "<h1>note</h1><p>he is a liar</p>"}, "note|note: he is a liar"},
		{orders.Mail{Text: "Hi Erika,\n\nSteps\n\nTurn it.\n\nNote\n\nUnplug it.",
			HTML: "<p>Hi Erika,</p><h2>Steps</h2><p>Turn it.</p><h2>Note</h2><p>Unplug it.</p>"},
			"Hi Erika,//Steps//Turn it.//Note//Unplug it."},
		{orders.Mail{Text: "It is on its way.", Aside: "Best regards\nAnna\n\n#close"}, "close|It is on its way."},
		{orders.Mail{Text: "It is on its way.", HTML: "<p>It is on its way.</p><p>#note she lies</p>"},
			"note|It is on its way.|note: she lies"},
	} {
		if got := said(orders.Read(c.mail, around)); got != c.want {
			t.Errorf("%+v\n got %s\nwant %s", c.mail, got, c.want)
		}
	}
}

func TestWhatContradictsItselfIsRefused(t *testing.T) {
	for _, text := range []string{"#send", "#send 0", "#close\n#close", "#note\n#close", "#note\n#send 1\ntext",
		"#note\n#answer\ntext", "#merge", "#merge x", "#merge 0", "#merge 1 2", "#split\n#close", "#undo\n#undo",
		"#merge 1\n#merge 2", "#add", "#add eva", "#add eva@", "#add a@x.example b@x.example", "#show",
		"#show 1\n#close", "#show 1\n#show 2", "#learn"} {
		_, err := orders.Read(orders.Mail{Text: text}, orders.Desk{})
		var ce *desk.CommandError
		if !errors.As(err, &ce) || ce.Why == "" {
			t.Errorf("%q: %v; want a CommandError that says why", text, err)
		}
	}
}
