package confirm

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/replyaddr"
	"github.com/replywell/replywell/shared/home"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
	"github.com/replywell/replywell/shared/store"
)

// answer is one mail that answers a question.
type answer struct {
	*Service
	settings *desk.Settings
	in       desk.Inbound
	mail     *email.Mail
	agent    desk.Agent
	question desk.Confirmation
	now      time.Time
}

// Confirm takes the mail that came to a confirmation's address. in is its
// record, not yet stored; the address was made for the agent, and the mail's one
// From address is the agent's. vouched says whether the agent's domain vouches
// for it. An error is temporary, and nothing has happened.
func (s *Service) Confirm(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, token replyaddr.Token, vouched bool) error {
	settings, err := s.Settings(ctx)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	var done desk.Inbound
	err = store.Retry(ctx, func(bool) error {
		a := &answer{Service: s, settings: settings, in: *in, mail: mail, agent: agent, now: s.Now()}
		err := a.take(ctx, token, vouched)
		done = a.in
		return err
	})
	if errors.Is(err, store.ErrAlreadyDone) {
		return nil
	}
	if err == nil {
		*in = done
	}
	return err
}

// take reads the question and does what was answered, without trying again.
func (a *answer) take(ctx context.Context, token replyaddr.Token, vouched bool) error {
	var err error
	a.question, err = a.Store.Confirmation(ctx, token.Conversation)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.question.Agent != a.agent.ID {
		return a.refuse(ctx, "gone", "What you answered is not known any more", "Its time is over. If it is still to be done, ask for it again.")
	}
	if err != nil {
		return fmt.Errorf("reading the confirmation: %w", err)
	}
	if done, err := a.away(ctx, vouched); done || err != nil {
		return err
	}
	q := a.question
	words, ok := Words(q)
	if r, can := a.Actions[q.Kind].(Replacer); can && q.Replaceable() && vouched && !a.says(words) {
		return r.Replace(ctx, &a.in, a.mail, a.agent, q)
	}
	if back, can := a.Actions[q.Kind].(TakesBack); can && q.Kind == desk.ConfirmFixed && vouched && a.says([]orders.ChoiceWord{{Name: "undo"}}) {
		return a.takeBackAll(ctx, back)
	}
	switch {
	case !q.Used.IsZero():
		return a.refuse(ctx, "used", "This was answered already", fmt.Sprintf("It was answered with #%s at %s, and is answered once. Nothing was done now.", q.Word, a.when(q.Used)))
	case !q.Waits(a.now):
		return a.refuse(ctx, "expired", "This can no longer be answered", fmt.Sprintf("Its time was over at %s. Nothing was done. If it is still to be done, ask for it again.", a.when(q.Expires)))
	case !vouched && !q.Unvouched:
		return a.refuse(ctx, "unvouched", "Your answer was not taken",
			"The receiving service could not confirm that it truly comes from your address (DMARC), and was written to this one, so nothing was done. Answer again by the mail program that you always use for your work; if that fails too, tell whoever runs your mail.")
	}
	if q.Kind == desk.ConfirmDigest && a.Digests != nil {
		return a.digest(ctx)
	}
	if (q.Kind == desk.ConfirmMorning || q.Kind == desk.ConfirmFound) && a.Digests != nil {
		return a.morning(ctx)
	}
	if q.Kind == desk.ConfirmReport && a.Digests != nil {
		return a.report(ctx)
	}
	action := a.Actions[q.Kind]
	if t, can := action.(Talker); can && (q.Kind == desk.ConfirmWelcome || q.Kind == desk.ConfirmPractice) {
		base := a.base(string(q.Kind), "")
		base.Events = nil // no figure counts it
		return t.Talk(ctx, q, a.agent, a.mail, base)
	}
	held := q.Kind.OfHeld() || q.Kind == desk.ConfirmQuarantine
	if !ok || !held && action == nil {
		return a.refuse(ctx, "unknown", "Nothing was done", "This program does not know how to do what was asked. Tell whoever runs Replywell.")
	}
	if q.Kind == desk.ConfirmQuarantine {
		return a.list(ctx)
	}
	if word, ok := orders.ReadMine(a.ownText()); ok && q.Kind == desk.ConfirmRelease {
		return a.one(ctx, word)
	}
	said, err := a.said(words)
	var bad *desk.CommandError
	if errors.As(err, &bad) {
		why := "Your answer was not understood: " + bad.Why + "."
		if bad.Line != "" {
			why = fmt.Sprintf("Your answer says “%s”: %s.", bad.Line, bad.Why)
		}
		if done, err := a.askAgain(ctx, why, words); done || err != nil {
			return err
		}
		return a.refuse(ctx, "word", "Nothing was done", why+" Answer the first mail again with the right word in the first line.")
	}
	if err != nil {
		return err
	}
	switch q.Kind {
	case desk.ConfirmRelease, desk.ConfirmOwn, desk.ConfirmNote:
		return a.one(ctx, said[0].Word)
	}
	return a.do(ctx, action, said[0].Word)
}

