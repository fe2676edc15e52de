package archive_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/archive"
)

// mail is a raw mail of somebody to somebody.
func mail(from, to, id, answers, date, subject, text string, more ...string) string {
	h := fmt.Sprintf("From: %s\nTo: %s\nMessage-ID: <%s>\nDate: %s\nSubject: %s\n", from, to, id, date, subject)
	if answers != "" {
		h += "In-Reply-To: <" + answers + ">\n"
	}
	for _, m := range more {
		h += m + "\n"
	}
	return h + "Content-Type: text/plain; charset=utf-8\n\n" + text + "\n"
}

const (
	erika = "Erika Muster <erika@mail.example>"
	jon   = "Jon Ball <jon@post.example>"
	shop  = "Shop <support@shop.example>"
)

// exchanged are two questions with their answers, and what makes no pair.
var exchanged = []string{
	mail(erika, shop, "q1@mail", "", "Mon, 2 Mar 2026 09:00:00 +0000", "Pump", "My pump leaks at the ring."),
	mail("Anna <anna@shop.example>", erika, "a1@shop", "q1@mail", "Mon, 2 Mar 2026 10:00:00 +0000", "Re: Pump",
		"Tighten the ring by hand.\n\nOn Monday Erika wrote:\n> My pump leaks at the ring."),
	mail(erika, shop, "q2@mail", "a1@shop", "Mon, 2 Mar 2026 11:00:00 +0000", "Re: Pump", "It still leaks."),
	mail("Anna <anna@shop.example>", "Ben <ben@shop.example>", "i1@shop", "q2@mail", "Mon, 2 Mar 2026 11:30:00 +0000",
		"Re: Pump", "Ben, do you know her?"),
	mail("Anna <anna@shop.example>", erika, "a2@shop", "q2@mail", "Mon, 2 Mar 2026 12:00:00 +0000", "Re: Pump",
		"Then the seal is worn: we send you another."),
	mail(jon, shop, "q3@post", "", "Tue, 3 Mar 2026 09:00:00 +0000", "Invoice", "Where is my invoice?"),
	mail(jon, shop, "auto@post", "", "Tue, 3 Mar 2026 09:01:00 +0000", "Automatic reply", "I am away.",
		"Auto-Submitted: auto-replied"),
	mail("Anna <anna@shop.example>", jon, "a3@shop", "q3@post", "Tue, 3 Mar 2026 10:00:00 +0000", "Re: Invoice",
		"It comes on the first of the month."),
	mail("Lena <lena@mail.example>", shop, "q4@mail", "", "Wed, 4 Mar 2026 09:00:00 +0000", "Open",
		"Are you open on Sunday?"),
}

var wanted = []string{
	"My pump leaks at the ring. -> Tighten the ring by hand.",
	"It still leaks. -> Then the seal is worn: we send you another.",
	"Where is my invoice? -> It comes on the first of the month.",
}

