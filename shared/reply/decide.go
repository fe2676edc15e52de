package reply

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// plan is what is to happen with a mail: what its orders come to, and where its
// text goes.
type plan struct {
	commands.Plan
	answer *writing      // to the customer
	note   *writing      // to the team
	outbox string        // under which the answer is sent, where it is at a word
	quiet  bool          // one of many that are told at once: no colleague is mailed of each
	asked  *store.Budget // the customer is asked whether it is solved, and is not soon again; nil: not asked
	draft  string        // the agent's own text that is to become an article; "" is none
}

// waits is why what the agent wrote is neither carried out nor refused: it waits
// for the agent's word. about is one of the desk's Waits words.
type waits struct {
	about  string
	news   []desk.Message
	greets bool // a note that begins like a letter to the customer
	given  bool // the conversation is given to a colleague, whom the text may be for
	jotted bool // the text beside an order speaks about the customer
}

func (w *waits) Error() string { return "it waits for the agent's word: " + w.about }

// decide makes the plan of what the agent ordered, or gives a *commands.Refusal or
// a *waits. It is pure.
func decide(f commands.Facts, w written, order orders.Reading, past past) (p plan, err error) {
	p.Conversation, p.outbox = f.Conversation, past.outbox
	_, alone := commands.Of(f, order.Commands)
	files, toTeam := answerFiles(w, order), false
	if !alone {
		if toTeam, err = whose(f, w, order, len(files)); err != nil {
			return p, err
		}
	}
	if p.Plan, err = commands.Decide(f, order.Commands); err != nil || p.Alone() {
		return p, err
	}
	text, note := order.Text, order.Note
	if order.Nothing && len(files) == 0 {
		text = ""
	}
	if p.ToTeam = p.ToTeam || toTeam; p.ToTeam && (!order.Has(desk.CommandNote) || f.Team && !p.ToCustomer) {
		text, note = "", strings.TrimSpace(text+"\n\n"+note) // all of it is for the team
	}
	if p.Learn {
		p.draft = order.Text
	}
	a, end := answer(f, w, order, p.Ready, writing{text: text, files: files})
	if a.text != "" || len(files) > 0 && !p.Close && !p.ToTeam {
		a = a.placed(f, end, w.mail.Visible.Postscript).lightened(f)
		p.answer = &a
	}
	if p.ToTeam {
		p.note = &writing{text: note, html: w.formatted(note), files: files}
		if p.answer != nil {
			p.note.files = nil // they went with the answer
		}
	}
	return p, check(f, w, p, past)
}

// answerFiles are the files that may go to the customer. Where nothing else was
// written, a logo in the card is none that the agent sends; a picture may be all
// of the answer.
func answerFiles(w written, order orders.Reading) []compose.Attachment {
	files := w.attachments()
	if order.Nothing {
		files = slices.DeleteFunc(files, func(a compose.Attachment) bool { return a.Inline && compose.Logo(a) })
	}
	return files
}

// whose tells whether the text is a note: where the agent says so, and where a
// plain reply to the mail that is answered is one. What of a mail of both kinds
// would go to whom is not guessed.
func whose(f commands.Facts, w written, order orders.Reading, files int) (team bool, err error) {
	if order.Jotted && w.held != nil && f.Team {
		return true, nil // asked, the agent said that the words are for the team; a ready answer beside them goes
	}
	if !f.Team && w.held == nil && order.Text != "" && !order.Has(desk.CommandAnswer) && !order.Has(desk.CommandNote) {
		given := slices.ContainsFunc(order.Commands, func(o desk.Command) bool { c, _ := commands.Named(o.Name); return c.ToColleague }) && !around(f).GreetsCustomer(order.Text)
		if given || order.Jotted {
			return false, &waits{about: desk.WaitsUnaddressed, given: given, jotted: order.Jotted}
		}
	}
	if !f.Team || order.Has(desk.CommandAnswer) || order.Has(desk.CommandNote) {
		return order.Has(desk.CommandNote), nil
	}
	for _, name := range []string{desk.CommandSend, desk.CommandTemplate, desk.CommandLearn} {
		if order.Has(name) && order.Text+order.Below != "" {
			return false, &commands.Refusal{Rule: "whom", Title: "Nothing was sent",
				Why: "A reply to the mail that you answered is a note for the team, and #" + name + " sends something to " + commands.Customer(f.Conversation) +
					". Whom your text is for cannot be told.",
				Next: "To send it, answer this mail with #answer in the first line, and #" + name + " and your text below it. For the team, answer with your text alone."}
		}
	}
	plain := order.Text != "" || files > 0 && !order.Has(desk.CommandSend) && !order.Has(desk.CommandTemplate)
	if plain && f.Whom {
		return false, &waits{about: desk.WaitsUnaddressed}
	}
	if plain && w.held == nil && around(f).GreetsCustomer(order.Text) {
		return false, &waits{about: desk.WaitsUnaddressed, greets: true} // who begins so has not looked at the first line
	}
	return plain, nil
}

