package reply

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/visible"
	"github.com/replywell/replywell/shared/language"
	"github.com/replywell/replywell/shared/orders"
)

// saidSend answers a question about a doubtful line: the mail is sent as it was
// written.
const saidSend = "send"

// read reads what a mail asks for. What the agent said of a doubtful line holds.
// It gives a *commands.Refusal where the mail says no order that can be carried
// out, and a *doubtful where the agent must be asked. t is what the team has ready by
// name; nil: none, and any name passes.
func read(f commands.Facts, w written, t *templates) (request, error) {
	whole, err := orders.Read(ordersMail(f, w), timed(f, w, t))
	if t != nil && t.err != nil {
		return request{}, t.err
	}
	r, err := settled(f, w, whole, err)
	if err != nil {
		return request{}, err
	}
	asks := w.asking(r)
	asks.literal.lines = whole.Signs
	if w.said == saidSend {
		asks.literal.whole = w.text(f)
	}
	return asks, nil
}

// asking is a reading with what the mail brings for it. Where nothing else was written,
// a logo in the card is no file that the agent sends; a picture may be all of the answer.
func (w written) asking(r orders.Reading) request {
	v := w.mail.Visible
	asks := request{Reading: r, html: w.withPhotos(), ending: v.Ending, postscript: v.Postscript, files: w.attachments(), again: w.held != nil}
	if r.Nothing {
		asks.files = slices.DeleteFunc(asks.files, func(a compose.Attachment) bool { return a.Inline && compose.Logo(a) })
	}
	return asks
}

// settled is a reading as the agent settled it, if it had to be.
func settled(f commands.Facts, w written, r orders.Reading, err error) (orders.Reading, error) {
	var bad *desk.CommandError
	switch {
	case errors.As(err, &bad):
		return r, &commands.Refusal{Rule: "command", Title: "Nothing was sent", Commands: true,
			Why:  fmt.Sprintf("Your mail contains “%s”: %s.", bad.Line, bad.Why),
			Next: "Answer this mail with #answer and your text below it, with the right command, or with #note and what is for the team."}
	case err != nil:
		return r, err
	case f.Team && r.Doubt != nil && forTeam(r.Doubt.Why): // a plain reply is for the team here
		return orders.Reading{Text: strings.TrimSpace(w.text(f)), AsWritten: true}, nil
	case w.said == "" && r.Doubt != nil:
		return r, &doubtful{r.Doubt}
	case w.said == "":
		return r, nil
	case r.Doubt == nil || w.of != digest(f, w, r.Doubt):
		// Names or settings changed since, and with them how the mail reads.
		return r, &commands.Refusal{Rule: "meant", Title: "Nothing was sent", Why: "Your mail would be read in another way today than when you were asked.",
			Next: "Answer this mail with your text."}
	case w.said == saidSend:
		return orders.Reading{Commands: []desk.Command{{Name: desk.CommandAnswer}}, Text: strings.TrimSpace(w.text(f)), AsWritten: true}, nil
	case r.Doubt.Yes == nil:
		return r, &commands.Refusal{Rule: "meant", Title: "Nothing was sent", Why: "It is not known what you meant.", Next: "Answer this mail with your text."}
	}
	return *r.Doubt.Yes, nil
}

// forTeam reports whether what made a line doubtful is that it speaks to the team.
func forTeam(why string) bool {
	return why == orders.WhyLabel || why == orders.WhyColleague || why == orders.WhyAbout
}

func ordersMail(f commands.Facts, w written) orders.Mail {
	return orders.Mail{Text: w.text(f), HTML: w.html(), Aside: w.aside(), Subject: w.mail.Subject, Of: f.Conversation.Subject}
}

// timed is around, with when the mail was written: what is asked about is read the
// same when the agent has answered.
func timed(f commands.Facts, w written, t *templates) orders.Desk {
	d, at := around(f), w.in.ReceivedAt
	if at.IsZero() {
		at = f.Now
	}
	d.Departments = []orders.Department{}
	for _, x := range f.Settings.DepartmentsOf(f.Mailbox.ID) {
		d.Departments = append(d.Departments, orders.Department{ID: x.ID, Names: []string{x.Name, x.ID}, Address: x.Address})
	}
	if t != nil {
		d.Templates = func() []string { return t.names(f.Mailbox.ID) }
	}
	d.Now, d.Opens = at.In(f.Settings.ZoneOf(f.Agent)), f.Settings.OpensOf(f.Agent, f.Mailbox)
	return d
}

