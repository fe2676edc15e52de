package inbound

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/asks"
	"github.com/replywell/replywell/shared/email/automatic"
	"github.com/replywell/replywell/shared/email/langid"
	"github.com/replywell/replywell/shared/guard"
	"github.com/replywell/replywell/shared/language"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/outbox"
	"github.com/replywell/replywell/shared/store"
)

const (
	// acknowledgedFor is the window in which one sender gets one acknowledgement.
	acknowledgedFor = 24 * time.Hour
	// helpFrom is how likely an article must be the right one to be shown to a
	// customer without an agent having looked. docs/suggestions.md says what that
	// confidence has been worth.
	helpFrom = 0.9
	// longestHelp bounds the article, in bytes; a longer one is no help at a glance.
	longestHelp = 1500
)

// acknowledge writes the acknowledgement to whoever opened a conversation, if
// the mailbox sends any and nothing speaks against it. nil is none.
func (s *Service) acknowledge(ctx context.Context, a *arrival, e *entry) (*letters.Ready, error) {
	if !a.mailbox.Acknowledge || !e.created || !a.mayBeAnsweredByItself(e) {
		return nil, nil
	}
	now := s.Now()
	id, before := acknowledgementID(a.author.Address, now), acknowledgementID(a.author.Address, now.Add(-acknowledgedFor))
	for _, known := range []string{id, before} {
		item, err := s.Store.Outbox(ctx, known)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("looking for an earlier acknowledgement: %w", err)
		case known == id || now.Sub(item.Created) < acknowledgedFor:
			return nil, nil
		}
	}
	room, err := outbox.Recorder{Store: s.Store, Settings: s.Settings}.Room(ctx, e.conv.ID, now, a.author.Address)
	if err != nil || !room {
		return nil, err
	}
	w := letters.Writer{Settings: a.settings, Keys: s.Keys, Now: now}
	ready, err := w.Acknowledgement(id, a.mailbox, e.conv, letters.Acknowledged{Answers: e.message.MessageID, Language: e.tongue(), Help: e.help(a.mailbox), Person: e.wantsPerson()})
	switch {
	case desk.IsPermanent(err): // agents hear of the mail in any case
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &ready, nil
}

// acknowledgementID is the one outbox item that acknowledges an address's mail
// in a stretch of time: two mails at once cannot both write it.
func acknowledgementID(address string, at time.Time) string {
	return desk.DerivedID(string(desk.OutboxAcknowledgement), store.AddressBudget(address), fmt.Sprint(at.Unix()/int64(acknowledgedFor/time.Second)))
}

// tongue is the language that the customer wrote in; "" where that is not sure.
func (e *entry) tongue() string { return langid.Of(e.message.Subject + "\n" + e.message.Text) }

// wantsPerson reports whether the customer asks for a person, or for a call.
func (e *entry) wantsPerson() bool {
	return asks.Person(e.message.Subject + "\n" + e.message.Text)
}

// gives is what a mail gives that an answer may ask for: a number, a code.
var gives = regexp.MustCompile(`\p{L}{0,4}[-#]?\d{4,}|\b[A-Z0-9]+-[A-Z0-9-]*\d|\b\p{L}+\d+\p{L}*\d`)

// asksWhatIsThere reports whether an answer begins by asking for something where
// the mail gives a number or a file: to be asked for what one has just written is
// worse than to wait.
func (e *entry) asksWhatIsThere(answer string) bool {
	return asks.First(answer) && (len(e.message.Attachments) > 0 || gives.MatchString(e.message.Subject+"\n"+e.message.Text))
}

// help is the article that a customer is shown at once: the best one, for
// everybody to read, in the language of the mail, short, and almost certainly
// right. Nobody who asks for a person is shown one.
func (e *entry) help(mb desk.Mailbox) *desk.Suggestion {
	if len(e.offered) == 0 {
		return nil
	}
	o := e.offered[0]
	tongue := language.Base(letters.Tongue(e.tongue(), mb))
	written := o.Language
	if written == "" {
		written = langid.Of(o.Reply)
	}
	if e.wantsPerson() || e.asksWhatIsThere(o.Reply) || written != "" && language.Base(written) != tongue {
		return nil
	}
	if desk.StrayMark(o.Title) || desk.StrayMark(o.Reply) || o.Score < helpFrom || o.Internal || strings.TrimSpace(o.Reply) == "" || len(o.Reply) > longestHelp {
		return nil
	}
	return &o
}

