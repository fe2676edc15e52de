package article

import (
	"strings"

	"github.com/replywell/replywell/shared/desk"
)

const (
	internalOpens  = desk.PassageOpens
	internalCloses = desk.PassageCloses
)

// passages takes the internal passages out of a text. Marks within a block of
// code are marks all the same: better one too many than a leak. A mark that does
// not start its line marks nothing, so it is a problem.
func (r *articleReader) passages(text string, first int) (visible, notes string) {
	var out, in []string
	opened := 0
	for i, l := range strings.Split(text, "\n") {
		mark := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(l), " ", ""))
		switch {
		case strings.HasPrefix(mark, internalOpens):
			if opened > 0 {
				r.say(first+i, "an internal passage starts within the one of line %d; close that with a line of \":::\" first", opened)
			} else if mark != internalOpens {
				r.say(first+i, "write \":::internal\" alone in its line; the passage starts in the next")
			}
			opened = first + i
			in = append(in, "")
			out = append(out, "")
		case mark == internalCloses && opened > 0:
			opened = 0
		case strings.HasPrefix(mark, internalCloses):
			r.say(first+i, "%q marks no passage that is known; %s", strings.TrimSpace(l), ownLine)
		case opened > 0:
			in = append(in, l)
		case desk.StrayMark(l) || strings.ContainsAny(l, `&\`) && desk.StrayMark(unescape(l)):
			r.say(first+i, "this would be sent to customers, with the mark %q in it; %s", internalCloses, ownLine)
			out = append(out, "")
		default:
			out = append(out, l)
		}
	}
	if opened > 0 {
		r.say(opened, "the internal passage that starts here does not end; close it with a line of \":::\"")
	}
	return strings.Join(out, "\n"), strings.Join(in, "\n")
}

// ownLine says how internal passages are marked.
const ownLine = `an internal passage must start a line of its own, with ":::internal" and nothing else in it, and end with a line of ":::"`

// ShowsMark reports whether the mark of an internal passage stands in what would
// be sent of the article: then its author meant something to be hidden that is
// not. Such an article is never sent.
func (a Article) ShowsMark() bool {
	source := a.Body + "\n" + a.Reply
	if desk.StrayMark(a.Title) || desk.StrayMark(source) || desk.StrayMark(a.MailText()) {
		return true
	}
	// Without these the HTML has the words that the text has.
	return strings.ContainsAny(source, `<&\`) && (desk.StrayMark(unescape(source)) || desk.StrayMark(bare(a.MailHTML())))
}
