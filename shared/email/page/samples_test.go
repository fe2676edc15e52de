package page

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/golden"
)

var morning = time.Date(2026, 11, 2, 9, 14, 0, 0, time.FixedZone("CET", 3600))

// samples are mails as the product writes them, and one with every block. They
// are golden files because a person has to look at them: after a change, run
// go test -update, open testdata/*.html in a browser, narrow and wide, light and dark.
var samples = map[string]Document{
	"every-block":  everyBlock,
	"notification": notification,
	"answer":       answer,
	"digest":       digest,
	"report":       report,
}

var everyBlock = Document{Lang: "en", Preheader: "All there is", Blocks: []Block{
	ReplyLine{Hint: "Your answer goes to Erika Mustermann."},
	Heading{1, "Every block <once>"},
	Paragraph{"A paragraph with a link to https://example.com/help?a=1&b=2, an address (erika@example.net),\nand a " +
		"second line.\n\n    an indented line\n\n> and what she had said"},
	Link{"Read the article", "https://example.com/articles/12"},
	Link{"Not a link", "javascript:alert(1)"},
	Heading{2, "What somebody wrote"},
	Message{Who: "Erika Mustermann", When: "Mon 2 Nov 2026, 09:14 CET",
		Text: "Hello,\n\nthe export button does nothing.\n\nErika"},
	Message{Who: "Jürgen", HTML: Clean(
		`<p onclick="x()">With <b>bold</b>, <a href="https://example.net/">a link</a>,<img ` +
			`src="https://tracker.example/p.gif"> <img src="https://cdn.example/logo.png" alt="a logo"></p><ul>` +
			`<li>one</li><li>two</li></ul><script>alert(1)</script>`)},
	Quote{Who: "Erika Mustermann", When: "30 Oct",
		Text: "I cannot find last month's invoice.\n> Have you looked in Billing?\nYes."},
	Heading{3, "Facts and lists"},
	Facts{[]Fact{{"Customer since", "March 2021"}, {"Plan", "Team, 12 seats"}, {"Site", "https://mustermann.example"}}},
	Bullets{[]string{"First", "Second, with\na second line", "Third"}},
	Numbered{[]string{"Open Billing", "Choose the month", "Press Download"}},
	Band{Turn, "Your turn", "Waiting for 5 minutes."},
	Aside{"First contact.", "erika@example.net, sender confirmed."},
	Panel{Title: "Answer 1: Export of long months", Why: "Fits well: sent for 14 of 20 such mails.",
		Text: "Long months take longer:\n\n1. Open Reports.\n2. Press Export <once>.\n\nThen wait for our mail.",
		More: []string{"and 4 more lines: #show 1"},
		Buttons: []Button{{Label: "Send answer 1 to Erika Mustermann",
			URL: "mailto:support+x@example.com?subject=Send%20answer%201&body=1", Likely: true,
			Say: "To send answer 1 to Erika Mustermann, reply: #send 1"}}},
	Panel{Title: "Answer 2: Only a title", Buttons: []Button{
		{Label: "Send answer 2 to Erika Mustermann",
			URL: "mailto:support+x@example.com?subject=Send%20answer%202&body=2",
			Say: "To send answer 2 to Erika Mustermann, reply: #send 2"}}},
	Team{"Ben Okafor noted", "Wed 4 Nov, 16:40", "Third one from the October batch."},
	Entries{[]Entry{{Sign: "A", Name: "Nora Feld", About: "since 10:05", Text: "“the lamp smells burnt”",
		URL: "mailto:support+x@example.com?subject=Fetch&body=A"}, {Sign: "B", Name: "Rita Voss"}}},
	Table{Caption: "Topics this week", Head: []string{"Topic", "Mails", "Change"},
		Rows: [][]string{{"Export fails", "14", "+9"}, {"Invoice address", "6", "-2"}, {"請求書", "3", "–"}}},
	Callout{Info, "Good to know", "Her last case was reopened twice."},
	Callout{Warning, "Not authenticated",
		"The sender's domain could not be checked. Answer only what anyone may know."},
	Callout{Problem, "Not sent", "Your mail began with #clsoe, which is no command. Nothing was sent."},
	Commands{[]Command{{"#close", "closes the conversation after your answer"},
		{"#note", "keeps your text inside the team"}, {"#send 1", "sends suggestion 1"}}},
	Readings{[]Reading{{"First answer", "Half within 5 hours", "Counts all 118 <who wrote>.", ""},
		{"Thanks", "7 mails", "", "mailto:a@b.example?subject=Thanks"}}},
	Bars{Caption: "Exchanges until solved", Bars: []Bar{{"1", 42, ""}, {"2 or 3", 17, ""}, {"more", 4.5, "4.5"},
		{"none", 0, ""}}},
	Small{"Conversation K7QF-2M. You get this mail because you answer support@example.com."},
}}