// mayBeAnsweredByItself asks everything that speaks against a mail which no
// person decided to send (RFC 3834 section 2, and what loops have taught since).
// That it is a person's mail, as far as anybody can tell, was found before; here
// every mark counts, also one that is usually harmless.
func (a *arrival) mayBeAnsweredByItself(e *entry) bool {
	m := a.mail
	path := bare(a.in.MailFrom)
	_, ours := a.settings.MailboxAt(a.author.Address)
	_, agent := a.settings.AgentAt(a.author.Address)
	switch {
	case a.released != "", a.kind != automatic.Person, e.message.Kind != desk.KindCustomer:
		return false
	case !a.verified: // From is one address, which DMARC vouches for, and is who wrote
		return false
	case a.in.Verdicts.Spam != desk.VerdictPass && a.in.Verdicts.Spam != desk.VerdictDisabled && a.in.Verdicts.Spam != "": // a suspect
		return false
	case path == "" || machine(path): // the null path, or nobody reads there
		return false
	case !usable(a.author.Address) || machine(a.author.Address):
		return false
	case ours || agent || len(a.tokens) > 0 || e.linked != nil:
		return false
	case len(m.InReplyTo) > 0 || len(m.References) > 0: // it answers something that we do not know
		return false
	case !a.addressedToUs():
		return false
	case codeWord.MatchString(m.Subject+"\n"+e.message.Text) && codeOrLink.MatchString(m.Subject+"\n"+e.message.Text):
		return false // a service confirms an address by such mails, and whoever answers is taken for its owner
	}
	for _, r := range m.ReplyTo {
		if !same(r.Address, a.author.Address) {
			return false
		}
	}
	for _, f := range m.Header {
		name := strings.ToLower(f.Name)
		if strings.HasPrefix(name, "list-") || strings.HasPrefix(name, "resent-") || machineFields[name] {
			return false
		}
		if name == "auto-submitted" && !strings.EqualFold(strings.TrimSpace(f.Value), "no") {
			return false
		}
	}
	return true
}

// addressedToUs reports whether the mail's header names one of our addresses:
// who only got a copy of it was not asked (RFC 3834 section 2).
func (a *arrival) addressedToUs() bool {
	for _, to := range a.mail.To {
		if _, ok := a.settings.MailboxAt(to.Address); ok {
			return true
		}
	}
	return false
}

// A word of verification mails together with a number or a link of theirs.
// Silence costs a person who writes so nothing.
var (
	codeWord   = regexp.MustCompile(`(?i)\b(code|otp|pin|passcode|token|verif\w*|confirm\w*|activat\w*|one[- ]time|bestätig\w*|aktivier\w*|codice|código|sign[- ]?in|log[- ]?in|reset)\b`)
	codeOrLink = regexp.MustCompile(`(?i)(^|\s)\d{3}[- ]?\d{1,5}([\s.,]|$)|https?://\S*(verif|confirm|activat|token|reset|code=|invite)`)
)

// machineFields are header fields that mail of a person's to one other hardly
// ever bears. One of them is enough for silence.
var machineFields = map[string]bool{"precedence": true, "x-loop": true, "x-auto-response-suppress": true, "x-autoreply": true, "x-autorespond": true,
	"feedback-id": true, "x-campaign-id": true, "x-mailgun-sid": true, "x-sg-eid": true, "x-ses-outgoing": true, "x-mailer-recptid": true, "x-job": true,
	"x-beenthere": true, "x-mailing-list": true, "mailing-list": true, "x-google-loop": true, "x-forwarded-for": true, "x-failed-recipients": true,
	"original-message-id": true, "x-autogenerated": true, "x-csa-complaints": true, "x-report-abuse": true}

// machine reports whether an address is one where no person reads: by the names
// of RFC 2142 for machines' mail and those that are in use for it.
func machine(address string) bool {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return true
	}
	local := strings.ToLower(address[:at])
	plain := strings.NewReplacer("-", "", "_", "", ".", "", "+", "").Replace(local)
	for _, w := range []string{"noreply", "donotreply", "nepasrepondre", "noresponder", "nichtantworten", "mailerdaemon", "bounce", "unsubscribe"} {
		if strings.Contains(plain, w) {
			return true
		}
	}
	first, _, _ := strings.Cut(local, "+")
	switch first {
	case "postmaster", "daemon", "root", "nobody", "listserv", "majordomo", "mailman", "notification", "notifications", "notify", "alert", "alerts", "newsletter",
		"news", "system", "automailer", "autoreply", "auto-reply", "auto-confirm", "robot", "bot", "cron", "www-data", "apache", "nagios", "jenkins", "ci", "abuse", "hostmaster":
		return true
	}
	return strings.HasPrefix(local, "owner-") || strings.HasSuffix(local, "-request") || strings.HasSuffix(local, "-owner") ||
		strings.HasPrefix(local, "prvs=") || strings.HasPrefix(local, "btv1==")
}

// commitWith writes a change with the mails it causes and, where there is one,
// an acknowledgement. One that holds what must not reach the customer is left
// out; nothing else waits for it.
func (s *Service) commitWith(ctx context.Context, a *arrival, e *entry, c *store.Change, acknowledgement *letters.Ready, tell []letters.Ready) error {
	if acknowledgement == nil {
		return s.commit(ctx, c, tell...)
	}
	known := &guard.Known{Keys: s.Keys, Now: s.Now(), Settings: a.settings, Conversation: e.conv, Messages: []desk.Message{e.message}}
	if h := e.help(a.mailbox); h != nil {
		known.Public = []string{h.Title, h.Reply}
	}
	r := outbox.Recorder{Store: s.Store, Blobs: s.Blobs, Settings: s.Settings, Wake: s.Wake, Guard: known}
	err := r.Commit(ctx, c, append([]letters.Ready{*acknowledgement}, tell...), s.Now(), c.Inbound.ID)
	var leak *outbox.LeakError
	if errors.As(err, &leak) {
		return s.commit(ctx, c, tell...)
	}
	return err
}