// do uses the question up, together with what was asked.
func (a *answer) do(ctx context.Context, action Action, word string) error {
	q := a.question
	q.Use(a.now, a.in.ID, word)
	base := a.base("confirmed: #"+word, word)
	base.Confirmations = []*desk.Confirmation{&q}
	if word == "no" {
		return a.Store.Commit(ctx, base)
	}
	return action.Confirmed(ctx, q, a.agent, base)
}

// base begins the change that carries an answer out.
func (a *answer) base(reason, word string) *store.Change {
	a.in.Outcome, a.in.Reason, a.in.Conversation, a.in.Recorded = desk.OutcomeAgent, reason, a.question.Conversation, a.now
	if a.question.Mailbox != "" {
		a.in.Mailbox = a.question.Mailbox
	}
	e := a.event(desk.EventConfirmed, string(a.question.Kind)+" "+word)
	c := &store.Change{Inbound: &a.in, ContentHash: a.in.ContentHash, MessageIDs: map[string]store.MessageRef{}, Events: []desk.Event{e}}
	return c
}

func (a *answer) event(kind desk.EventKind, detail string) desk.Event {
	return desk.Event{ID: desk.DerivedID(a.in.ID, string(kind)), Schema: desk.EventSchema, Kind: kind, Occurred: a.in.ReceivedAt, Recorded: a.now,
		Mailbox: a.in.Mailbox, Conversation: a.question.Conversation, Agent: a.agent.ID, Detail: detail}
}

// says reports whether the mail is one of the words.
func (a *answer) says(words []orders.ChoiceWord) bool {
	_, err := a.said(words)
	return err == nil
}

// said reads the mail as an answer to the question.
func (a *answer) said(words []orders.ChoiceWord) ([]orders.Choice, error) {
	return orders.ReadChoices(a.ownText(), []string{a.agent.Name, a.agent.PublicName}, words...)
}

// ownText is what the agent wrote.
func (a *answer) ownText() string {
	if v := a.mail.Visible; !v.OnlyQuote {
		return v.Visible
	}
	return ""
}

// Words are what each kind of question can be answered with.
func Words(q desk.Confirmation) ([]orders.ChoiceWord, bool) {
	switch q.Kind {
	case desk.ConfirmWaiting:
		if q.Replaceable() {
			return []orders.ChoiceWord{{Name: "send"}}, true
		}
		if q.About == desk.WaitsBlocked {
			return []orders.ChoiceWord{{Name: "send"}, {Name: "no"}}, true
		}
		return []orders.ChoiceWord{{Name: "send"}, {Name: "note"}, {Name: "no"}}, true
	case desk.ConfirmRelease:
		return []orders.ChoiceWord{{Name: "release"}, {Name: "drop"}}, true
	case desk.ConfirmQuarantine:
		return []orders.ChoiceWord{{Name: "release", Numbers: true}, {Name: "drop", Numbers: true}}, true
	case desk.ConfirmMeant:
		if q.About == "" { // nobody could say what a yes would be
			return []orders.ChoiceWord{{Name: "send"}, {Name: "no"}}, true
		}
		return []orders.ChoiceWord{{Name: "yes"}, {Name: "no"}, {Name: "send"}}, true
	case desk.ConfirmFixed:
		return fixedWords(q), true
	case desk.ConfirmMerge, desk.ConfirmBlock, desk.ConfirmSame, desk.ConfirmOwn, desk.ConfirmNote, desk.ConfirmExport, desk.ConfirmErase:
		return []orders.ChoiceWord{{Name: "yes"}, {Name: "no"}}, true
	}
	return nil, false
}

