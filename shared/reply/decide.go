package reply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/kb/article"
	"github.com/replywell/replywell/shared/orders"
)

// plan is what is to happen. At least one of answer, note and closing is set.
type plan struct {
	answer      bool
	note        bool
	forAll      bool // the note is news for all
	closing     bool
	text, html  string // of the answer
	noteText    string
	attachments []compose.Attachment
	articles    []string // sent with it
	added       []desk.Person
	removed     []desk.Person
	learn       string // the agent's own text that is to become an article; "" is none
}

// refusal is why nothing happens. The agent is told in these words.
type refusal struct {
	title, why, next string
	places           []string // what why speaks of, one by one
	commands         bool     // show the list of commands
	shows            bool     // the words above show the agent the newest message
	rule             string   // a stable word for the record
}

func (r *refusal) Error() string { return r.rule + ": " + r.why }

// decide reads the order and makes the plan, or gives a *refusal.
func (j *job) decide(ctx context.Context) (*plan, error) {
	order, err := j.read()
	var bad *desk.CommandError
	if errors.As(err, &bad) {
		return nil, &refusal{rule: "command", title: "Nothing was sent", commands: true,
			why:  fmt.Sprintf("Your mail contains “%s”: %s.", bad.Line, bad.Why),
			next: "Answer this mail with #answer and your text below it, with the right command, or with #note and what is for the team."}
	}
	if err != nil {
		return nil, err
	}
	if order.Doubt != nil {
		return nil, &doubtful{order.Doubt}
	}
	if order.Has(desk.CommandSendAnyway) {
		if err := j.anyway(ctx); err != nil {
			return nil, err
		}
		return j.decide(ctx)
	}
	p := &plan{closing: order.Has(desk.CommandClose), text: order.Text, noteText: order.Note, attachments: j.attachments()}
	if order.Nothing { // a logo in the card is none that the agent sends; a picture may be all of the answer
		p.attachments = slices.DeleteFunc(p.attachments, func(a compose.Attachment) bool { return a.Inline && compose.Logo(a) })
		if len(p.attachments) == 0 {
			p.text = ""
		}
	}
	if p.note, err = j.keeps(order, p); err != nil {
		return nil, err
	}
	for _, c := range order.Commands {
		p.forAll = p.forAll || c.Name == desk.CommandNote && c.Word == desk.NoteForAll
	}
	if p.note && !order.Has(desk.CommandNote) || p.note && j.team && !order.Has(desk.CommandAnswer) {
		p.text, p.noteText = "", strings.TrimSpace(p.text+"\n\n"+p.noteText) // all of it is for the team
	}
	if order.Has(desk.CommandLearn) {
		p.learn = order.Text
	}
	if p.added, p.removed, err = j.people(order); err != nil {
		return nil, err
	}
	if err := j.addArticles(ctx, order, p); err != nil {
		return nil, err
	}
	end := j.mail.Visible.Ending
	switch {
	case order.AsWritten, order.Nothing && len(p.attachments) > 0:
		p.html = orders.Unescape(j.ownHTML())
	case p.html == "":
		p.html = j.own(order.Text + "\n" + end)
	case end != "": // an article's, with the agent's words before it
		p.html += page.TextToHTML(end)
	}
	p.answer = p.text != "" || len(p.attachments) > 0 && !p.closing && !p.note
	if p.answer {
		if p.text != "" && end != "" {
			p.text += "\n\n" + end
		}
		p.place(j.in.ID, j.mailbox.Address[strings.LastIndexByte(j.mailbox.Address, '@')+1:])
	}
	if err := j.check(p); err != nil {
		return nil, err
	}
	if err := j.sentBefore(ctx, p); err != nil {
		return nil, err
	}
	if err := j.current(p); err != nil {
		return nil, err
	}
	if err := j.pace(ctx, p); err != nil {
		return nil, err
	}
	return p, nil
}

