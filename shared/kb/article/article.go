package article

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/kb/terms"
)

// Article is one answer that a team has ready.
type Article struct {
	ID         string   `json:"id"` // the file's path without its ending
	Title      string   `json:"title"`
	Topics     []string `json:"topics,omitempty"`
	Department string   `json:"department,omitempty"` // who looks after it
	Language   string   `json:"language,omitempty"`   // BCP 47; "": not said
	Audience   string   `json:"audience,omitempty"`   // "internal": shown to agents, never sent to customers
	ValidUntil string   `json:"valid_until,omitempty"`
	Reply      string   `json:"reply,omitempty"` // what is sent, where it differs from Body; Markdown
	Body       string   `json:"body"`            // Markdown, without the internal passages
	Notes      string   `json:"notes,omitempty"` // the internal passages: for agents, never quoted to customers
	// Template is the name by which an agent sends it; "": it is no template. Mailbox is
	// the one whose agents it is for; "": all.
	Template string `json:"template,omitempty"`
	Mailbox  string `json:"mailbox,omitempty"`
}

// Internal reports whether the article must not be sent to customers.
func (a Article) Internal() bool { return a.Audience == audienceInternal }

// ExpiredOn reports whether the article is no longer valid on a day, given in
// days since 1970 in UTC. The day that it is valid until is the last good one.
func (a Article) ExpiredOn(day int) bool {
	last, err := time.Parse(time.DateOnly, a.ValidUntil)
	return err == nil && day > dayOf(last)
}

const (
	audienceInternal = "internal"
	audiencePublic   = "customers"
)

// Bounds of what is read.
const (
	MaxArticle  = 256 << 10 // bytes of an article's file
	MaxArticles = 20_000    // articles of a team
	mostTitle   = 200       // characters
	mostTopics  = 40
)

// Titled tells whether an article has a title that says something: none is no title,
// nor is a name that only a computer would give, such as a file's.
func (a Article) Titled() bool {
	t := strings.TrimSpace(a.Title)
	if t == "" {
		return false
	}
	if strings.ContainsAny(t, " \t") || !terms.IsASCII(t) {
		return true
	}
	return t != a.ID && !strings.ContainsAny(t, "_./\\") && strings.IndexFunc(t, func(r rune) bool { return r >= '0' && r <= '9' }) < 0
}

// dayOf is a moment's day, by UTC, counted from 1970.
func dayOf(t time.Time) int { return int(t.Unix() / (24 * 60 * 60)) }
