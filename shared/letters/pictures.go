package letters

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/compose"
	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/page"
)

// maxShownHTML bounds the HTML of a message that is shown as it was written, in
// bytes: some clients clip a mail at 100 kB. Of a longer one the text is shown.
const maxShownHTML = 48 << 10

// place makes the message's HTML ready to be shown, with its pictures where they
// were put, and gives the files as they are sent along. Where the text is shown,
// there is none.
func (n *notification) place(files []compose.Attachment) []compose.Attachment {
	switch n.msg.Kind {
	case desk.KindCustomer, desk.KindAutomatic, desk.KindAnswer:
	default:
		return unnamed(files)
	}
	if n.msg.TextCut || len(n.msg.Text) > maxShownText {
		return unnamed(files)
	}
	htm := n.more.HTML
	if htm == "" {
		htm = compose.TextWithPictures(n.msg.Text, n.more.Attachments)
	}
	if htm == "" {
		return unnamed(files)
	}
	id := desk.DerivedID(string(n.conv.ID), strconv.Itoa(n.msg.Sequence), "picture")
	own := func(i int) string { return fmt.Sprintf("%s.%d@%s", id, i, domain(n.mb)) }
	htm, placed := compose.PlacePictures(htm, files, own)
	safe := page.Clean(honestLinks(htm))
	if safe.Len() > maxShownHTML {
		return unnamed(files)
	}
	n.html, n.shown = safe, map[string]bool{}
	for i, a := range placed {
		if !compose.Shows(htm, a.ContentID) {
			placed[i].ContentID = ""
			continue
		}
		n.shown[a.SHA256+"/"+a.Filename] = true
	}
	if len(n.shown) > 0 {
		n.plain = strings.TrimSpace(compose.TextOfHTML(htm))
	}
	return placed
}

// pictured is the message's text with the names of the pictures where they stand;
// the text part of many programs says nothing of them.
func (n *notification) pictured(text string) string {
	if n.plain != "" {
		return n.plain
	}
	return compose.PicturesInText(text)
}

// unnamed are files without the Content-IDs of the mail that they came with.
func unnamed(files []compose.Attachment) []compose.Attachment {
	for i := range files {
		files[i].ContentID = ""
	}
	return files
}

// honestLinks shows where a stranger's link leads, if its words do not: what says
// "your-bank.example" and leads elsewhere must not look like that.
func honestLinks(htm string) string {
	root := htmltext.Parse(htm)
	var links []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" {
			links = append(links, n)
		}
	}
	for _, a := range links {
		href := ""
		for _, at := range a.Attr {
			if at.Key == "href" {
				href = strings.TrimSpace(at.Val)
			}
		}
		host := hostOf(href)
		if host == "" || strings.Contains(strings.ToLower(textOf(a)), host) || a.FirstChild == nil {
			continue
		}
		a.AppendChild(&html.Node{Type: html.TextNode, Data: " [" + host + "]"})
	}
	var sb strings.Builder
	if err := html.Render(&sb, root); err != nil {
		return ""
	}
	return sb.String()
}

// hostOf gives the host of a web address without "www."; "" of others.
func hostOf(href string) string {
	low := strings.ToLower(href)
	rest, ok := strings.CutPrefix(low, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(low, "http://"); !ok {
			return ""
		}
	}
	if i := strings.IndexAny(rest, "/?#\\"); i >= 0 {
		rest = rest[:i]
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		rest = rest[i+1:]
	}
	host, _, _ := strings.Cut(rest, ":")
	return page.Excerpt(strings.TrimPrefix(host, "www."), 100)
}

func textOf(n *html.Node) string {
	var sb strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			sb.WriteString(d.Data)
		}
	}
	return sb.String()
}
