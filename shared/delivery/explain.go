package delivery

import (
	"strings"

	"github.com/replywell/replywell/shared/email/automatic"
)

// Said is what a person reads about a recipient who was not reached.
type Said struct {
	What   string // what happened, a sentence that names the address
	Next   string // what to do next, a sentence or two
	Passes bool   // it may well work another day
	Server string // the server's own words, on one line; "" where there are none
}

// words of one cause. %s is the address.
type words struct {
	what, next string
	passes     bool
}

const (
	askAnother = "Reach them another way if you can; the conversation stays open."
	askRunning = "Whoever runs your mail can mend that, and needs to see the server's words below."
)

// explained says each cause in plain words. The causes are those of package
// automatic, and a few that only a service tells.
var explained = map[string]words{
	"no-mailbox":       {what: "There is no mailbox %s.", next: "The address may have a typing error, or was given up. " + askAnother},
	"no-domain":        {what: "There is no mail server for %s: what stands behind the @ does not exist, or takes no mail.", next: "The address may have a typing error. " + askAnother},
	"syntax":           {what: "%s is not written as an address can be.", next: "The address may have a typing error. " + askAnother},
	"mailbox-disabled": {what: "The mailbox %s is closed.", next: askAnother},
	"moved":            {what: "%s has another address now.", next: "The server's words below may tell it. " + askAnother},
	"mailbox-full":     {what: "The mailbox %s is full.", next: "That is not for ever: write again in a day or two, or reach them another way.", passes: true},
	"too-big":          {what: "The mail server of %s takes no mail of that size.", next: "Send it without the files, or with smaller ones."},
	"virus":            {what: "The mail was refused on the way to %s, because it was taken for a virus.", next: "Send it without the files. If it was a file of yours, let your computer be looked at."},
	"attachment":       {what: "The mail server of %s does not take a file of that kind.", next: "Send it without the files, or put them where they can be fetched."},
	"spam":             {what: "The mail server of %s took the mail for advertising.", next: "Write it again in other words, with fewer links and no files; if that is refused too, reach them another way."},
	"content":          {what: "The mail server of %s could not read the mail.", next: "Write it again as plain text, without files. " + askRunning},
	"dmarc":            {what: "The mail server of %s does not believe that the mail came from us.", next: askRunning + " Until then, reach them another way."},
	"reverse-dns":      {what: "The mail server of %s does not know our mail server by its name.", next: askRunning + " Until then, reach them another way."},
	"blocked":          {what: "The mail server of %s blocks our mail server.", next: askRunning + " Until then, reach them another way."},
	"relay":            {what: "Our mail server does not pass mail on to %s.", next: askRunning},
	"tls":              {what: "No secure connection to the mail server of %s was possible.", next: askRunning, passes: true},
	"protocol":         {what: "Our mail server and that of %s did not understand each other.", next: askRunning, passes: true},
	"loop":             {what: "The mail to %s went round in a circle and came back.", next: "That is a fault at their side. " + askAnother},
	"not-allowed":      {what: "%s takes mail of certain senders only, and we are none of them.", next: askAnother},
	"refused":          {what: "The mail server of %s refused the mail.", next: askAnother},
	"rate-limited":     {what: "The mail server of %s takes no more mail from us for now.", next: "Write again tomorrow.", passes: true},
	"greylisted":       {what: "The mail server of %s asked us to come later, again and again.", next: "Write again tomorrow, or reach them another way.", passes: true},
	"later":            {what: "The mail server of %s asked us to come later, again and again.", next: "Write again tomorrow, or reach them another way.", passes: true},
	"unreachable":      {what: "The mail server of %s could not be reached.", next: "It may work another day: write again tomorrow, or reach them another way.", passes: true},
	"expired":          {what: "The mail server of %s could not be reached for days.", next: "It may work another day: write again tomorrow, or reach them another way.", passes: true},
	"system":           {what: "The mail server of %s has a fault.", next: "It may work another day: write again tomorrow, or reach them another way.", passes: true},
	"suppressed":       {what: "Amazon's mail service sends nothing to %s, because mail to it came back before.", next: "If the address works again, whoever runs your mail can take it off the suppression list of the account. Until then, reach them another way."},
	"sandbox":          {what: "Amazon's mail service may not send to %s yet.", next: askRunning, passes: true},
	"":                 {what: "The mail to %s could not be delivered, and their mail server does not say why.", next: askAnother},
}

// maxServer bounds what is shown of a server's own words, in bytes.
const maxServer = 240

// Explain says what an answer means for one recipient.
func Explain(a Response, address string) Said {
	b, _ := automatic.Understand(a.Status, a.said())
	v := Judge(a)
	w, ok := explained[v.Cause]
	if !ok {
		w = explained[""]
	}
	if address == "" {
		address = "this recipient"
	}
	s := Said{What: strings.Replace(w.what, "%s", address, 1), Next: w.next, Passes: w.passes || strings.HasPrefix(b.Status, "4"), Server: serverWords(a.said())}
	if len(s.Server) > maxServer {
		s.Server = strings.ToValidUTF8(s.Server[:maxServer], "") + "…"
	}
	return s
}

// Explained reports whether there are words for a cause.
func Explained(cause string) bool {
	_, ok := explained[cause]
	return ok
}

// serverWords are a server's words without what reports put around them: the kind
// of the answer ("smtp; "), and what is said of the mail that follows.
func serverWords(s string) string {
	s, _, _ = strings.Cut(strings.Join(strings.Fields(s), " "), " ---")
	if kind, words, ok := strings.Cut(s, ";"); ok && !strings.ContainsAny(kind, " 0123456789") {
		s = words // RFC 3464 section 2.3.6
	}
	return strings.TrimLeft(s, ":; ")
}