func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, path string, want archive.Wanted) (*archive.Found, string, []string) {
	t.Helper()
	c, kind, err := archive.Collect(t.Context(), path, filepath.Join(t.TempDir(), "journal"), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := archive.Read(c.Letters, want)
	var out []string
	for _, e := range f.Exchanges {
		out = append(out, strings.Join(strings.Fields(e.Asked), " ")+" -> "+strings.Join(strings.Fields(e.Told), " "))
	}
	return f, kind, append(out, c.Bad...)
}

func mboxOf(mails []string) string {
	out := ""
	for _, m := range mails {
		out += "From x Mon Mar  2 09:00:00 2026\n" + strings.ReplaceAll(m, "\nFrom ", "\n>From ") + "\n"
	}
	return out
}

func filesOf(mails []string, name string) map[string]string {
	out := map[string]string{}
	for i, m := range mails {
		out[fmt.Sprintf(name, i)] = m
	}
	return out
}

func joined(maps ...map[string]string) map[string]string {
	out := map[string]string{}
	for _, m := range maps {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// labelled gives mails the fields of Google Takeout's.
func labelled(mails []string) (out []string) {
	threads := []int{1, 1, 1, 1, 1, 2, 3, 2, 4}
	for i, m := range mails {
		out = append(out, fmt.Sprintf("X-GM-THRID: %d\nX-Gmail-Labels: Inbox,Important\n", threads[i])+m)
	}
	return append(out, "X-GM-THRID: 9\nX-Gmail-Labels: Spam\n"+
		mail("x@spam.example", shop, "s1@spam", "", "Wed, 4 Mar 2026 09:00:00 +0000", "Win", "Win a pump"))
}

func TestEverySourceGivesTheSamePairs(t *testing.T) {
	empty := map[string]string{"tmp/half": "From: nobody", "cur/.keep": "", "new/.keep": ""}
	for _, c := range []struct {
		name, kind, path string
		files            map[string]string
	}{
		{"an mbox", "an mbox", "a.mbox", map[string]string{"a.mbox": mboxOf(exchanged)}},
		{"Google Takeout", "an mbox of Google Takeout's", "All mail.mbox",
			map[string]string{"All mail.mbox": mboxOf(labelled(exchanged))}},
		{"a Maildir", "a Maildir", "", joined(empty, filesOf(exchanged[:4], "cur/17%d.M1.host:2,S"),
			filesOf(exchanged[4:], "new/18%d.M1.host"),
			map[string]string{"cur/190.host:2,DS": mail("Anna <anna@shop.example>", "lena@mail.example", "d@shop",
				"q4@mail", "Wed, 4 Mar 2026 10:00:00 +0000", "Re: Open", "No, I thi")})},
		{"a folder of .eml", "a folder of mails", "", filesOf(exchanged, "%02d.eml")},
		{"inbox and sent apart", "a folder of mails", "",
			joined(filesOf(exchanged[:1], "in/%02d.eml"), filesOf(exchanged[1:], "sent/%02d.eml"))},
		{"mboxes in a folder, with one mail in both", "a folder of mail archives", "",
			map[string]string{"in.mbox": mboxOf(exchanged[2:]), "sent.mbox": mboxOf(exchanged[:5])}},
		{"Zendesk", "Zendesk's export", "tickets.json", map[string]string{"tickets.json": zendesk}},
		{"Zendesk, a page of the API", "Zendesk's export", "page.json", map[string]string{"page.json": zendeskPage}},
		{"Freshdesk", "Freshdesk's export", "f.json", map[string]string{"f.json": freshdesk}},
		{"Freshdesk, the older export", "Freshdesk's export", "f.json", map[string]string{"f.json": freshdeskOld}},
		{"Help Scout", "Help Scout's export", "h.json", map[string]string{"h.json": helpScout}},
		{"Zammad", "Zammad's export", "z.json", map[string]string{"z.json": zammad}},
		{"FreeScout", "FreeScout's table of threads", "",
			map[string]string{"threads.csv": freeScoutThreads, "conversations.csv": freeScoutConversations}},
		{"osTicket", "osTicket's table of entries", "ost_thread_entry.csv",
			map[string]string{"ost_thread_entry.csv": osTicket}},
		{"our own columns", "a table", "own.csv", map[string]string{"own.csv": own}},
		{"our own columns, as a German spreadsheet writes them", "a table", "own.csv",
			map[string]string{"own.csv": "\ufeff" + strings.ReplaceAll(own, ",", ";")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, c.files)
			f, kind, got := read(t, filepath.Join(dir, c.path), archive.Wanted{Without: []string{"Spam"}})
			if kind != c.kind {
				t.Errorf("it is taken for %s", kind)
			}
			if !slices.Equal(got, wanted) {
				t.Errorf("pairs:\n%s\nleft: %v\nours: %v", strings.Join(got, "\n"), f.Left, f.Ours)
			}
			for _, e := range f.Exchanges {
				if e.When.IsZero() || e.Subject == "" && c.name != "osTicket" {
					t.Errorf("without time or subject: %+v", e)
				}
			}
		})
	}
}

const zendesk = `{"id":1,"subject":"Pump","requester":{"id":7,"name":"Erika Muster","email":"erika@mail.example"},"comments":[
{"id":11,"author_id":7,"public":true,"body":"My pump leaks at the ring.","created_at":"2026-03-02T09:00:00Z"},
{"id":12,"author_id":2,"public":true,"html_body":"<p>Tighten the ring by hand.</p>","created_at":"2026-03-02T10:00:00Z"},
{"id":13,"author_id":7,"public":true,"body":"It still leaks.","created_at":"2026-03-02T11:00:00Z"},
{"id":14,"author_id":2,"public":false,"body":"Ben, do you know her?","created_at":"2026-03-02T11:30:00Z"},
{"id":15,"author_id":3,"public":true,"body":"Then the seal is worn: we send you another.","created_at":"2026-03-02T12:00:00Z"}]}
{"id":2,"subject":"Invoice","requester":{"id":8,"name":"Jon Ball"},"comments":[{"id":21,"author_id":8,"public":true,"body":"Where is my invoice?","created_at":"2026-03-03T09:00:00Z"},
{"id":22,"author_id":2,"public":true,"body":"It comes on the first of the month.","created_at":"2026-03-03T10:00:00Z"}]}
`

const zendeskPage = `{"users":[{"id":7,"name":"Erika Muster","role":"end-user"},{"id":8,"role":"end-user"},{"id":2,"role":"agent"},{"id":3,"role":"admin"}],"tickets":[
{"id":1,"subject":"Pump","requester_id":7,"comments":[
{"id":11,"author_id":7,"public":true,"body":"My pump leaks at the ring.","created_at":"2026-03-02T09:00:00Z"},
{"id":12,"author_id":2,"public":true,"body":"Tighten the ring by hand.","created_at":"2026-03-02T10:00:00Z"},
{"id":13,"author_id":7,"public":true,"body":"It still leaks.","created_at":"2026-03-02T11:00:00Z"},
{"id":15,"author_id":3,"public":true,"body":"Then the seal is worn: we send you another.","created_at":"2026-03-02T12:00:00Z"}]},
{"id":2,"subject":"Invoice","requester_id":8,"comments":[{"id":21,"author_id":8,"public":true,"body":"Where is my invoice?","created_at":"2026-03-03T09:00:00Z"},
{"id":22,"author_id":2,"public":true,"body":"It comes on the first of the month.","created_at":"2026-03-03T10:00:00Z"}]}],"next_page":null}`

const freshdesk = `[{"id":1,"subject":"Pump","description_text":"My pump leaks at the ring.","created_at":"2026-03-02T09:00:00Z","requester":{"id":7,"name":"Erika Muster","email":"erika@mail.example"},"conversations":[
{"id":12,"incoming":false,"private":false,"body_text":"Tighten the ring by hand.","from_email":"Shop <support@shop.example>","created_at":"2026-03-02T10:00:00Z"},
{"id":13,"incoming":true,"private":false,"body_text":"It still leaks.","created_at":"2026-03-02T11:00:00Z"},
{"id":14,"incoming":false,"private":true,"body_text":"Ben, do you know her?","created_at":"2026-03-02T11:30:00Z"},
{"id":15,"incoming":false,"private":false,"body":"<div>Then the seal is worn: we send you another.</div>","created_at":"2026-03-02T12:00:00Z"}]},
{"id":2,"subject":"Invoice","description_text":"Where is my invoice?","created_at":"2026-03-03T09:00:00Z","requester_id":8,"conversations":[
{"id":22,"incoming":false,"private":false,"body_text":"It comes on the first of the month.","created_at":"2026-03-03T10:00:00Z"}]}]`

const freshdeskOld = `[{"helpdesk_ticket":{"id":1,"subject":"Pump","description":"My pump leaks at the ring.","created_at":"2026-03-02T09:00:00+00:00","requester_id":7,"notes":[
{"helpdesk_note":{"id":12,"incoming":false,"private":false,"body":"Tighten the ring by hand.","created_at":"2026-03-02T10:00:00+00:00"}},
{"helpdesk_note":{"id":13,"incoming":true,"private":false,"body":"It still leaks.","created_at":"2026-03-02T11:00:00+00:00"}},
{"id":15,"incoming":false,"private":false,"body":"Then the seal is worn: we send you another.","created_at":"2026-03-02T12:00:00+00:00"}]}},
{"helpdesk_ticket":{"id":2,"subject":"Invoice","description":"Where is my invoice?","created_at":"2026-03-03T09:00:00+00:00","notes":[
{"id":22,"incoming":false,"private":false,"body":"It comes on the first of the month.","created_at":"2026-03-03T10:00:00+00:00"}]}}]`

const helpScout = `{"_embedded":{"conversations":[{"id":1,"number":17,"subject":"Pump","primaryCustomer":{"id":7,"first":"Erika","last":"Muster","email":"erika@mail.example"},"_embedded":{"threads":[
{"id":15,"type":"message","state":"published","createdBy":{"id":2,"type":"user","first":"Anna","email":"anna@shop.example"},"body":"Then the seal is worn: we send you another.","createdAt":"2026-03-02T12:00:00Z"},
{"id":14,"type":"note","state":"published","createdBy":{"id":2,"type":"user"},"body":"Ben, do you know her?","createdAt":"2026-03-02T11:30:00Z"},
{"id":16,"type":"reply","state":"draft","createdBy":{"id":2,"type":"user"},"body":"Then I thi","createdAt":"2026-03-02T11:40:00Z"},
{"id":17,"type":"lineitem","state":"published","createdBy":{"id":2,"type":"user"},"createdAt":"2026-03-02T11:41:00Z"},
{"id":13,"type":"customer","state":"published","createdBy":{"id":7,"type":"customer"},"body":"It still leaks.","createdAt":"2026-03-02T11:00:00Z"},
{"id":12,"type":"reply","state":"published","createdBy":{"id":2,"type":"user"},"body":"Tighten the ring<br>by hand.","createdAt":"2026-03-02T10:00:00Z"},
{"id":11,"type":"customer","state":"published","createdBy":{"id":7,"type":"customer"},"body":"My pump leaks at the ring.","createdAt":"2026-03-02T09:00:00Z"}]}},
{"id":2,"subject":"Invoice","primaryCustomer":{"email":"jon@post.example"},"_embedded":{"threads":[
{"id":22,"type":"message","createdBy":{"type":"user"},"body":"It comes on the first of the month.","createdAt":"2026-03-03T10:00:00Z"},
{"id":21,"type":"customer","createdBy":{"type":"customer"},"body":"Where is my invoice?","createdAt":"2026-03-03T09:00:00Z"}]}}]},"page":{"size":25,"totalPages":1}}`

const zammad = `[{"id":11,"ticket_id":1,"type":"email","sender":"Customer","internal":false,"from":"Erika Muster <erika@mail.example>","to":"support@shop.example","subject":"Pump","message_id":"<q1@mail>","content_type":"text/html","body":"My pump leaks at the ring.","created_at":"2026-03-02T09:00:00.000Z"},
{"id":10,"ticket_id":1,"type":"email","sender":"System","internal":false,"from":"support@shop.example","subject":"Auto","content_type":"text/plain","body":"Thank you for your mail.","created_at":"2026-03-02T09:00:01.000Z"},
{"id":12,"ticket_id":1,"type":"email","sender":"Agent","internal":false,"from":"Shop <support@shop.example>","to":"Erika Muster <erika@mail.example>","subject":"Re: Pump","content_type":"text/html","body":"<div>Tighten the ring by hand.</div>","created_at":"2026-03-02T10:00:00.000Z"},
{"id":13,"ticket_id":1,"type":"email","sender":"Customer","internal":false,"from":"erika@mail.example","subject":"Re: Pump","content_type":"text/plain","body":"It still leaks.","created_at":"2026-03-02T11:00:00.000Z"},
{"id":14,"ticket_id":1,"type":"note","sender":"Agent","internal":true,"from":"Anna","subject":"","content_type":"text/plain","body":"Ben, do you know her?","created_at":"2026-03-02T11:30:00.000Z"},
{"id":15,"ticket_id":1,"type":"email","sender":"Agent","internal":false,"from":"support@shop.example","subject":"Re: Pump","content_type":"text/plain","body":"Then the seal is worn: we send you another.","created_at":"2026-03-02T12:00:00.000Z"},
{"id":21,"ticket_id":2,"type":"web","sender":"Customer","internal":false,"from":"jon@post.example","subject":"Invoice","content_type":"text/plain","body":"Where is my invoice?","created_at":"2026-03-03T09:00:00.000Z"},
{"id":22,"ticket_id":2,"type":"email","sender":"Agent","internal":false,"from":"support@shop.example","subject":"Re: Invoice","content_type":"text/plain","body":"It comes on the first of the month.","created_at":"2026-03-03T10:00:00.000Z"}]`

const freeScoutConversations = `id,number,subject,customer_email,status,state
1,101,Pump,erika@mail.example,3,2
2,102,Invoice,jon@post.example,3,2
3,103,Win,x@spam.example,4,2
`

const freeScoutThreads = `id,conversation_id,user_id,type,state,body,from,message_id,created_at
11,1,NULL,1,2,"<div>My pump leaks at the ring.</div>",erika@mail.example,q1@mail,2026-03-02 09:00:00
12,1,2,2,2,"<p>Tighten the ring
by hand.</p>",NULL,NULL,2026-03-02 10:00:00
13,1,NULL,1,2,It still leaks.,erika@mail.example,q2@mail,2026-03-02 11:00:00
14,1,2,3,2,"Ben, do you know her?",NULL,NULL,2026-03-02 11:30:00
16,1,2,2,1,Then I thi,NULL,NULL,2026-03-02 11:40:00
17,1,2,4,2,NULL,NULL,NULL,2026-03-02 11:41:00
15,1,2,2,2,Then the seal is worn: we send you another.,NULL,NULL,2026-03-02 12:00:00
21,2,NULL,1,2,Where is my invoice?,jon@post.example,q3@post,2026-03-03 09:00:00
22,2,3,2,2,It comes on the first of the month.,NULL,NULL,2026-03-03 10:00:00
31,3,NULL,1,2,Win a pump,x@spam.example,s1@spam,2026-03-03 09:00:00
32,3,3,2,2,No.,NULL,NULL,2026-03-03 10:00:00
`

const osTicket = `id,pid,thread_id,staff_id,user_id,type,flags,poster,source,title,body,format,created
11,0,1,0,7,M,65,Erika Muster,Email,Pump,My pump leaks at the ring.,text,2026-03-02 09:00:00
12,11,1,2,0,R,64,Anna Winter,,Re: Pump,<p>Tighten the ring by hand.</p>,html,2026-03-02 10:00:00
13,0,1,0,7,M,65,Erika Muster,Email,Re: Pump,It still leaks.,html,2026-03-02 11:00:00
14,0,1,2,0,N,64,Anna Winter,,NULL,"Ben, do you know her?",html,2026-03-02 11:30:00
15,0,1,2,0,R,64,Anna Winter,,NULL,Then the seal is worn: we send you another.,html,2026-03-02 12:00:00
21,0,2,0,8,M,65,Jon Ball,Email,Invoice,Where is my invoice?,text,2026-03-03 09:00:00
22,0,2,2,0,R,64,Anna Winter,,NULL,It comes on the first of the month.,html,2026-03-03 10:00:00
`

const own = `Conversation,Side,When,Subject,Text,Internal,Name
1,customer,2026-03-02 09:00,Pump,My pump leaks at the ring.,,Erika Muster
1,team,2026-03-02 10:00,Pump,Tighten the ring by hand.,no,
1,customer,2026-03-02 11:00,Pump,It still leaks.,0,
1,team,2026-03-02 11:30,Pump,Ben: do you know her?,yes,
1,Team,2026-03-02 12:00,Pump,Then the seal is worn: we send you another.,,
2,customer,2026-03-03 09:00,Invoice,Where is my invoice?,,
2,team,2026-03-03 10:00,Invoice,It comes on the first of the month.,,
`

// What is no question or no answer is counted, with why.
func TestWhatMakesNoPair(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"a.mbox": mboxOf(labelled(exchanged))})
	f, _, _ := read(t, filepath.Join(dir, "a.mbox"), archive.Wanted{Without: []string{"spam"}})
	for why, n := range map[string]int{archive.NoPerson + " (out-of-office)": 1, archive.Between: 1,
		archive.Unanswered: 1, archive.Unsent: 1} {
		if f.Left[why] != n {
			t.Errorf("%s: %d, not %d; %v", why, f.Left[why], n, f.Left)
		}
	}
	if f.Tags["Spam"] != 1 || f.Tags["Inbox"] != 9 {
		t.Errorf("labels: %v", f.Tags)
	}
}