// keeps tells whether the text is a note: where the agent says so, and where a
// plain reply to the mail that is answered is one. What of a mail of both kinds
// would go to whom is not guessed.
func (j *job) keeps(order orders.Reading, p *plan) (bool, error) {
	if !j.team || order.Has(desk.CommandAnswer) || order.Has(desk.CommandNote) {
		return order.Has(desk.CommandNote), nil
	}
	for _, name := range []string{desk.CommandSend, desk.CommandLearn} {
		if order.Has(name) && order.Text != "" {
			return false, &refusal{rule: "whom", title: "Nothing was sent",
				why:  "A reply to the mail that you answered is a note for the team, and #" + name + " sends something to " + customer(j.conv) + ". Whom your text is for cannot be told.",
				next: "To send it, answer this mail with #answer in the first line, and #" + name + " and your text below it. For the team, answer with your text alone."}
		}
	}
	plain := order.Text != "" || len(p.attachments) > 0 && !order.Has(desk.CommandSend)
	if plain && j.whom {
		return false, &waits{about: desk.KeptWhom}
	}
	if plain && j.held == nil && j.around().GreetsCustomer(order.Text) {
		return false, &waits{about: desk.KeptWhom, greets: true} // who begins so has not looked at the first line
	}
	return plain, nil
}

// ownText is what the agent wrote; where it was written between quoted lines,
// each answer with the question it belongs to.
func (j *job) ownText() string {
	v := j.mail.Visible
	switch {
	case v.OnlyQuote:
		return "" // the reader gives the quote then, which is not the agent's
	case v.Inline && v.WithContext != "":
		return j.withoutInternal(v.WithContext)
	}
	return v.Visible
}

// ownHTML is the same with the agent's formatting, where the mail's HTML could
// be cut at the same places.
func (j *job) ownHTML() string {
	if j.mail.Visible.Inline || j.mail.Visible.OnlyQuote {
		return ""
	}
	return j.mail.Visible.VisibleHTML
}

// addArticles resolves #send N against the suggestions that the agent was shown.
func (j *job) addArticles(ctx context.Context, order orders.Reading, p *plan) error {
	if !order.Has(desk.CommandSend) {
		return nil
	}
	articles, err := j.Articles(ctx)
	if err != nil {
		return fmt.Errorf("reading the knowledge base for #send: %w", err)
	}
	parts, html := []string{p.text}, j.own(p.text)
	if html == "" {
		html = page.TextToHTML(p.text)
	}
	for _, c := range order.Commands {
		if c.Name != desk.CommandSend {
			continue
		}
		a, why := j.readyAnswer(articles, c.Argument)
		if why != nil {
			return why
		}
		if why := unsendable(a); why != "" {
			return j.badArticle(why)
		}
		parts = append(parts, a.MailText())
		html += a.MailHTML()
		p.articles = append(p.articles, a.ID)
	}
	if order.Below != "" {
		parts = append(parts, order.Below)
		html += page.TextToHTML(order.Below)
	}
	p.text, p.html = strings.TrimSpace(strings.Join(parts, "\n\n")), html
	return nil
}

// readyAnswer finds the article that a number means, or says why there is none.
func (j *job) readyAnswer(articles Articles, n int) (article.Article, error) {
	offered := j.offered()
	if len(offered) == 0 {
		return article.Article{}, &refusal{rule: "no-such-suggestion", title: "Nothing was sent",
			why:  fmt.Sprintf("You asked for ready answer %d, and the mail you answered offers none.", n),
			next: "Answer this mail with #answer and your own text below it."}
	}
	if n > len(offered) {
		return article.Article{}, &refusal{rule: "no-such-suggestion", title: "Nothing was sent",
			why:  fmt.Sprintf("You asked for ready answer %d, and the mail you answered offers %s.", n, page.Count(len(offered), "ready answer", "ready answers")),
			next: "Answer this mail with a number that is there, or with #answer and your own text."}
	}
	a, ok := articles.Article(offered[n-1])
	if !ok {
		// Its title went with it, and the agent never saw its id.
		return a, j.badArticle(fmt.Sprintf("The article that was ready answer %d is not in the knowledge base any more.", n))
	}
	return a, nil
}

func (j *job) badArticle(why string) *refusal {
	next := "Answer this mail with #answer and your own text below it."
	if len(j.offered()) > 1 {
		next = "Answer this mail with #answer and your own text below it, or with another ready answer."
	}
	return &refusal{rule: "article", title: "Nothing was sent", why: why, next: next}
}

