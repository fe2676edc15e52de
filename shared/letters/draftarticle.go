package letters

import (
	"strings"
	"unicode"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
)

// DraftArticle is an article in the making, for a person to review.
type DraftArticle struct {
	Agent  desk.Agent // who gets the mail
	By     string     // whose answer it was made of
	Title  string
	File   string // the article's file: Markdown with front matter
	Answer bool   // it was made because Agent asked for it, with #learn
	// Reviewers are the names of those who get it to review it; none is set to
	// where it is empty.
	Reviewers []string
	Reviews   bool // Agent is one of them
}

// DraftArticle mails a draft to an agent. It is no mail of the conversation: an answer
// to it reaches no customer.
func (w Writer) DraftArticle(id string, mb desk.Mailbox, d DraftArticle) (Ready, error) {
	item := desk.OutboxItem{ID: id, Kind: desk.OutboxNotice}
	letter, err := w.toAgent(&item, d.Agent, mb, desk.Conversation{}, "", ReplyNowhere)
	if err != nil {
		return Ready{}, err
	}
	title := page.Excerpt(d.Title, 100)
	what := "You asked for it with #learn; your answer was sent as usual."
	if !d.Answer {
		what = page.OneLine(d.By) + " made it from an answer, with #learn."
	}
	name := fileOf(d.Title) + ".md"
	_, body, found := strings.Cut(strings.TrimPrefix(d.File, "---\n"), "\n---\n")
	if !found {
		body = d.File
	}
	letter.Subject = "Draft of an article: " + title
	letter.Attachments = []compose.Attachment{{Filename: name, ContentType: "text/markdown", Content: []byte(d.File), Size: len(d.File)}}
	blocks := []page.Block{
		page.ReplyLine{Hint: toNobody, Closed: true},
		page.Heading{Level: 1, Text: "A draft for the knowledge base"},
		page.Paragraph{Text: what + " " + draftRule},
		page.Heading{Level: 2, Text: title},
		page.Body{Text: strings.TrimSpace(body)},
		page.Heading{Level: 3, Text: "What happens next"},
	}
	switch {
	case d.Reviews:
		blocks = append(blocks, page.Paragraph{Text: "You are asked to review drafts, so this one waits for you. Nobody else sees it before it is an article."}, page.Bullets{Items: []string{
			"Read it once for names and details of one customer. What we found is marked, like [name] or [number].",
			"Write it so that it holds for the next ten customers, under a title in their words.",
			"If customers may read it, take out “audience: internal”. Then give the attached file to whoever keeps your articles. It is offered to agents after their next update.",
		}})
	case len(d.Reviewers) > 0:
		blocks = append(blocks, page.Paragraph{Text: people(d.Reviewers) + " got it too, to review and publish it. You need not do anything. If you see a customer’s name or number above, please tell them."})
	default:
		blocks = append(blocks, page.Paragraph{Text: "Nobody in the team is set to review drafts, so nothing happens by itself. Read it once for names and numbers of one customer, and give the attached file to whoever keeps your articles. Nobody sees it before that."})
	}
	doc := page.Document{Lang: "en", Preheader: "Nothing is published by itself.", Blocks: blocks}
	letter.Say(doc)
	return w.finish(item, mb, letter)
}

// draftRule tells such a letter from others; see frame.
const draftRule = "The personal data that we found was taken out. Nothing is published by itself: a person looks at it first."

// fileOf makes a file's name of a title.
func fileOf(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 50 {
			break
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s
	}
	return "draft"
}

// people names some: "Dora Lang", "Dora Lang and Ben Okafor".
func people(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, page.OneLine(n))
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " and " + out[n-1]
	}
	return strings.Join(out, "")
}