// Whose mail is ours is found, or said.
func TestWhoseMailIsOurs(t *testing.T) {
	many := slices.Clone(exchanged)
	for i := range 5 { // a provider that customers use as well as the team
		from := fmt.Sprintf("c%d@free.example", i)
		many = append(many, mail(from, "shopteam@free.example", fmt.Sprintf("f%d@free", i), "",
			"Thu, 5 Mar 2026 09:00:00 +0000", "Price", "What is it?"),
			mail("shopteam@free.example", from, fmt.Sprintf("g%d@free", i), fmt.Sprintf("f%d@free", i),
				"Thu, 5 Mar 2026 10:00:00 +0000", "Re: Price",
				fmt.Sprint("It is ", strings.Repeat("really ", i), "nine.")))
	}
	for _, c := range []struct {
		name  string
		mails []string
		ours  []string
		want  string
		pairs int
	}{
		{"found, with the domain", exchanged, nil, "anna@shop.example @shop.example", 3},
		{"said", exchanged, []string{"@SHOP.example"}, "@shop.example", 3},
		{"said wrongly: nobody is answered", exchanged, []string{"ben@shop.example"}, "ben@shop.example", 0},
		{"a provider is not ours", many, nil, "shopteam@free.example anna@shop.example @shop.example", 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, map[string]string{"a.mbox": mboxOf(c.mails)})
			f, _, _ := read(t, filepath.Join(dir, "a.mbox"), archive.Wanted{Ours: c.ours})
			var got []string
			for _, a := range f.Ours {
				got = append(got, a.Address)
			}
			if strings.Join(got, " ") != c.want || len(f.Exchanges) != c.pairs {
				t.Errorf("%s, with %d pairs; left %v; doubtful %v", got, len(f.Exchanges), f.Left, f.Doubtful)
			}
		})
	}
}

