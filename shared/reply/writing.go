package reply

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/page"
	"github.com/replywell/replywell/shared/email/visible"
	"github.com/replywell/replywell/shared/files"
	"github.com/replywell/replywell/shared/letters"
	"github.com/replywell/replywell/shared/orders"
)

// answer puts the agent's words and the ready answers together. end is how the
// agent takes leave.
func answer(f commands.Facts, order request, ready []commands.Ready, a writing) (said writing, end string) {
	end = order.ending
	if len(ready) > 0 {
		return withReady(f, order, ready, a, end)
	}
	switch {
	case order.AsWritten, order.Nothing && len(a.files) > 0:
		a.html = orders.Unescape(order.html)
	default:
		a.html = order.formatted(withLeave(order.Text, end, order.postscript))
	}
	return a, end
}

// withReady is the ready answers with the agent's words before and behind them,
// greeting and leave included.
func withReady(f commands.Facts, order request, ready []commands.Ready, a writing, end string) (said writing, leave string) {
	parts, html := []string{a.text}, order.formatted(a.text)
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

// formatted is the agent's formatting of a text that the mail says, "" where it is
// not to be found: what is left of the HTML when the commands are cut off.
func (r request) formatted(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return visible.Saying(r.html, text)
}

// parted tells which of an answer's files are mailed, and which are linked: pictures
// that stand in the text first, then the small ones, as far as they fit together in
// most bytes. The order is kept. It is pure.
func parted(all []compose.Attachment, most int) (mailed, linked []compose.Attachment) {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	size := func(i int) int { return len(all[i].Content) }
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case all[a].Inline == all[b].Inline:
			return size(a) - size(b)
		case all[a].Inline:
			return -1
		}
		return 1
	})
	link := map[int]bool{}
	for _, i := range order {
		if size(i) > most {
			link[i] = true // the next may still fit
			continue
		}
		most -= size(i)
	}
	for i, a := range all {
		if link[i] {
			linked = append(linked, a)
		} else {
			mailed = append(mailed, a)
		}
	}
	return mailed, linked
}

// lightened is an answer with the files that are too large for a mail set apart. Where
// a picture that stood in the text is one, its name stands there.
func (a writing) lightened(f commands.Facts) writing {
	mailed, linked := parted(a.files, desk.MaxMailedFiles)
	if a.mailed, a.linked = mailed, linked; len(linked) == 0 {
		return a
	}
	if slices.ContainsFunc(linked, func(x compose.Attachment) bool { return x.Inline }) {
		a.html, a.mailed = compose.PlacePictures(a.html, mailed, ownPictures(f, "picture-light"))
		a.text = strings.TrimSpace(compose.TextOfHTML(a.html))
	}
	return a
}

// tooLarge refuses an answer whose files are too large for a mail where none can be linked.
func tooLarge(f commands.Facts, a writing) error {
	if len(a.linked) == 0 || f.FilesAt != "" {
		return nil
	}
	total := 0
	for _, x := range a.files {
		total += len(x.Content)
	}
	return &commands.Refusal{Rule: "too-large", Title: "Your answer was not sent: its files are too large",
		Why: fmt.Sprintf("They have %s together, and at most %s can be mailed: many mail systems refuse more. Too large: %s.", page.Size(int64(total)), page.Size(desk.MaxMailedFiles),
			strings.Join(fileNames(a.linked, 80), "; ")),
		Next: "Answer this mail with #answer, your text, and smaller files (a picture in a smaller size, a film as a link of your own). Whoever runs the desk can have large files sent as links: the setting files_url."}
}

// keepFiles keeps the files that an answer links to, and gives the links. They are kept
// before the answer is recorded, under ids that come from the answer's, so doing it
// again keeps them once.
func (s *Service) keepFiles(ctx context.Context, f commands.Facts, a *writing, outbox string) error {
	until := f.Now.UTC().Truncate(day).Add(f.Settings.LinksGood())
	for i, x := range a.linked {
		file := files.File{ID: files.ID(outbox, i, x.Content), Name: x.Filename, Size: len(x.Content), Until: until}
		url, err := files.Link(s.Keys, f.FilesAt, file)
		if err != nil {
			return err
		}
		if err := files.Keep(ctx, s.Blobs, file, x.Content); err != nil {
			return err
		}
		a.links = append(a.links, letters.FileLink{Name: x.Filename, Size: file.Size, URL: url, Until: until})
	}
	return nil
}

// ownPictures names the pictures of a mail of ours.
func ownPictures(f commands.Facts, word string) func(int) string {
	domain := f.Mailbox.Address[strings.LastIndexByte(f.Mailbox.Address, '@')+1:]
	return func(n int) string { return fmt.Sprintf("%s.%d@%s", desk.DerivedID(f.Mail, word), n, domain) }
}
