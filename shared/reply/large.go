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
	"github.com/replywell/replywell/shared/files"
	"github.com/replywell/replywell/shared/letters"
)

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
