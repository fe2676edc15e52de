package guard_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench/processor"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/letters"
)

const (
	hers  = desk.ConversationID("0123456789a0") // Erika's conversation, which the mail belongs to
	his   = desk.ConversationID("ba9876543200") // João's
	erika = "erika@customers.example"
	joao  = "joao@customers.example"
	anna  = "anna@team.example"
)

// What João wrote, and nobody else knows.
const secret = "My daughter has been in hospital since Tuesday with a broken hip, so please send the blue lamp to " +
	"her flat in Lisbon and leave the parcel with the neighbour on the third floor."

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// desktop is a desk with both conversations, as Anna's mailbox shows them.
func desktop(t testing.TB) guard.Known {
	keys, err := replyaddr.NewKeyring(3, map[uint8][]byte{1: bytes.Repeat([]byte("a"), 32),
		3: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	say := func(conv desk.ConversationID, n int, kind desk.MessageKind, from, text string) desk.Message {
		return desk.Message{Conversation: conv, Sequence: n, Kind: kind, From: desk.Person{Address: from}, Text: text,
			At: now}
	}
	return guard.Known{Keys: keys, Now: now, Frame: letters.Frames(),
		Settings: &desk.Settings{Mailboxes: []desk.Mailbox{
			{ID: "support", Address: "support@shop.example", Agents: []string{"anna"}}},
			Agents: []desk.Agent{{ID: "anna", Name: "Anna", Addresses: []string{anna}}}},
		Conversation: desk.Conversation{ID: hers, Mailbox: "support",
			Customer: desk.Person{Name: "Erika", Address: erika}, Subject: "Broken lamp"},
		Messages: []desk.Message{
			say(hers, 1, desk.KindCustomer, erika, "Hello, the lamp I ordered last week arrived broken and the glass "+
				"is cracked on both sides. What do I do now?"),
			say(hers, 2, desk.KindNote, anna, "She is the niece of our landlord, so be generous and do not ask for "+
				"the receipt again."),
			say(hers, 3, desk.KindNote, anna, "Not a good payer."),
			say(hers, 4, desk.KindAnswer, anna, "Dear Erika,\n\nwe send you a new lamp tomorrow with the first post, "+
				"and you may keep the old one.\n\nAnna"),
			say(his, 1, desk.KindCustomer, joao, "Hello,\n\n"+secret+
				"\n\nThank you very much in advance for your help!\nJoão"),
			say(his, 2, desk.KindAnswer, anna, "Dear João,\n\nyour parcel leaves our warehouse within two working "+
				"days; as soon as it is on its way you get a mail with the number of the parcel.\n\nAnna"),
		},
		Public: []string{"Return a lamp\nPack the lamp into its box, print the label that you find in your account, " +
			"and bring the parcel to any post office within thirty days."},
	}
}

func check(k guard.Known, text string, files ...message.Attachment) []guard.Hit {
	return guard.Check(letter(text, files...), k)
}

func letter(text string, files ...message.Attachment) compose.Letter {
	doc := page.Document{Personal: true, Blocks: []page.Block{page.Body{Text: text}}}
	return compose.Letter{Subject: "Re: Broken lamp", Text: doc.Text(), HTML: doc.HTML(), Attachments: files}
}

// only expects that a kind was found, and no other.
func only(t *testing.T, hits []guard.Hit, kind guard.Kind) {
	t.Helper()
	if len(hits) == 0 {
		t.Errorf("%s was not found", kind)
	}
	for _, h := range hits {
		if h.Kind != kind {
			t.Errorf("found %s %q in %s, not %s", h.Kind, h.Span, h.Where, kind)
		}
	}
}

func TestWhatOthersWroteIsFound(t *testing.T) {
	k := desktop(t)
	quoted := func(s string) string { return "> " + strings.ReplaceAll(page.Excerpt(s, 1000), ", ", ",\n> > ") }
	for name, text := range map[string]string{
		"pasted":           secret,
		"in quote marks":   "You wrote: “" + secret + "”",
		"quoted, two deep": "Here it is.\n\n" + quoted(secret),
		"in capitals":      strings.ToUpper(secret),
		"a part": "as he says, his daughter “has been in hospital since Tuesday with a broken hip, so " +
			"please send the blue lamp”",
		"without punctuation":  strings.NewReplacer(",", "", ".", "", "’", "").Replace(secret),
		"with soft hyphens":    strings.ReplaceAll(secret, "neigh", "neigh\u00ad"),
		"with invisible signs": strings.ReplaceAll(secret, " ", "\u200b \u2060"),
		"in wide letters":      strings.Map(wide, secret),
	} {
		t.Run(name, func(t *testing.T) {
			hits := check(k, text)
			only(t, hits, guard.OtherCustomer)
			if len(hits) > 0 && (hits[0].Source.Conversation != his || hits[0].Words < 12) {
				t.Errorf("%+v", hits[0])
			}
		})
	}
}

// wide gives the full-width form of an ASCII letter.
func wide(r rune) rune {
	if r > ' ' && r <= '~' {
		return r + 0xfee0
	}
	return r
}

func TestWhatIsAttachedIsOpened(t *testing.T) {
	k := desktop(t)
	mail := "From: João <" + "someone@elsewhere.example" +
		">\r\nSubject: Lamp\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte(secret)) + "\r\n"
	outer := "From: x@elsewhere.example\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n" +
		"\n--b\nContent-Type: message/rfc822\n\n" + mail + "\n--b--\n"
	var widened []byte
	for _, c := range []byte(secret) {
		widened = append(widened, c, 0)
	}
	for name, file := range map[string]message.Attachment{
		"a text": {Filename: "notes.txt", ContentType: "text/plain", Content: []byte(secret)},
		"a page": {Filename: "page.html", ContentType: "text/html",
			Content: []byte("<p>" + strings.ReplaceAll(secret, " ", "</b> <b>"))},
		"a hidden part of a page": {Filename: "page.html", ContentType: "text/html",
			Content: []byte("<p>Hello</p><div style='display:none'>" + secret + "</div>")},
		"a drawing": {Filename: "x.svg", ContentType: "image/svg+xml",
			Content: []byte("<svg><text>" + secret + "</text></svg>")},
		"a mail":                  {Filename: "Lamp", ContentType: "message/rfc822", Content: []byte(mail)},
		"a mail of no known kind": {Filename: "Lamp", ContentType: "application/octet-stream", Content: []byte(mail)},
		"a mail in a mail":        {Filename: "Lamp.eml", ContentType: "message/rfc822", Content: []byte(outer)},
		"a text in wide letters": {Filename: "Lamp.txt", ContentType: "text/plain",
			Content: append([]byte{0xff, 0xfe}, widened...)},
		"an Outlook file": {Filename: "Lamp.msg", ContentType: "application/vnd.ms-outlook",
			Content: append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), widened...)},
		"a mail in an archive": {Filename: "Lamp.zip", ContentType: "application/zip",
			Content: packed(t, "Lamp.eml", []byte(mail))},
		"an office document": {Filename: "Lamp.docx",
			ContentType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
			Content:     packed(t, "word/document.xml", []byte("<w:p><w:t>"+secret+"</w:t></w:p>"))},
		"an archive in an archive": {Filename: "Lamp.zip", ContentType: "application/zip",
			Content: packed(t, "inner.zip", packed(t, "x.txt", []byte(secret)))},
		"a file name": {Filename: secret + ".txt", ContentType: "text/plain", Content: []byte("x")},
	} {
		t.Run(name, func(t *testing.T) { only(t, check(k, "See the file.", file), guard.OtherCustomer) })
	}
}