var notification = Document{Lang: "en", Preheader: "Your turn. The export button does nothing when I choose October",
	Blocks: []Block{
		ReplyLine{Hint: "Goes to Erika Mustermann.", Strong: "Erika Mustermann"},
		Band{Turn, "Your turn", "Waiting for 5 minutes."},
		Message{Who: "Erika Mustermann wrote", When: "Mon 2 Nov, 09:14",
			Text: "Hello,\n\nthe export button does nothing when I choose October. I tried Firefox and Chrome, and " +
				"my colleague has it too. We must send the figures to our accountant by Wednesday.\n\nWhat can I " +
				"do?\n\nKind regards\nErika"},
		Paragraph{"2 files: screenshot.png (84 kB), october.csv (12 kB)"},
		Aside{"Customer since March 2021.",
			"erika@example.net, sender confirmed. 9 earlier conversations, all solved."},
		Panel{Title: "Answer 1: Export of long months", Why: "Fits well: sent for 14 of 20 such mails.",
			Text: "Use the new export: https://example.com/kb/export-long",
			Buttons: []Button{{Label: "Send answer 1 to Erika Mustermann",
				URL: "mailto:support+x@example.com?subject=Send%20answer%201&body=1", Likely: true,
				Say: "To send answer 1 to Erika Mustermann, reply: #send 1"}}},
		Heading{2, "What happened so far"},
		Quote{Who: "Anna wrote", When: "Fri 30 Oct, 10:02",
			Text: "Dear Erika, please try once more with a shorter period."},
		Quote{Who: "Erika Mustermann wrote", When: "Fri 30 Oct, 09:40", Text: "The export stopped at 80 %."},
		Small{"Reply in your own words. #note keeps words in the team.\nK7Q-F2M, Example Support."},
	}}

var answer = Document{Lang: "en", Personal: true, Blocks: []Block{
	Body{Text: "Dear Erika,\n\nsorry about that: exports of long months stopped with an error until this morning. It " +
		"is mended, so the button works again for October.\n\n1. Open Reports and choose October.\n2. Press Export.\n" +
		"\nIf you need the figures at once, here they are: https://example.com/exports/october\n\nKind regards\n" +
		"Anna\nExample Support"},
	Original{Attribution: Attribution("en", "Erika Mustermann", morning),
		Text: "Hello,\n\nthe export button does nothing when I choose October.\n\n> Dear Erika, please try once more " +
			"with a shorter period.\n\nI did.\n\nErika"},
}}

var digest = Document{Lang: "en", Preheader: "3 new messages in 2 conversations", Blocks: []Block{
	Heading{1, "3 new messages in 2 conversations"},
	Paragraph{"Many mails came at once, so here they are in one. Each has been kept in full; open it by its link, or " +
		"reply to the mail that follows for it."},
	Heading{2, "Export fails for October"},
	Message{Who: "Erika Mustermann", When: "09:14", Text: "The export button does nothing when I choose October…"},
	Message{Who: "Erika Mustermann", When: "09:20", Text: "One more thing: my colleague has it too…"},
	Link{"Answer Erika",
		"mailto:support+ceaqea3aicqgb2dlidvaaaacbhkdvvj34jc3vkuaag5fbzhgjonlk@example.com?subject=Re%3A%20Export"},
	Heading{2, "Invoice for September"},
	Message{Who: "Jürgen Müller", When: "09:31", Text: "Könnten Sie mir die Rechnung noch einmal schicken?…"},
	Link{"Answer Jürgen",
		"mailto:support+ceaqea3aicqgb2dlidvaaaacbhkdvvj34jc3vkuaag5fbzhgjonlk@example.com?subject=Re%3A%20Invoice"},
	Small{"You get one mail for several messages whenever more than 20 arrive within an hour."},
}}

var report = Document{Lang: "en", Preheader: "61 solved, 41 of them at the first answer. Look at: Export fails",
	Blocks: []Block{
		Heading{1, "Support, 26 October to 1 November"},
		Callout{Warning, "Look at this first: Export fails",
			"14 mails this week, usually 5. They began on Thursday after 15:00. Three customers wrote twice."},
		Heading{2, "How well were concerns addressed?"},
		Facts{[]Fact{{"Solved", "61 of 68 conversations"},
			{"At the first answer", "41 (67 %); the four weeks before: 63 %"}, {"Reopened", "3"},
			{"First answer", "half within 48 minutes, nine of ten within 3 h 10 min"}}},
		Bars{Caption: "Exchanges until solved (your benchmark: 2)",
			Bars: []Bar{{"1", 41, ""}, {"2", 12, ""}, {"3", 5, ""}, {"4 and more", 3, ""}}},
		Heading{2, "What customers wrote about"},
		Table{Head: []string{"Topic", "Mails", "Usually", "Solved at first answer"},
			Rows: [][]string{{"Export fails", "14", "5", "36 %"}, {"Invoices", "11", "12", "91 %"},
				{"Sign-in", "9", "8", "78 %"}, {"Seats and plans", "7", "7", "86 %"}}},
		Heading{2, "What the team needs"},
		Bullets{[]string{"An article about exports: 9 answers were written by hand, much alike.",
			"4 conversations wait for Billing, the oldest for 3 days."}},
		Heading{2, "Good news"},
		Quote{Who: "A customer since 2021", Text: "That was the quickest help I ever got. Thank you!"},
		Small{"Figures count conversations, never people. Each says why it is here: https://example.com/docs/report"},
	}}

func TestSamples(t *testing.T) {
	for name, doc := range samples {
		golden.File(t, "testdata/"+name+".txt", doc.Text())
		golden.File(t, "testdata/"+name+".html", doc.HTML())
	}
}