// A text that says no more than that the mail arrived answers nothing.
func TestAcknowledgementsAnswerNothing(t *testing.T) {
	var mails []string
	for i := range 5 {
		from, q := fmt.Sprintf("c%d@mail.example", i), fmt.Sprintf("q%d@mail", i)
		mails = append(mails, mail(from, shop, q, "", "Mon, 2 Mar 2026 09:00:00 +0000", "Pump",
			fmt.Sprint("Question number ", i)),
			mail(shop, from, "k"+q, q, "Mon, 2 Mar 2026 09:00:05 +0000", "Re: Pump",
				fmt.Sprintf("Thank you, we have your mail. Your number is %d.", 1000+i)),
			mail(shop, from, "a"+q, q, "Mon, 2 Mar 2026 10:00:00 +0000", "Re: Pump", fmt.Sprint("Answer number ", i)))
	}
	dir := t.TempDir()
	put(t, dir, map[string]string{"a.mbox": mboxOf(mails)})
	f, _, got := read(t, filepath.Join(dir, "a.mbox"), archive.Wanted{})
	slices.Sort(got)
	if len(got) != 5 || got[0] != "Question number 0 -> Answer number 0" || f.Left[archive.Acknowledgement] != 5 {
		t.Errorf("%q; left %v", got, f.Left)
	}
}