func unsendable(a article.Article) string {
	switch {
	case a.Internal():
		return fmt.Sprintf("The article “%s” is for the team only; it is never sent to customers.", a.Title)
	case a.ShowsMark():
		return fmt.Sprintf("In what would be sent of the article “%s” stands the mark of an internal passage, so the customer might read what is for the team only. Whoever looks after the article finds the place with: replywell kb check", a.Title)
	}
	return ""
}

// offered are the suggestions of the newest message that the agent had been
// shown and that had any.
func (j *job) offered() []string {
	for i := len(j.messages) - 1; i >= 0; i-- {
		if m := j.messages[i]; m.Sequence <= j.seen && len(m.Suggested) > 0 {
			return m.Suggested
		}
	}
	return nil
}

// sendable is the number of the first of them that #send sends; 0 where there is
// none, or where that cannot be known now.
func (j *job) sendable(ctx context.Context) int {
	offered := j.offered()
	if len(offered) == 0 {
		return 0
	}
	articles, err := j.Articles(ctx)
	if err != nil {
		return 0 // what is refused is told all the same, without #send in the list
	}
	for i, id := range offered {
		if a, ok := articles.Article(id); ok && unsendable(a) == "" {
			return i + 1
		}
	}
	return 0
}

// check refuses what cannot be done.
func (j *job) check(p *plan) error {
	switch {
	case !p.answer && !p.note && !p.closing && len(p.added)+len(p.removed) == 0:
		return &refusal{rule: "empty", title: "Nothing was sent", commands: true,
			why:  "No words of yours were found in your mail: only a greeting, a signature, or what you answered; and no attachment.",
			next: "If you wrote below or between the quoted lines, answer this mail with #answer and your text at the top."}
	case p.answer && j.conv.Customer.Address == "":
		return &refusal{rule: "no-address", title: "Your answer could not be sent",
			why:  "The customer's mail names no address that an answer could go to.",
			next: "You can keep what you know with #note, and close the conversation with #close."}
	case p.closing && !p.answer && j.unseen() != nil:
		m := j.unseen()
		return &refusal{rule: "not-seen", title: "The conversation was not closed",
			why:  fmt.Sprintf("%s has written again since the mail you answered: “%s”", customer(j.conv), page.Excerpt(m.Text, 200)),
			next: "Answer this mail with #close to close it all the same, or with #answer and your answer below it.", shows: true}
	}
	return nil
}

// unseen is the customer's newest message that says something and that the agent
// had not been shown.
func (j *job) unseen() (found *desk.Message) {
	for i := range j.messages {
		m := &j.messages[i]
		if m.Kind == desk.KindCustomer && m.NewsTo(j.agent.ID) && !j.wasShown(*m) && (found == nil || !m.At.Before(found.At)) {
			found = m
		}
	}
	return found
}

// wasShown reports whether the agent had been shown a message. Where
// conversations were joined, the numbers are not in the order of time.
func (j *job) wasShown(m desk.Message) bool {
	aware := max(j.seen, j.aware)
	if !j.conv.Joined() || m.Sequence == aware {
		return m.Sequence <= aware
	}
	var last desk.Message
	for _, x := range j.messages {
		if x.Sequence <= aware {
			last = x
		}
	}
	return !m.At.After(last.At)
}

// answered is the customer's message that an answer goes with: the newest that
// the agent was shown, else the first that is known.
func (j *job) answered() desk.Message {
	var found desk.Message
	for _, m := range j.messages {
		shown := m.Sequence <= j.seen && !m.At.Before(found.At)
		if !j.conv.Joined() {
			shown = m.Sequence <= j.seen
		}
		if m.Kind == desk.KindCustomer && (shown || found.Sequence == 0) {
			found = m
		}
	}
	return found
}

func customer(c desk.Conversation) string {
	if n := page.OneLine(c.Customer.Name); n != "" {
		return n
	}
	if c.Customer.Address != "" {
		return c.Customer.Address
	}
	return "The customer"
}