// answer puts the agent's words and the ready answers together. end is how the
// agent takes leave.
func answer(f commands.Facts, w written, order orders.Reading, ready []commands.Ready, a writing) (said writing, end string) {
	end = w.mail.Visible.Ending
	if len(ready) > 0 {
		return withReady(f, w, order, ready, a, end)
	}
	switch {
	case order.AsWritten, order.Nothing && len(a.files) > 0:
		a.html = orders.Unescape(w.html())
	default:
		a.html = w.formatted(withLeave(order.Text, end, w.mail.Visible.Postscript))
	}
	return a, end
}

// withReady is the ready answers with the agent's words before and behind them,
// greeting and leave included.
func withReady(f commands.Facts, w written, order orders.Reading, ready []commands.Ready, a writing, end string) (said writing, leave string) {
	parts, html := []string{a.text}, w.formatted(a.text)
	if html == "" {
		html = page.TextToHTML(a.text)
	}
	for _, r := range ready {
		parts = append(parts, r.Text)
		html += r.HTML
	}
	if order.Below != "" {
		parts = append(parts, order.Below)
		html += page.TextToHTML(order.Below)
	}
	a.text = strings.TrimSpace(strings.Join(parts, "\n\n"))
	greeting, leave := courtesies(f, order.Text+"\n"+order.Below, parts...)
	if greeting != "" {
		a.text, html = greeting+"\n\n"+a.text, page.TextToHTML(greeting)+html
	}
	if end != "" {
		leave = end
	}
	a.html = html + page.TextToHTML(leave)
	return a, leave
}

// withLeave is a text with how its author took leave below it, above the words
// that stood below that already.
func withLeave(text, leave, postscript string) string {
	if text == "" || leave == "" {
		return text
	}
	below, said := strings.Split(postscript, "\n"), strings.Split(text, "\n")
	at := len(said) // where the words begin that stood below, orders among them left out
	for at > 1 && slices.Contains(below, said[at-1]) {
		at--
	}
	if ps := strings.TrimSpace(strings.Join(said[at:], "\n")); ps != "" {
		return strings.TrimSpace(strings.Join(said[:at], "\n")) + "\n\n" + leave + "\n\n" + ps
	}
	return text + "\n\n" + leave
}

// placed is the answer as it leaves: how the agent took leave stands where it was
// written, and the pictures where the agent put them.
func (a writing) placed(f commands.Facts, leave, postscript string) writing {
	a.text = withLeave(a.text, leave, postscript)
	if a.html == "" {
		a.html = compose.TextWithPictures(a.text, a.files)
	}
	a.html, a.files = compose.PlacePictures(a.html, a.files, ownPictures(f, "picture"))
	shown := false
	for i, x := range a.files {
		if x.Inline && compose.Shows(a.html, x.ContentID) {
			shown = true
		} else {
			a.files[i].Inline = false
		}
	}
	if shown { // the text part of many programs says nothing of them
		a.text = strings.TrimSpace(compose.TextOfHTML(a.html))
	} else {
		a.text = compose.PicturesInText(a.text)
	}
	return a
}