func packed(t testing.TB, name string, data []byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReplyAddressesAreFoundWhereverTheyHide(t *testing.T) {
	k := desktop(t)
	seal := func(p replyaddr.Purpose, conv desk.ConversationID, person string) string {
		token, err := k.Keys.Seal(replyaddr.Token{Purpose: p, Conversation: string(conv), Person: person,
			Expires: now.AddDate(0, 1, 0)})
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token := seal(replyaddr.Agent, hers, "anna")
	broken := token[:20] + "\n> " + token[20:]
	for name, text := range map[string]string{
		"as it is":                 "support+" + token + "@shop.example",
		"alone":                    token,
		"in capitals":              strings.ToUpper(token),
		"within other letters":     "x7" + token + "abc",
		"over two quoted lines":    "support+" + broken + "@shop.example",
		"in a soft line break":     token[:30] + "=\n" + token[30:],
		"with spaces":              strings.Join(strings.Split(token, ""), " "),
		"with an invisible sign":   token[:9] + "\u200b" + token[9:],
		"in percent signs":         percented(token),
		"in percent signs, twice":  url.QueryEscape(percented(token)),
		"a link":                   "mailto:support%2B" + token + "@shop.example?subject=x",
		"another customer's":       seal(replyaddr.Customer, his, joao),
		"hers, made for another":   seal(replyaddr.Customer, hers, joao),
		"a bounce address of his":  seal(replyaddr.Bounce, his, joao),
		"a confirmation":           seal(replyaddr.Confirm, hers, "anna"),
		"an expired one":           expired(t, k),
		"a purpose yet to be made": seal(9, hers, "anna"),
	} {
		t.Run(name, func(t *testing.T) {
			hits := check(k, "Write to this: "+text)
			only(t, hits, guard.ReplyAddress)
			if len(hits) > 0 && !hits[0].Final() {
				t.Error("a confirmation could send it")
			}
		})
	}
	for name, file := range map[string]message.Attachment{
		"in a picture's bytes": {Filename: "x.png", ContentType: "image/png",
			Content: append(bytes.Repeat([]byte{0x89, 0xff, 0x01}, 500), token...)},
		"in an archive's entry": {Filename: "x.zip", Content: packed(t, "a.txt", []byte(token))},
		"in an archive's name":  {Filename: "x.zip", Content: packed(t, token+".txt", []byte("x"))},
		"in an attached mail": {Filename: "x.eml", ContentType: "message/rfc822",
			Content: []byte("From: a@b.example\nReply-To: support+" + token + "@shop.example\n\nHello")},
		"in a quoted-printable mail": {Filename: "x.eml", ContentType: "message/rfc822",
			Content: []byte("From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/html\n" +
				"Content-Transfer-Encoding: quoted-printable\n\n<a href=3D\"mailto:" + token[:40] + "=\n" + token[40:] +
				"\">x</a>")},
	} {
		t.Run(name, func(t *testing.T) { only(t, check(k, "See the file.", file), guard.ReplyAddress) })
	}
	for name, text := range map[string]string{
		"her own reply address":          "support+" + seal(replyaddr.Customer, hers, erika) + "@shop.example",
		"her own, in another case":       seal(replyaddr.Customer, hers, strings.ToUpper(erika)),
		"one that was not made here":     strings.Repeat("a7", 40),
		"a newsletter's address":         "support+newsletter@shop.example",
		"the place reports to her go to": seal(replyaddr.Bounce, hers, erika),
	} {
		t.Run(name, func(t *testing.T) {
			if hits := check(k, "Write to "+text); len(hits) > 0 {
				t.Errorf("%+v", hits)
			}
		})
	}
}

func percented(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02x", c)
	}
	return b.String()
}

func expired(t *testing.T, k guard.Known) string {
	token, err := k.Keys.Seal(replyaddr.Token{Purpose: replyaddr.Agent, Conversation: string(hers), Person: "anna",
		Expires: now.AddDate(-1, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestWhatIsTheTeamsIsFound(t *testing.T) {
	k := desktop(t)
	for _, tc := range []struct {
		name, text string
		kind       guard.Kind
	}{
		{"a note", "She is the niece of our landlord, so be generous.", guard.Note},
		{"a part of a note, quoted", "> so be generous and do not\n> ask for the receipt", guard.Note},
		{"a short note", "As my colleague says, you are “not a good payer”.", guard.Note},
		{"our frame", "On Monday you wrote:\n> Why this mail is\n> here: it answers", guard.Frame},
		{"the mark of an internal passage", "Of course.\n> :::internal\n> Up to 50 euros.", guard.InternalMark},
		{"ready answers", "Ready answers that may fit", guard.Frame},
		{"who it is", "Sender: confirmed by the mail system of customers.example", guard.Frame},
		{"a command", "Thank you!\n\n> #note\n> hello", guard.Command},
		{"an agent's address", "Write to " + strings.ToUpper(anna) + ".", guard.AgentAddress},
		{"an agent's address over two lines", "Write to anna@team.\n> example please", guard.AgentAddress},
		{"another customer's address", "I told " + joao + " the same.", guard.CustomerAddress},
	} {
		t.Run(tc.name, func(t *testing.T) { only(t, check(k, tc.text), tc.kind) })
	}
}

func TestWhatMayLeaveLeaves(t *testing.T) {
	for name, text := range map[string]string{
		"an article": "Pack the lamp into its box, print the label that you find in your " +
			"account, and bring the parcel to any post office within thirty days.",
		"an answer that others had": "Dear Erika,\n\nyour parcel leaves our warehouse within two working " +
			"days; as soon as it is on its way you get a mail with the number of the parcel.",
		"her own words": "You wrote “the lamp I ordered last week arrived broken and the glass " +
			"is cracked on both sides”, and I am sorry.",
		"an earlier answer": "As I wrote: we send you a new lamp tomorrow with the first post, and " +
			"you may keep the old one.",
		"courtesies": "Thank you very much in advance for your help! If you have any " +
			"further questions, please do not hesitate to contact us. I look forward to hearing from you.",
		"what everybody writes about parcels": "Please leave the parcel with the neighbour if you like. It can stay " +
			"with them.",
		"the shop's address":         "Write to support@shop.example.",
		"an address that ends alike": "Write to johanna@team.example or anna@team.example.org.",
		"a number sign":              "Your order #1234 and item #note7 are here. We are #1!",
		"a word about notes":         "I made a note, and close this now.",
	} {
		t.Run(name, func(t *testing.T) {
			if hits := check(desktop(t), text); len(hits) > 0 {
				t.Errorf("held for %+v", hits)
			}
		})
	}
}

func TestWhatSheWroteHerselfMayBeSaid(t *testing.T) {
	k := desktop(t)
	k.Messages[0].Text += "\nI also wrote to " + anna + " and to " + joao +
		". Why this mail is here: I do not know that, and nobody has told me so far.\n#close\n" + secret
	if hits := check(k, k.Messages[0].Text); len(hits) > 0 {
		t.Errorf("held for %+v", hits)
	}
	if hits := check(k, "so be generous and do not ask for the receipt"); len(hits) == 0 {
		t.Error("a note may leave")
	}
	if hits := check(k, "Why this mail is here: it answers an earlier mail of this conversation."); len(hits) == 0 {
		t.Error("whoever writes our headings switches the search for them off")
	}
}

// What several people wrote alike is nobody's: order confirmations, notices that
// a company's mail system adds.
func TestWhatThreePeopleWroteAlikeIsNobodys(t *testing.T) {
	const notice = "This message was scanned by the gateway of the Example Group and may hold business secrets; " +
		"whoever reads it by mistake shall burn it."
	for n := 1; n <= 4; n++ {
		k := desktop(t)
		for i := range n {
			who := fmt.Sprintf("c%d@group%d.example", i, i)
			k.Messages = append(k.Messages, desk.Message{Conversation: his, Sequence: 10 + i, Kind: desk.KindCustomer,
				From: desk.Person{Address: who}, Text: "Hello!\n\n" + notice},
				desk.Message{Conversation: his, Sequence: 20 + i, Kind: desk.KindCustomer,
					From: desk.Person{Address: who}, Text: "Again!\n\n" + notice})
		}
		if hits := check(k, notice); (len(hits) > 0) != (n < 3) {
			t.Errorf("written by %d: %+v", n, hits)
		}
	}
}

func TestAnotherMailboxOfTheSamePersonIsTheirOwn(t *testing.T) {
	k := desktop(t)
	k.Messages[4].From.Address = strings.ToUpper(erika)
	if hits := check(k, secret); len(hits) > 0 {
		t.Errorf("held for %+v", hits)
	}
}

// Whom an agent admitted to the conversation is heard in it; what they wrote
// elsewhere is theirs.
func TestParticipantsBelongToTheConversation(t *testing.T) {
	k := desktop(t)
	k.Conversation.Participants = []desk.Person{{Name: "João", Address: joao}}
	if hits := check(k, "I told "+joao+"."); len(hits) > 0 {
		t.Errorf("his address: held for %+v", hits)
	}
	only(t, check(k, secret), guard.OtherCustomer)
	k.Messages[4].Conversation = hers
	if hits := check(k, secret); len(hits) > 0 {
		t.Errorf("written here: held for %+v", hits)
	}
	k.Conversation.Participants = nil // somebody else's mail, in a conversation that was merged
	only(t, check(k, secret), guard.OtherCustomer)
}

// An answer to another customer may tell of that customer's matters; it becomes
// a template when it went to two.
func TestWhatTwoWereAnsweredIsATemplate(t *testing.T) {
	const said = "we shall send the blue lamp to your daughter's flat in Lisbon, and leave the parcel with the " +
		"neighbour on the third floor"
	k := desktop(t)
	k.Messages[4].Text = "Please do so: " + said
	k.Messages[5].Text = said // after he wrote it
	only(t, check(k, said), guard.OtherCustomer)
	k.Messages[4].Sequence = 3 // he quotes it
	if hits := check(k, said); len(hits) > 0 {
		t.Errorf("quoted from an answer: held for %+v", hits)
	}
	k.Messages[4].Sequence = 1
	k.Messages = append(k.Messages, desk.Message{Conversation: "c000000000c0", Sequence: 2, Kind: desk.KindAnswer,
		Text: said})
	if hits := check(k, said); len(hits) > 0 {
		t.Errorf("a template: held for %+v", hits)
	}
}

func TestAnotherCustomersFullNameIsFound(t *testing.T) {
	k := desktop(t)
	k.Messages[4].From.Name = "João da Silva"
	only(t, check(k, "Dear Joao da Silva,\n\nit is on its way."), guard.CustomerName)
	for _, text := range []string{"Dear João,", "Silva, da João", "Dear Erika Silva"} {
		if hits := check(k, text); len(hits) > 0 {
			t.Errorf("%q: held for %+v", text, hits)
		}
	}
	k.Messages[0].Text += " My neighbour João da Silva saw it."
	if hits := check(k, "Please greet João da Silva."); len(hits) > 0 {
		t.Errorf("she named him: held for %+v", hits)
	}
	k.Messages[0].Text, k.Messages[4].From.Name, k.Settings.Agents[0].Name = "", "Anna Winter", "Anna Winter"
	if hits := check(k, "Yours, Anna Winter"); len(hits) > 0 {
		t.Errorf("an agent's name: held for %+v", hits)
	}
}

func TestInternalArticlesStayInside(t *testing.T) {
	k := desktop(t)
	k.Internal = map[string]string{"Goodwill": "Up to fifty euros of goodwill may be given to anybody who asks twice," +
		" without asking the manager before. " + k.Public[0]}
	hits := check(k, "You may have up to fifty euros of goodwill, for it may be given to anybody who asks twice, "+
		"without asking the manager.")
	only(t, hits, guard.InternalArticle)
	if len(hits) > 0 && hits[0].Source.Who != "Goodwill" {
		t.Errorf("%+v", hits[0])
	}
	if hits := check(k, k.Public[0]); len(hits) > 0 {
		t.Errorf("what a public article says too: held for %+v", hits)
	}
}

// An agent's answer quotes what the customer asked: that stays the customer's.
func TestAnAnswersQuotesAreNotTheTeams(t *testing.T) {
	k := desktop(t)
	k.Messages[5].Text = "> " + secret + "\n\nWe will."
	only(t, check(k, secret), guard.OtherCustomer)
}

// An archive that unpacks to gigabytes, or holds itself, costs no more than its bound.
func TestArchivesThatBlowUpAreBounded(t *testing.T) {
	k := desktop(t)
	bomb := packed(t, "zeros.txt", make([]byte, 200<<20)) // a thousandth of that, packed
	nested := bomb
	for i := range 20 {
		nested = packed(t, fmt.Sprint(i, ".zip"), nested)
	}
	var many bytes.Buffer
	z := zip.NewWriter(&many)
	for i := range 5000 {
		if _, err := z.Create(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		data   []byte
		beyond bool
	}{"a bomb": {bomb, true}, "bombs within bombs": {nested, true}, "thousands of entries": {many.Bytes(), true},
		"cut off": {bomb[:len(bomb)/2], false}, "only a beginning": {[]byte("PK\x03\x04"), false}} {
		start := time.Now()
		hits := check(k, "See the file.", message.Attachment{Filename: "x.zip", Content: tc.data})
		if beyond := len(hits) == 1 && hits[0].Kind == guard.Unread; beyond != tc.beyond || len(hits) > 1 {
			t.Errorf("%s: %+v", name, hits)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %s", name, took)
		}
	}
}

// TestAttack11AFileThatIsLongInLookingThrough: whoever has an agent attach a small file that
// unpacks to what costs most to look through wants our machine busy
// for minutes. What goes beyond a count of checks is held, and what was found before it is told as well.
func TestAttack11AFileThatIsLongInLookingThrough(t *testing.T) {
	k := desktop(t)
	for name, unit := range map[string]string{"like reply addresses": "ceceimaqce",
		"prose": "we sell the lamp and a ring of it to anybody\n", "tags": "<p>we <b>sell</b>",
		"mails":     "From: a\r\nTo: b\r\n\r\nwe\r\n",
		"addresses": "a@b.c ", "percent signs": "%41%42", "wide": "\u200b\u4e2d", "elements": "<div>",
		"no UTF-8": "\xe9\xe8\xfc "} {
		for _, ext := range []string{".txt", ".html", ".eml", ".bin"} {
			file := message.Attachment{Filename: "x.zip",
				Content: packed(t, "x"+ext, []byte(strings.Repeat(unit, (24<<20)/len(unit))))}
			start := processor.Time()
			hits := check(k, secret, file)
			if took := processor.Time() - start; took > 20*time.Second {
				t.Errorf("%s in %s took %s", name, ext, took)
			}
			held, told := false, false
			for _, h := range hits {
				held, told = held || h.Kind == guard.Unread && !h.Final(), told || h.Kind == guard.OtherCustomer
			}
			if !held || !told {
				t.Errorf("%s in %s: %+v", name, ext, hits)
			}
		}
	}
	k.Allowed = func(h guard.Hit) bool { return h.Kind == guard.Unread }
	if hits := check(k, "See the file.", message.Attachment{Filename: "x.zip",
		Content: packed(t, "x.bin", []byte(strings.Repeat("ceceimaqce", 2<<20)))}); len(hits) > 0 {
		t.Errorf("an agent who was asked cannot send it: %+v", hits)
	}
	// what people send
	for name, unit := range map[string]string{"a table": "12;Lamp;4.50;sold\n",
		"a text": "we sell the lamp and a ring of it to anybody\n"} {
		if hits := check(k, "See the file.", message.Attachment{Filename: "x.zip",
			Content: packed(t, "x.txt", []byte(strings.Repeat(unit, (1<<20)/len(unit))))}); len(hits) > 0 {
			t.Errorf("%s of 1 MB is held: %+v", name, hits)
		}
	}
}