// A reading that is ended at any letter, or in the middle of writing one down, goes on
// there, and finds the same.
func TestReadingGoesOnWhereItWasEnded(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, joined(map[string]string{"all/x.mbox": mboxOf(exchanged[:4]), "all/y.json": zendesk},
		filesOf(exchanged[4:], "all/z%02d.eml")))
	source := filepath.Join(dir, "all")
	whole, _, err := archive.Collect(t.Context(), source, archive.JournalOf(source), nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(archive.JournalOf(source))
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Read(whole.Letters, archive.Wanted{}).Exchanges
	for cut := 0; cut <= len(data); cut += 97 {
		journal := filepath.Join(dir, "journal")
		if err := os.WriteFile(journal, data[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		// ends after one more letter
		_, _, _ = archive.Collect(ctx, source, journal, func(n int, _ float64) { cancel() })
		cancel()
		c, _, err := archive.Collect(t.Context(), source, journal, nil)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if got := archive.Read(c.Letters, archive.Wanted{}).Exchanges; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("cut at %d: %d letters, pairs %v", cut, len(c.Letters), got)
		}
	}
	if info, err := os.Stat(archive.JournalOf(source)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read what was read: %v, %v", info.Mode(), err)
	}
}

// A journal of a source that has changed is begun anew, and no other file is written over.
func TestWhoseJournalItIs(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"a.mbox": mboxOf(exchanged), "letter.txt": "Dear Erika,\nthank you\n",
		"line.txt": "Dear Erika"})
	source, journal := filepath.Join(dir, "a.mbox"), filepath.Join(dir, "journal")
	for range 2 {
		if _, _, err := archive.Collect(t.Context(), source, journal, nil); err != nil {
			t.Fatal(err)
		}
	}
	put(t, dir, map[string]string{"a.mbox": mboxOf(exchanged[1:])})
	c, _, err := archive.Collect(t.Context(), source, journal, nil)
	if err != nil || c.Before != 0 || len(c.Letters) != len(exchanged)-1 {
		t.Errorf("%d letters, %d from before, %v", len(c.Letters), c.Before, err)
	}
	for _, other := range []string{"letter.txt", "line.txt"} {
		before, _ := os.ReadFile(filepath.Join(dir, other))
		if _, _, err := archive.Collect(t.Context(), source, filepath.Join(dir, other), nil); err == nil ||
			!strings.Contains(err.Error(), "--journal") {
			t.Errorf("%s is taken for a journal: %v", other, err)
		}
		if after, _ := os.ReadFile(filepath.Join(dir, other)); string(after) != string(before) {
			t.Errorf("%s was written over", other)
		}
	}
}

