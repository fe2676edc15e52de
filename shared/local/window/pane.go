package window

import (
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/local/mailbox"
)

// paneView is one side as it is shown.
type paneView struct {
	pane
	ReadOnly    bool
	At          string // the state, for forms
	Title, What string
	Support     string
	Boxes, More []boxLink
	Box         box
	Back        string // to the list

	Threads      []row
	Full         bool
	Pages        int
	Newer, Older string
	Hidden       [][2]string // the state, for the search's form
	Write, Clear string

	Subject    string
	Earlier    int // messages of the thread that are not shown
	Messages   []messageView
	Reply, All string
	Again      bool // the last mail is one's own

	Draft   *draft
	Problem string
}

// boxLink leads to a mailbox.
type boxLink struct {
	box
	URL     string
	Current bool
}

// row is a thread in a list.
type row struct {
	mailbox.Thread
	URL string
}

// Snippet is what the newest mail says.
func (r row) Snippet() string { return r.Last().Snippet }

// Number is how many mails it has.
func (r row) Number() int { return len(r.Mails) }

// Key tells rows apart that are put into a window's list anew.
func (r row) Key() string { return r.Mails[0].Folder + "." + r.Mails[0].ID }

// Day tells on which day its newest mail came, where that is not today.
func (r row) Day(now time.Time, zone *time.Location) string {
	at := r.At.In(zone)
	if at.Format(time.DateOnly) == now.In(zone).Format(time.DateOnly) {
		return at.Format("15:04")
	}
	return at.Format("2 Jan")
}

// messageView is one mail of a thread.
type messageView struct {
	opened
	Head       mailbox.Head
	Open       bool
	As         string // "html", "text" or "header"
	HTML, Text string // addresses of the views
	Facts      string
	write      func(to, subject string) string
}

// Words is the plain text with links.
func (m messageView) Words() template.HTML { return linkedText(m.Mail.Text, m.write) }

// Key tells messages apart.
func (m messageView) Key() string { return m.Folder + "." + m.ID }

// Who wrote it.
func (m messageView) Who() string {
	if m.Folder == mailbox.Sent {
		return "me"
	}
	return m.Head.From
}

// perPage is how many threads a page of a list has, and mostShown how many mails
// of one thread are shown.
const (
	perPage   = 20
	mostShown = 60
)

// look makes the view of one side.
func (p *window) look(s state, side string, now time.Time) paneView {
	left, right := p.sides()
	v := paneView{pane: s.side(side), ReadOnly: p.readOnly, At: s.values().Encode(), Support: p.support(), Title: "Customers", What: "Their mailboxes. They write to " + p.support() + "."}
	boxes := left
	if side == "right" {
		v.Title, v.What, boxes = "Agents", "Their mailboxes. They answer by replying. A sign like [KRW-TKJ] in a subject names the conversation.", right
	}
	if v.pane.Box == "" {
		v.pane.Box, v.pane.Open = p.day.follows(side)
	}
	if v.pane.Box == "" && len(boxes) > 0 {
		v.pane.Box = boxes[0].Address
	}
	v.Box = box{Address: v.pane.Box}
	for i, b := range boxes {
		l := boxLink{box: b, URL: s.with(pane{Side: side, Box: b.Address}).URL(), Current: strings.EqualFold(b.Address, v.pane.Box)}
		if l.Current {
			v.Box = b
		}
		if i < 8 || l.Current || b.Unread > 0 && i < 16 {
			v.Boxes = append(v.Boxes, l)
		} else {
			v.More = append(v.More, l)
		}
	}
	v.pane.Box = v.Box.Address
	v.Back = s.with(v.list()).URL()
	blank := pane{Side: side, Box: v.Box.Address}
	blank.Do = "new"
	v.Write = s.with(blank).URL()
	switch {
	case v.Box.Address == "":
	case v.Open != "":
		p.lookAtThread(s, &v)
	case v.Do == "new" && !p.readOnly:
		d := p.draft(v.Box)
		d.To, d.Subject = v.To, v.pane.Subject
		if d.To == "" && side == "left" {
			d.To = p.support()
		}
		v.Draft = &d
	default:
		p.lookAtList(s, &v)
	}
	return v
}

