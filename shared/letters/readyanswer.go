package letters

import (
	"fmt"

	"github.com/replywell/replywell/shared/email/page"
)

// ReadyAnswer is a ready answer that an agent asked to see whole.
type ReadyAnswer struct {
	Number     int // by which #send sends it
	Title      string
	Text       string // as it is sent
	Notes      string // what belongs to it for the team alone
	Unsendable string // why it is never sent; "" is sent
	Department string // that looks after it; may be empty
	Article    bool   // it was asked for by its name, and is the only one that the mail offers
}

// showsAll tells such a letter from others; see frame.
const showsAll = "You asked for a whole ready answer with #show"

// showsArticle does the same where it was asked for by its name.
const showsArticle = "You asked for a whole article with #article"

// Notice is the letter that shows it. Yours is what the agent wrote below the command.
func (s ReadyAnswer) Notice(yours string) Notice {
	n := Notice{Title: fmt.Sprintf("Ready answer %d: %s", s.Number, page.Excerpt(s.Title, maxShownTitle)), Calm: true, Yours: yours,
		Why: showsAll + ". Nothing was sent or changed."}
	if s.Article {
		n.Title, n.Why = "Article: "+page.Excerpt(s.Title, maxShownTitle), showsArticle+". Nothing was sent or changed."
	}
	if s.Unsendable != "" {
		n.Why += " " + s.Unsendable
		n.About = append(n.About, page.Heading{Level: 2, Text: "What it says"})
	} else {
		n.Next = fmt.Sprintf("Answer this mail with #send %d to send it, or with #answer and your own text below it.", s.Number)
		n.About = append(n.About, page.Heading{Level: 2, Text: fmt.Sprintf("What #send %d sends", s.Number)})
	}
	n.About = append(n.About, page.Quote{Text: s.Text})
	if s.Notes != "" {
		n.About = append(n.About, page.Heading{Level: 2, Text: "What belongs to it" + teamOnly}, page.Quote{Text: s.Notes})
	}
	if s.Department != "" {
		n.About = append(n.About, page.Paragraph{Text: "Department: " + page.Excerpt(s.Department, maxShownTitle)})
	}
	return n
}