// What cannot be read is said, and the rest is read.
func TestBadSources(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]string{"cut.json": zendesk[:len(zendesk)-40], "wrong.json": `[{"id":1,"comments":"none"},` +
		freshdesk[1:], "empty": "", "x.csv": "a,b\n1,2\n",
		"box.zip": "PK\x03\x04xx", "nothing/dovecot.index": "x", "list.json": `[1,2]`})
	for name, want := range map[string]string{"empty": "is empty", "x.csv": "conversation, side, text",
		"box.zip": "unpack it", "nothing": "there is no mail", "absent": "there is no "} {
		if _, _, err := archive.Collect(t.Context(), filepath.Join(dir, name), filepath.Join(dir, "journal-"+name),
			nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string][2]int{"cut.json": {5, 1}, "wrong.json": {7, 1}, "list.json": {0, 2}} {
		c, _, err := archive.Collect(t.Context(), filepath.Join(dir, name), filepath.Join(dir, "journal-"+name), nil)
		if err != nil || len(c.Letters) != want[0] || len(c.Bad) != want[1] {
			t.Errorf("%s: %d letters, bad: %q, %v", name, len(c.Letters), c.Bad, err)
		}
	}
}

// Whatever a file holds, reading it ends, and says what was wrong.
func FuzzOpen(f *testing.F) {
	for _, s := range []string{mboxOf(exchanged[:2]), zendesk, freshdesk, helpScout, zammad, freeScoutThreads, osTicket,
		own} {
		f.Add([]byte(s), true)
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, csv bool) {
		path := filepath.Join(t.TempDir(), map[bool]string{true: "a.csv", false: "a"}[csv])
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		c, _, err := archive.Collect(t.Context(), path, path+".journal", nil)
		if err != nil {
			return
		}
		again, _, err := archive.Collect(t.Context(), path, path+".journal", nil)
		if err != nil || len(again.Letters) != len(c.Letters) || again.Before != len(c.Letters)+len(c.Bad) {
			t.Errorf("read again: %d letters, not %d: %v", len(again.Letters), len(c.Letters), err)
		}
		for _, e := range archive.Read(c.Letters, archive.Wanted{}).Exchanges {
			if e.Asked == "" || e.Told == "" || e.ID == "" {
				t.Errorf("%+v", e)
			}
		}
	})
}