func (p *window) lookAtList(s state, v *paneView) {
	threads, full, err := p.mailboxes.Threads(v.Box.Address, v.Find)
	if err != nil {
		v.Problem = "This mailbox cannot be read: " + err.Error()
		return
	}
	v.Pages = max(1, (len(threads)+perPage-1)/perPage)
	v.Page = min(v.Page, v.Pages)
	v.Full = full && v.Page == v.Pages
	shown := threads[(v.Page-1)*perPage : min(v.Page*perPage, len(threads))]
	for i, t := range shown { // of long ones the newest mail is enough
		shown[i].Mails = slices.Clone(t.Mails)
		last := []mailbox.Thread{{Mails: shown[i].Mails[len(t.Mails)-1:]}}
		if err := p.mailboxes.Texts(v.Box.Address, last); err != nil {
			v.Problem = "This mailbox cannot be read: " + err.Error()
		}
		v.Threads = append(v.Threads, row{shown[i], s.with(v.open(t.Last().Folder, t.Last().ID)).URL()})
	}
	turn := func(n int) string {
		to := v.list()
		to.Page = n
		return s.with(to).URL()
	}
	if v.Page > 1 {
		v.Newer = turn(v.Page - 1)
	}
	if v.Page < v.Pages {
		v.Older = turn(v.Page + 1)
	}
	search := s.with(pane{Side: v.Side, Box: v.Box.Address})
	v.Clear = search.URL()
	for key, list := range search.values() {
		v.Hidden = append(v.Hidden, [2]string{key, list[0]})
	}
	slices.SortFunc(v.Hidden, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
}

func (p *window) lookAtThread(s state, v *paneView) {
	folder, id, _ := v.opened()
	threads, _, err := p.mailboxes.Threads(v.Box.Address, "")
	if err != nil {
		v.Problem = "This mailbox cannot be read: " + err.Error()
		return
	}
	is := func(h mailbox.Head) bool { return h.Folder == folder && h.ID == id }
	at := slices.IndexFunc(threads, func(t mailbox.Thread) bool { return slices.ContainsFunc(t.Mails, is) })
	if at < 0 {
		v.Problem = "There is no such mail in the mailbox of " + v.Box.Title() + "."
		return
	}
	mails := threads[at].Mails
	v.Subject = threads[at].Subject
	if v.Earlier = max(0, len(mails)-mostShown); v.Earlier > 0 {
		mails = mails[v.Earlier:]
	}
	write := func(to, subject string) string {
		return s.with(pane{Side: v.Side, Box: v.Box.Address, Do: "new", To: to, Subject: subject}).URL()
	}
	for i, h := range mails {
		o, err := p.open(v.Box, h.Folder, h.ID)
		if err != nil {
			continue // removed while we looked
		}
		m := messageView{opened: o, Head: h, Open: is(h) || h.Unread || i == len(mails)-1 && v.Do == "", As: "html", write: write}
		m.Head.Snippet = mailbox.Snippet(o.Mail.WithPassedOn(), 140)
		shown := v.open(h.Folder, h.ID)
		m.HTML = s.with(shown).URL()
		shown.As = "text"
		m.Text = s.with(shown).URL()
		shown.As = "header"
		m.Facts = s.with(shown).URL()
		if o.Mail.HTML == "" {
			m.As = "text"
		}
		if is(h) && (v.As == "text" || v.As == "header") {
			m.As = v.As
		}
		v.Messages = append(v.Messages, m)
		if h.Unread {
			_ = p.mailboxes.Open(v.Box.Address, h.ID) // it stays unread, and nothing else
		}
	}
	if len(v.Messages) == 0 || p.readOnly {
		return
	}
	answered := v.Messages[len(v.Messages)-1].opened
	for _, m := range v.Messages {
		if m.Folder == mailbox.Inbox {
			answered = m.opened // the last that was received
		}
	}
	for _, m := range v.Messages {
		if is(m.Head) && v.Do != "" {
			answered = m.opened
		}
	}
	reply := v.open(answered.Folder, answered.ID)
	reply.Do, v.Again = "reply", answered.Folder == mailbox.Sent
	v.Reply = s.with(reply).URL()
	if many(answered.Mail.Message) {
		reply.Do = "all"
		v.All = s.with(reply).URL()
	}
	if v.Do == "reply" || v.Do == "all" {
		d := p.replyTo(answered, v.Do == "all")
		v.Draft = &d
	}
}

// many tells of a mail with other recipients.
func many(m *message.Message) bool { return len(m.Cc) > 0 || len(m.To) > 1 }
