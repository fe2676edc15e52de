package compose

import (
	"bytes"
	"encoding/base64"
	"fmt"
	stdhtml "html"
	"image"
	_ "image/gif" // so that the size of each is known
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/replywell/replywell/shared/email/htmltext"
	"github.com/replywell/replywell/shared/email/page"
)

// Bounds of the pictures that stand in a mail's HTML.
const (
	maxPictures    = 40       // shown in place; further ones are files like others
	maxDataPicture = 10 << 20 // octets of one that is written into the HTML
	widest         = 600      // pixels; a wider one is shown as wide as its column
	// A picture of at most this many pixels each way in a signature is a logo.
	logoWidth, logoHeight = 640, 260
)

// pictureKinds are the files that a mail program may show by itself.
var pictureKinds = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// Picture reports whether a file is a picture, by what it says and by what it is,
// so that no page passes for one.
func Picture(a Attachment) bool {
	kind := strings.ToLower(strings.TrimSpace(a.ContentType))
	if kind == "image/jpg" || kind == "image/pjpeg" {
		kind = "image/jpeg"
	}
	return slices.Contains(pictureKinds, kind) && http.DetectContentType(a.Content) == kind
}

// Logo reports whether a picture is as small as logos in signatures are. What
// cannot be measured is one if it has few bytes.
func Logo(a Attachment) bool {
	c, _, err := image.DecodeConfig(bytes.NewReader(a.Content))
	if err != nil {
		return len(a.Content) < 30<<10
	}
	return c.Width <= logoWidth && c.Height <= logoHeight
}

// PlacePictures puts the pictures that HTML of one mail shows into another mail:
// it gives the HTML with Content-IDs of ours, id followed by a number, and all
// files, those that stand in the HTML marked so. A picture written into the HTML
// (data:), which many clients do not show, becomes a file. One that is not there
// leaves its alternative text, and what is fetched from elsewhere is left to
// Sanitize. The HTML is not made safe here.
func PlacePictures(htm string, files []Attachment, id func(n int) string) (string, []Attachment) {
	if !strings.Contains(strings.ToLower(htm), "<img") {
		return htm, files
	}
	p := placing{from: files, files: slices.Clone(files), id: id, placed: map[int]string{}}
	root := htmltext.Parse(htm)
	var pictures []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "img" {
			pictures = append(pictures, n)
		}
	}
	for _, n := range pictures {
		p.place(n)
	}
	var sb strings.Builder
	if err := html.Render(&sb, root); err != nil {
		return htm, files
	}
	return sb.String(), p.files
}

// placing is one run of PlacePictures.
type placing struct {
	from   []Attachment // as the other mail names them
	files  []Attachment
	id     func(int) string
	placed map[int]string // file -> Content-ID of ours
}

func (p *placing) place(n *html.Node) {
	src := strings.TrimSpace(htmltext.Attr(n, "src"))
	low := strings.ToLower(src[:min(len(src), 11)])
	var at int
	switch {
	case strings.HasPrefix(low, "cid:"):
		at = p.find(src[4:])
	case strings.HasPrefix(low, "data:image/"):
		at = p.decode(src, htmltext.Attr(n, "alt"))
	default:
		return
	}
	if at < 0 || !Picture(p.files[at]) || len(p.placed) >= maxPictures && p.placed[at] == "" {
		if alt := page.OneLine(htmltext.Attr(n, "alt")); alt != "" {
			n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: "[" + clip(alt) + "]"}, n)
		}
		n.Parent.RemoveChild(n)
		return
	}
	if p.placed[at] == "" {
		p.placed[at] = p.id(len(p.placed) + 1)
		p.files[at].Inline, p.files[at].ContentID = true, p.placed[at]
	}
	name := page.OneLine(p.files[at].Filename)
	attrs := []html.Attribute{{Key: "src", Val: "cid:" + p.placed[at]}, {Key: "alt", Val: name}}
	if w, err := strconv.Atoi(strings.TrimSuffix(htmltext.Attr(n, "width"), "px")); err == nil && w > 0 {
		attrs = append(attrs, html.Attribute{Key: "width", Val: strconv.Itoa(min(w, widest))})
	} else if c, _, err := image.DecodeConfig(bytes.NewReader(p.files[at].Content)); err == nil && c.Width > widest {
		attrs = append(attrs, html.Attribute{Key: "width", Val: strconv.Itoa(widest)})
	}
	n.Attr = append(attrs, html.Attribute{Key: "style", Val: "max-width: 100%; height: auto"})
}