// A conversation can be found by every id of it that a customer's program may name, and
// holds what the customer and the team wrote to each other, and nothing internal.
func TestWhatCustomersCanAnswer(t *testing.T) {
	mails := append(slices.Clone(exchanged),
		mail("Anna <anna@shop.example>", "new@mail.example", "first@shop", "", "Thu, 5 Mar 2026 09:00:00 +0000",
			"Your order", "It is on its way."),
		mail(jon, shop, "q9@post", "lost@post", "Fri, 6 Mar 2026 09:00:00 +0000", "Re: Lost",
			"This one answers what we do not have."))
	zammadIDs := strings.ReplaceAll(zammad, `"id":12,`, `"id":12,"message_id":"<a1@shop>","in_reply_to":"<q1@mail>",`)
	osTicketIDs := map[string]string{"ost_thread_entry.csv": osTicket,
		"ost_thread_entry_email.csv": "id,thread_entry_id,mid\n1,11,<q1@mail>\n2,12,<a1@shop>\n",
		"ost_user_email.csv":         "id,user_id,address\n1,7,Erika@mail.example\n"}
	for _, c := range []struct {
		name, path string
		files      map[string]string
		want       []string
	}{
		{"an mbox", "a.mbox", map[string]string{"a.mbox": mboxOf(mails)}, []string{
			"erika@mail.example (Erika Muster) by a1@shop a2@shop q1@mail q2@mail: > My pump leaks at the ring. < " +
				"Tighten the ring by hand. > It still leaks. < Then the seal is worn: we send you another.",
			"jon@post.example (Jon Ball) by a3@shop q3@post: > Where is my invoice? < It comes on the first of the " +
				"month.",
			"new@mail.example () by first@shop: < It is on its way.",
			"jon@post.example (Jon Ball) by lost@post q9@post: > This one answers what we do not have.",
			"lena@mail.example (Lena) by q4@mail: > Are you open on Sunday?"}},
		{"Zammad", "z.json", map[string]string{"z.json": zammadIDs}, []string{
			"erika@mail.example (Erika Muster) by a1@shop q1@mail: > My pump leaks at the ring. < Tighten the ring " +
				"by hand. > It still leaks. < Then the seal is worn: we send you another."}},
		{"FreeScout", "", map[string]string{"threads.csv": freeScoutThreads,
			"conversations.csv": freeScoutConversations}, []string{
			"erika@mail.example () by q1@mail q2@mail: > My pump leaks at the ring. < Tighten the ring by hand. > It " +
				"still leaks. < Then the seal is worn: we send you another.",
			"jon@post.example () by q3@post: > Where is my invoice? < It comes on the first of the month."}},
		{"osTicket with its other tables", "", osTicketIDs, []string{
			"erika@mail.example (Erika Muster) by a1@shop q1@mail: > My pump leaks at the ring. < Tighten the ring " +
				"by hand. > It still leaks. < Then the seal is worn: we send you another."}},
		{"osTicket alone has no ids", "ost_thread_entry.csv", map[string]string{"ost_thread_entry.csv": osTicket}, nil},
		{"Freshdesk has no ids", "f.json", map[string]string{"f.json": freshdesk}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, c.files)
			f, _, _ := read(t, filepath.Join(dir, c.path), archive.Wanted{})
			var got []string
			for _, th := range f.Threads {
				s := fmt.Sprintf("%s (%s) by %s:", th.Customer, th.Name, strings.Join(th.IDs, " "))
				for _, l := range th.Letters {
					s += map[archive.Side]string{archive.Customer: " > ", archive.Team: " < "}[l.Side] +
						strings.Join(strings.Fields(l.Text), " ")
				}
				got = append(got, s)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}