// digest binds a question to what it showed: the text, and what a yes does.
func digest(f commands.Facts, w written, d *orders.Doubt) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q", w.text(f), d.Line, d.Meant)
	if d.Yes != nil {
		fmt.Fprintf(h, "%q %q %q", d.Yes.Text, d.Yes.Below, d.Yes.Note+d.Yes.Question)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// saidBy reads a mail as the agent's answer: how the agent took leave is said to
// the customer; the card, the telephone's line and the fine print below are not.
// opens: its first line says to whom the agent writes first.
func saidBy(a desk.Agent, m *email.Mail, opens bool) *email.Mail {
	read := *m
	read.Visible = m.AsAnswer(append([]string{a.Name, a.PublicName, m.From.Name, m.From.Address}, a.Addresses...)...)
	if opens {
		read.Visible = withoutWhom(read.Visible)
	}
	return &read
}

// text is what the agent wrote; where it was written between quoted lines, each
// answer with the question it belongs to.
func (w written) text(f commands.Facts) string {
	v := w.mail.Visible
	switch {
	case v.OnlyQuote:
		return "" // the reader gives the quote then, which is not the agent's
	case v.Inline && v.WithContext != "":
		return withoutInternal(f.Messages, v.WithContext)
	}
	return v.Visible
}

// html is the same with the agent's formatting, where the mail's HTML could be cut
// at the same places.
func (w written) html() string {
	if w.mail.Visible.Inline || w.mail.Visible.OnlyQuote {
		return ""
	}
	return w.mail.Visible.VisibleHTML
}

// photo reports whether a file is a picture that the agent put below how they took
// leave: it stands with the signature, and is larger than a card's logo.
func (w written) photo(a compose.Attachment) bool {
	return a.Inline && !compose.Logo(a) && among(w.mail.Visible.SignaturePictures, a)
}

// among reports whether one of the URLs is that of a file.
func among(urls []string, a compose.Attachment) bool {
	return slices.ContainsFunc(urls, func(src string) bool { return compose.Shows(src, a.ContentID) })
}

// withPhotos is the agent's HTML with such pictures below it, where they stood.
func (w written) withPhotos() string {
	own := w.html()
	if own == "" {
		return ""
	}
	for _, a := range w.mail.Attachments {
		if w.photo(a) && compose.Picture(a) && !compose.Shows(own, a.ContentID) {
			own += compose.PictureHTML(a)
		}
	}
	return own
}

// aside is what was set aside as a signature.
func (w written) aside() string {
	if w.mail.Visible.OnlyQuote {
		return ""
	}
	return w.mail.Visible.Signature
}

// attachments are the files that go to the customer with an answer. Left out:
// signatures of the mail itself, which do not hold for the mail we write,
// pictures that only the quoted part shows, and logos of the agent's card. A
// photograph below a signature, where telephones put it, is none.
func (w written) attachments() []compose.Attachment {
	own, v := w.withPhotos(), w.mail.Visible
	var out []compose.Attachment
	for _, a := range w.mail.Attachments {
		switch a.ContentType {
		case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
			continue
		}
		if a.Inline && !compose.Shows(own, a.ContentID) {
			signed := among(v.SignaturePictures, a)
			standIn := "[image: " + a.Filename + "]"
			switch {
			case signed && compose.Logo(a):
				continue
			case !signed && compose.Shows(w.mail.HTML, a.ContentID) && !among(v.Pictures, a):
				continue // shown in the quoted part
			case strings.Contains(v.Quoted, standIn) && !strings.Contains(v.Visible, standIn):
				continue
			}
			a.Inline = false
		}
		out = append(out, a)
	}
	return out
}

// withoutInternal takes the quoted lines out of an answer between the lines
// that the customer has never seen: our letter to the agent quotes the team's
// notes and its own words beside the customer's. A question that is answered
// stays if the customer asked it, or if an answer of ours said it.
func withoutInternal(messages []desk.Message, text string) string {
	var known strings.Builder
	for _, m := range messages {
		if m.Kind == desk.KindCustomer || m.Kind == desk.KindAnswer {
			known.WriteString(fold(m.Text) + "\n")
		}
	}
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if question, quoted := strings.CutPrefix(line, ">"); quoted {
			question = fold(strings.TrimSuffix(strings.TrimLeft(question, "> "), "…"))
			if question != "" && !strings.Contains(known.String(), question) {
				continue
			}
		}
		out = append(out, line)
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// anAddress is what looks like one, in whatever a mail program puts around it.
var anAddress = regexp.MustCompile(`[^\s<>"'(),:;\[\]]+@[^\s<>"'(),:;\[\]]+`)

// mostName bounds a name on the line that says to whom, in words.
const mostName = 6

// whom reads to whom an agent writes first: the first line that says anything, such as
// "to: clara@example.org", "An Clara Hoff <clara@example.org>" or the address alone. why
// says what is missing, in words for the agent; "" is nothing. It is pure.
func whom(text string) (to desk.Person, rest, why string) {
	line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.TrimSpace(strings.ReplaceAll(line, "mailto:", ""))
	var found []string
	for _, a := range anAddress.FindAllString(line, -1) {
		if a = strings.ToLower(strings.TrimRight(a, ".")); !slices.Contains(found, a) {
			found = append(found, a)
		}
	}
	const say = " The first line says to whom, like “to: clara@example.org”, and your text stands below it."
	switch {
	case len(found) == 0:
		return to, rest, "The first line of your mail names no address." + say
	case len(found) > 1:
		return to, rest, "The first line of your mail names more than one address; one mail goes to one customer." + say
	}
	address, err := mail.ParseAddress(found[0])
	if err != nil {
		return to, rest, "“" + page.Excerpt(found[0], 80) + "” is no address that mail can be sent to." + say
	}
	words := strings.Fields(strings.Trim(anAddress.ReplaceAllString(line, " "), " <>()\"',;:."))
	labelled := false
	if len(words) > 0 {
		label := strings.TrimRight(words[0], ":")
		if labelled = slices.ContainsFunc(language.Phrases(language.LabelTo), func(p string) bool { return strings.EqualFold(p, label) }); labelled {
			words = words[1:]
		}
	}
	for i := range words {
		words[i] = strings.Trim(words[i], "<>()\"',;:")
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	named := strings.Contains(line, "<") // "Clara Hoff <clara@example.org>"
	if len(words) > mostName || len(words) > 0 && !labelled && !named {
		return to, rest, "The first line of your mail says more than to whom it goes." + say
	}
	return desk.Person{Name: page.Excerpt(strings.Join(words, " "), 80), Address: address.Address}, strings.TrimSpace(rest), ""
}

// withoutWhom is what an agent wrote below the line that says to whom.
func withoutWhom(v visible.Parts) visible.Parts {
	_, rest, why := whom(v.Visible)
	if why != "" {
		return v
	}
	v.Visible = rest
	v.VisibleHTML = visible.Saying(v.VisibleHTML, strings.TrimSpace(rest+"\n\n"+v.Ending))
	return v
}