// find gives the file that a cid: URL names, by its Content-ID, as some programs
// write it, or by its name; -1 if none.
func (p *placing) find(id string) int {
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	id = strings.Trim(id, "<> ")
	for i, a := range p.from { // by their own names, for a picture may be shown twice
		if a.ContentID != "" && strings.EqualFold(bareID(a.ContentID), id) {
			return i
		}
	}
	for i, a := range p.files {
		if a.Filename != "" && a.Filename == id {
			return i
		}
	}
	return -1
}

// decode makes a file of a data: URL (RFC 2397); -1 where it holds no picture.
func (p *placing) decode(src, alt string) int {
	head, data, ok := strings.Cut(src, ",")
	kind, encoding, _ := strings.Cut(strings.ToLower(head[len("data:"):]), ";")
	if !ok || !strings.HasSuffix(encoding, "base64") || len(data) > maxDataPicture*4/3 {
		return -1
	}
	if plain, err := url.PathUnescape(data); err == nil {
		data = plain
	}
	data = strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, data)
	content, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(data, "="))
	a := Attachment{ContentType: kind, Content: content, Size: len(content), Filename: page.OneLine(alt)}
	if err != nil || !Picture(a) {
		return -1
	}
	end := "." + strings.NewReplacer("image/", "", "jpeg", "jpg").Replace(http.DetectContentType(content))
	if !strings.HasSuffix(strings.ToLower(a.Filename), end) || strings.ContainsAny(a.Filename, `/\`) {
		a.Filename = fmt.Sprintf("picture-%d%s", len(p.files)+1, end)
	}
	p.files = append(p.files, a)
	return len(p.files) - 1
}

// pictureInText is how a text says where a picture stood: see htmltext, and what
// Outlook writes.
var pictureInText = regexp.MustCompile(`\[(?:image|cid): ?([^\]\n]{1,300})\]`)

// PicturesInText gives a text with the names of pictures where they stand,
// "[drawing.png]", in no language.
func PicturesInText(text string) string {
	return pictureInText.ReplaceAllStringFunc(text, func(s string) string { return "[" + pictureName(s) + "]" })
}

func pictureName(standIn string) string {
	name := pictureInText.FindStringSubmatch(standIn)[1]
	if strings.HasPrefix(standIn, "[cid:") {
		name, _, _ = strings.Cut(name, "@")
	}
	return name
}

// TextWithPictures gives plain text as HTML with those of the pictures in place
// that stand in it; "" if none of the files does.
func TextWithPictures(text string, files []Attachment) string {
	found := false
	out := page.TextToHTML(text)
	for _, s := range slices.Compact(slices.Sorted(slices.Values(pictureInText.FindAllString(text, maxPictures)))) {
		name := pictureName(s)
		id := pictureInText.FindStringSubmatch(s)[1]
		if !slices.ContainsFunc(files, func(a Attachment) bool {
			return Picture(a) && (a.Filename == name || strings.EqualFold(a.ContentID, id))
		}) {
			continue
		}
		found = true
		tag := pictureTag(id, name)
		out = strings.ReplaceAll(out, stdhtml.EscapeString(s), tag)
	}
	if !found {
		return ""
	}
	return out
}

// PictureHTML is a paragraph with a picture of a mail, for PlacePictures to place.
func PictureHTML(a Attachment) string {
	return "<div>" + pictureTag(bareID(a.ContentID), a.Filename) + "</div>"
}

func pictureTag(id, name string) string {
	return `<img src="cid:` + stdhtml.EscapeString(url.PathEscape(id)) + `" alt="` + stdhtml.EscapeString(name) + `">`
}

// Shows reports whether HTML shows the part with this Content-ID, in any of the
// ways that programs write the URL (RFC 2392).
func Shows(htm, contentID string) bool {
	cid := strings.ToLower(bareID(contentID))
	if cid == "" {
		return false
	}
	low := strings.ToLower(htm)
	for _, u := range []string{cid, url.PathEscape(cid), strings.ReplaceAll(cid, "@", "%40"), stdhtml.EscapeString(cid)} {
		if strings.Contains(low, "cid:"+strings.ToLower(u)) {
			return true
		}
	}
	return false
}

// TextOfHTML is what HTML says as plain text, pictures as their names.
func TextOfHTML(htm string) string { return PicturesInText(htmltext.Text(htm)) }
