package htmltext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A style sheet in a mail is read for what hides text or keeps its lines, and for
// nothing else. Only plain selectors count: a class, an id, an element, an element
// with a class. What a rule for some screens ("@media") names as well is left
// alone: it may be shown there.

const (
	maxSheet   = 64 << 10 // bytes of style sheets that are read
	maxRules   = 500      // rules that are kept of them
	maxClasses = 20       // classes of one element that are looked up
)

// sheet gives the declarations of a selector, compact, each ended by a semicolon.
type sheet map[string]string

// sheetProperties are what a style sheet may say here.
var sheetProperties = map[string]bool{"display": true, "visibility": true, "white-space": true, "font-size": true, "opacity": true}

// read adds the rules of a style sheet.
func (s sheet) read(css string) {
	css = strings.NewReplacer("<!--", "", "-->", "").Replace(withoutComments(css[:min(len(css), maxSheet)]))
	var conditional []string
	for css != "" && len(s) < maxRules {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			break
		}
		selectors := css[:open]
		if at := strings.LastIndexByte(selectors, ';'); at >= 0 { // "@import url;"
			selectors = selectors[at+1:]
		}
		end := blockEnd(css[open:])
		block := css[open+1 : open+end]
		css = css[min(len(css), open+end+1):]
		if selectors = strings.TrimSpace(selectors); strings.HasPrefix(selectors, "@") {
			conditional = append(conditional, block)
			continue
		}
		declared := seenProperties(block)
		if declared == "" {
			continue
		}
		for name := range strings.SplitSeq(strings.ToLower(selectors), ",") {
			name = strings.TrimSpace(name)
			if plain(name) && (strings.ContainsAny(name, ".#") || strings.Count(declared, ";") == 1 && strings.HasPrefix(declared, "white-space:")) {
				s[name] += declared
			}
		}
	}
	for _, block := range conditional {
		block = strings.ToLower(block)
		for name := range s {
			if strings.Contains(block, name[max(0, strings.IndexAny(name, ".#")):]) {
				delete(s, name)
			}
		}
	}
}

// blockEnd gives the place of the brace that closes the one at the front.
func blockEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(s)
}

func withoutComments(css string) string {
	if !strings.Contains(css, "/*") {
		return css
	}
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(css, "/*")
		out.WriteString(before)
		if !ok {
			return out.String()
		}
		_, css, _ = strings.Cut(rest, "*/")
	}
}

// plain tells a selector of one element, class or id, with at most one of each.
func plain(name string) bool {
	rest := strings.TrimLeft(name, "abcdefghijklmnopqrstuvwxyz0123456789")
	if rest == "" {
		return name != "" && name != "html" && name != "body"
	}
	return (rest[0] == '.' || rest[0] == '#') && len(rest) > 1 && strings.Trim(rest[1:], "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

func seenProperties(block string) string {
	var out strings.Builder
	for d := range strings.SplitSeq(compact(block), ";") {
		if name, value, ok := strings.Cut(strings.TrimSuffix(d, "!important"), ":"); ok && sheetProperties[name] {
			out.WriteString(name + ":" + value + ";")
		}
	}
	return out.String()
}

// apply puts what the sheet says of an element before what its own style says.
func (s sheet) apply(n *html.Node) {
	var declared string
	if n.DataAtom != 0 {
		declared = s[n.Data]
	}
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "id":
			name := "#" + strings.ToLower(a.Val)
			declared += s[name] + s[n.Data+name]
		case "class":
			for i, c := range strings.Fields(strings.ToLower(a.Val)) {
				if i == maxClasses {
					break
				}
				declared += s["."+c] + s[n.Data+"."+c]
			}
		}
	}
	if declared == "" || n.DataAtom == atom.Body || n.DataAtom == atom.Html {
		return
	}
	for i := range n.Attr {
		if a := &n.Attr[i]; a.Key == "style" {
			own := compact(a.Val)
			var merged strings.Builder
			for d := range strings.SplitSeq(declared, ";") {
				if name, _, ok := strings.Cut(d, ":"); ok && !strings.Contains(own, name+":") {
					merged.WriteString(d + ";")
				}
			}
			a.Val = merged.String() + a.Val
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: "style", Val: declared})
}
