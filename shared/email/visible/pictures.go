package visible

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// standIn is what programs put into the text where a picture stands in the HTML:
// "[image: drawing.png]" (Gmail, and package message), "[cid:image001.png@01DC5F1A]"
// (Outlook), "<image001.png>" (Outlook for Mac), an object's character (Apple).
// These are nobody's words, and the address in them is nobody's.
var standIn = regexp.MustCompile(`\[(?:image|cid): ?[^\]\n]{1,300}\]|<[^<>\s/@]{1,100}\.(?i:png|jpe?g|gif|webp|heic)>|\x{FFFC}`)

// mayStandIn tells quickly that standIn finds nothing: most angle brackets are
// around addresses.
func mayStandIn(s string) bool {
	if strings.Contains(s, "[") || strings.Contains(s, "\uFFFC") {
		return true
	}
	for {
		i := strings.IndexByte(s, '>')
		if i < 0 {
			return false
		}
		for _, ext := range [...]string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic"} {
			if i >= len(ext) && strings.EqualFold(s[i-len(ext):i], ext) {
				return true
			}
		}
		s = s[i+1:]
	}
}

// withoutPictures takes what stands in for pictures out of a line, also the
// alternative texts of the HTML's pictures in brackets, as Outlook writes them.
func withoutPictures(s string, alts []string) (rest string, picture bool) {
	if !mayStandIn(s) {
		return s, false
	}
	rest = standIn.ReplaceAllString(s, "")
	for _, alt := range alts {
		rest = strings.ReplaceAll(rest, "["+alt+"]", "")
	}
	if rest == s {
		return s, false
	}
	return strings.TrimSpace(rest), true
}

// onOneLine gives a text in which each picture's alternative text, in brackets, stands
// on one line with single spaces: Outlook's own descriptions have a blank line within.
func onOneLine(text string, alts []string) string {
	if !strings.Contains(text, "[") {
		return text
	}
	for _, alt := range alts {
		words := strings.Fields(regexp.QuoteMeta(alt))
		if len(words) < 2 || !strings.Contains(text, "["+strings.Fields(alt)[0]) {
			continue
		}
		spread, err := regexp.Compile(`\[\s*` + strings.Join(words, `\s+`) + `\s*\]`)
		if err == nil {
			text = spread.ReplaceAllLiteralString(text, "["+alt+"]")
		}
	}
	return text
}

// setPictures notes which lines of a text show a picture, and reads the lines
// without what stands in for it.
func (d *document) setPictures(alts []string) {
	for i := range d.lines {
		l := &d.lines[i]
		if rest, picture := withoutPictures(l.text, alts); picture {
			l.text, l.picture = rest, true
		}
	}
}

// maxAlts bounds how many alternative texts are looked for.
const maxAlts = 50

// alts are the alternative texts of the pictures that come with the mail.
func (p *page) alts() (out []string) {
	for _, l := range p.leaves {
		if alt := strings.Join(strings.Fields(attribute(l.node, "alt")), " "); comesAlong(l.node) && alt != "" && len(alt) < 300 && len(out) < maxAlts {
			out = append(out, alt)
		}
	}
	return out
}

// comesAlong tells whether a node is a picture that the mail brings.
func comesAlong(n *html.Node) bool {
	if n.Type != html.ElementNode || n.Data != "img" {
		return false
	}
	src := strings.ToLower(strings.TrimSpace(attribute(n, "src")))
	return strings.HasPrefix(src, "cid:") || strings.HasPrefix(src, "data:image/")
}

// pictures are the Content-IDs, as URLs, of pictures on lines of a kind.
func (p *page) pictures(lines []line, k kind) (out []string) {
	for _, l := range p.leaves {
		if comesAlong(l.node) && l.first < len(lines) && lines[l.first].kind == k {
			out = append(out, strings.TrimSpace(attribute(l.node, "src")))
		}
	}
	return out
}

// Saying gives that part of an HTML body that says the text, with its pictures;
// "" where no stretch of its lines says just that.
func Saying(markupOf, text string) string {
	page, ok := Source{HTML: markupOf}.readPage()
	if !ok || strings.TrimSpace(markupOf) == "" {
		return ""
	}
	wanted := newDocument("", splitLines(text))
	wanted.setPictures(page.alts())
	want := wanted.squashed(fresh)
	d := newDocument("", page.lines)
	if want == "" {
		return ""
	}
	for i := range d.lines {
		if squash(d.lines[i].text) == "" {
			continue
		}
		end := d.follow(i, want)
		if end < 0 {
			continue
		}
		for k := range d.lines {
			d.lines[k].kind = fresh
			if k < i || k >= end && squash(d.lines[k].text) != "" {
				d.lines[k].kind = quote
			}
		}
		return markup(page.prune(d.lines))
	}
	return ""
}

// squashed is what the lines of some kinds say, to be compared; see squash.
func (d *document) squashed(kinds ...kind) string {
	var sb strings.Builder
	for i := range d.lines {
		for _, k := range kinds {
			if d.lines[i].kind == k {
				sb.WriteString(d.lines[i].text)
				sb.WriteByte('\n')
			}
		}
	}
	return squash(sb.String())
}