// refuse records that nothing was done, and tells the agent why, so many times a day.
func (a *answer) refuse(ctx context.Context, rule, title, why string) error {
	c := a.base(why, rule)
	a.in.Outcome = desk.OutcomeRefused
	c.Events = []desk.Event{a.event(desk.EventRefused, "confirmation "+rule)}
	id, free, err := a.noticeID(ctx)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(a.ownText())
	if words, ok := Words(a.question); ok && rule != "word" && a.says(words) {
		text = "" // a word that came too late is no text
	}
	if !free {
		if text != "" {
			a.keep(rule)
		}
		return a.commit(ctx, c)
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	told := letters.ChoiceResult{Title: title, Text: why, Tone: page.Problem}
	if text != "" { // it may be a letter that somebody took pains with
		told.About = []page.Block{page.Quote{Who: "What you wrote", Text: text}}
	}
	notice, err := w.ChoiceResult(id, a.agent, a.mailbox(), told)
	if err != nil {
		return err
	}
	return a.commit(ctx, c, notice)
}

// keep holds a mail of which the agent cannot be told today: its text comes in the
// next day's mail of what was held in the agent's name.
func (a *answer) keep(rule string) {
	a.in.Outcome, a.in.Hold, a.in.Agent, a.in.Untold = desk.OutcomeHeld, desk.HoldAgent, a.agent.ID, true
	a.in.Reason = "our question could no longer be answered with it"
	if rule == "word" {
		a.in.Reason = "it answers a question of ours, and is none of the words that it names"
	}
	a.in.KeptUntil = a.in.ReceivedAt.Add(a.settings.KeepHeld())
	a.in.Summary = desk.Summary{From: page.Excerpt(a.mail.From.Address, 120), Subject: page.Excerpt(a.mail.Subject, 120), FirstLines: page.Excerpt(a.ownText(), 160)}
}

// askAgain gives what was said back, and asks once more, but once for a question: a
// program that answers whatever comes is not asked on and on.
func (a *answer) askAgain(ctx context.Context, why string, words []orders.ChoiceWord) (done bool, err error) {
	q := a.question
	id := desk.DerivedID("asked-again", q.ID)
	if _, err := a.Store.Outbox(ctx, id); err == nil {
		return false, nil
	} else if !errors.Is(err, store.ErrNotFound) {
		return false, fmt.Errorf("asking whether the agent was asked again: %w", err)
	}
	var conv desk.Conversation
	if q.Conversation != "" {
		if conv, err = a.Store.Conversation(ctx, q.Conversation); err != nil && !errors.Is(err, store.ErrNotFound) {
			return false, fmt.Errorf("reading the conversation of a question: %w", err)
		}
	}
	var names []string
	for _, w := range words {
		names = append(names, w.Name)
	}
	w := letters.Writer{Settings: a.settings, Keys: a.Keys, Now: a.now}
	again, err := w.Again(id, a.agent, a.mailbox(), conv, q, names, a.ownText())
	if err != nil {
		return false, err
	}
	c := a.base(why, "word")
	a.in.Outcome = desk.OutcomeRefused
	c.Events = []desk.Event{a.event(desk.EventRefused, "confirmation word")}
	return true, a.commit(ctx, c, again)
}

// noticeID gives the id of the day's next notice to the agent, if there may be one.
func (a *answer) noticeID(ctx context.Context) (id string, free bool, err error) {
	for n := range maxNotices {
		id = desk.DerivedID("confirmation-notice", a.agent.ID, a.now.UTC().Format(time.DateOnly), strconv.Itoa(n))
		if _, err = a.Store.Outbox(ctx, id); errors.Is(err, store.ErrNotFound) {
			return id, true, nil
		} else if err != nil {
			return "", false, fmt.Errorf("counting notices: %w", err)
		}
	}
	return "", false, nil
}

// mailbox is the one that the question came from, else the first.
func (a *answer) mailbox() desk.Mailbox {
	if mb, ok := a.settings.Mailbox(a.question.Mailbox); ok {
		return mb
	}
	return a.settings.Mailboxes[0]
}

func (a *answer) commit(ctx context.Context, c *store.Change, mails ...letters.Ready) error {
	r := a.Recorder()
	return r.Commit(ctx, c, mails, a.now, a.in.ID)
}

func (a *answer) when(t time.Time) string {
	zone, err := time.LoadLocation(a.settings.Report.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return page.When(t.In(zone))
}

// fixedWords are what the question whether many are to be answered can be answered with.
func fixedWords(q desk.Confirmation) []orders.ChoiceWord {
	apart := slices.ContainsFunc(q.Listed, func(l desk.Listed) bool { return l.Apart })
	same := slices.ContainsFunc(q.Listed, func(l desk.Listed) bool { return !l.Apart })
	var out []orders.ChoiceWord
	if same {
		out = append(out, orders.ChoiceWord{Name: "yes"})
	}
	if apart {
		out = append(out, orders.ChoiceWord{Name: "all"})
	}
	return append(out, orders.ChoiceWord{Name: "no"})
}

// takeBackAll takes back what the question sent. Where nothing was sent, nothing is.
func (a *answer) takeBackAll(ctx context.Context, back TakesBack) error {
	q := a.question
	if q.Used.IsZero() || q.Word == "no" {
		return a.refuse(ctx, "undo", "Nothing was sent, so nothing is taken back", "Nobody has got anything by that question. The word no drops it.")
	}
	return back.TakeBackAll(ctx, q, a.agent, a.base("what told of "+q.About+" is taken back", "undo"))
}

// Action does what an agent has said yes to. base holds the record of the mail
// that answered and the used-up confirmation; Action adds what it does to base
// and commits all of it at once, and never does it without base. The error is
// the store's: after store.ErrConflict everything is read again and Action is
// called again with a new base.
type Action interface {
	Confirmed(ctx context.Context, c desk.Confirmation, agent desk.Agent, base *store.Change) error
}

// Replacer takes what an agent answers to a question in other words than those
// it names, where that is an answer in the place of what waits
// (desk.Confirmation.Replaceable). The error is temporary, and nothing has happened.
type Replacer interface {
	Replace(ctx context.Context, in *desk.Inbound, mail *email.Mail, agent desk.Agent, q desk.Confirmation) error
}

// Talker takes what an agent replied to a question that any words answer: a practice, or
// the welcome. base records the mail, and Talk commits it with what follows. The error
// is Action's.
type Talker interface {
	Talk(ctx context.Context, q desk.Confirmation, agent desk.Agent, mail *email.Mail, base *store.Change) error
}

// TakesBack takes back what an Action sent to many, as far as it has not left. base
// holds the record of the mail that says so, and is committed with what is told of it.
type TakesBack interface {
	TakeBackAll(ctx context.Context, c desk.Confirmation, agent desk.Agent, base *store.Change) error
}

// Held does what is said about held mail: Release lets it go on as if it had
// passed the check that held it, Drop ends it. by is the mail that says so, and
// also is committed as one with what is done; nil is nothing. What was done by
// the same mail before counts as done. The error is as Action's.
type Held interface {
	Release(ctx context.Context, id string, q desk.Confirmation, by *desk.Inbound, also *store.Change) (desk.Settled, error)
	Drop(ctx context.Context, id string, by *desk.Inbound, also *store.Change) (desk.Settled, error)
}

// Service takes answers. Wake may be nil, and a kind without an Action cannot be
// answered.
type Service struct {
	*home.Home
	Held    Held
	Actions map[desk.ConfirmationKind]Action
	Digests Digests // nil: replies to digests are refused
}

// maxNotices bounds how often a day one agent is told that an answer was none: a
// mail program that answers every such notice gets no more of them.
const maxNotices = 5
