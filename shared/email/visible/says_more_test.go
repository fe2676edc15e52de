package visible

import (
	"strings"
	"testing"
)

// TestShortLinesSayMore: a table's rows and a list's items say something together.
func TestShortLinesSayMore(t *testing.T) {
	for name, c := range map[string]struct{ text, html, want string }{
		"a table": {"Please change:",
			"<p>Please change:</p><table><tr><td>Size</td><td>XL</td></tr><tr><td>Colour</td><td>red</td></tr></table>",
			"XL"},
		"a list": {"I need:", "<p>I need:</p><ul><li>two cups</li><li>a plate</li></ul>", "two cups"},
		"a word of a program": {"Please change it.\nAnn", "<p>Please change it.</p><p>Ann</p><p>Show more</p>",
			"Please change it.\nAnn"},
		"the same table": {"Please change:\nSize XL\nColour red",
			"<p>Please change:</p><table><tr><td>Size</td><td>XL</td></tr><tr><td>Colour</td><td>red</td></tr></table>",
			"Size XL\nColour red"},
		"nothing anybody sees": {"Where is it?\n\u200b\u200c\u200b\u2060\n", "", "Where is it?"},
		"the table in an old one": {"Yes.\n\nOn Mon, 2 Mar 2026, Ann <ann@shop.example> wrote:\n> Right?",
			"<p>Yes.</p><div class=gmail_quote>On Mon, 2 Mar 2026, Ann &lt;ann@shop.example&gt; wrote:<blockquote " +
				"class=gmail_quote><p>Right?</p><table><tr><td>Size</td><td>XL</td></tr><tr><td>Colour</td>" +
				"<td>red</td></tr></table></blockquote></div>", "Yes."},
	} {
		p := Split("Order", c.text, c.html)
		if name == "a table" || name == "a list" {
			if !strings.Contains(p.Visible, c.want) {
				t.Errorf("%s: %q, want %q in it", name, p.Visible, c.want)
			}
		} else if p.Visible != c.want && !(name == "the same table" && strings.Contains(p.Visible, c.want)) {
			t.Errorf("%s: %q, want %q", name, p.Visible, c.want)
		}
	}
}
