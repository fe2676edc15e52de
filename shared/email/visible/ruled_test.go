package visible

import (
	_ "embed"
	"fmt"
	"strings"
	"testing"
)

//go:embed testdata/ruled.txt
var ruledTable string

// A drawn line proves no signature. What is kept must be visible in the text and
// in the same mail as HTML, with <hr> for the line.
func TestDrawnLines(t *testing.T) {
	for n, l := range strings.Split(strings.TrimSpace(ruledTable), "\n") {
		if strings.HasPrefix(l, "#") {
			continue
		}
		head, mail, ok := strings.Cut(l, " | ")
		verb, words, _ := strings.Cut(head, " ")
		if !ok {
			t.Fatalf("line %d has no mail", n+1)
		}
		text := strings.ReplaceAll(strings.ReplaceAll(mail, " / ", "\n"), "--~", "-- ") + "\n"
		t.Run(fmt.Sprintf("line %d", n+1), func(t *testing.T) {
			p := Split("Delivery", text, "")
			if got := map[string]string{"keep": p.Visible, "sign": p.Signature}[verb]; !strings.Contains(got, words) {
				t.Errorf("%q is not %q of\n%s\nvisible:\n%s\nrules %q", words, verb, text, p.Visible, p.Rules)
			}
			if err := sameWords(text, p); err != nil {
				t.Error(err)
			}
			if verb != "keep" {
				return
			}
			html := "<p>" + strings.ReplaceAll(strings.TrimSpace(text), "\n", "<br>\n") + "</p>"
			for _, rule := range []string{"-- ", "--", "---", "----", "=====", "~~~~~", "*****"} {
				html = strings.ReplaceAll(html, "\n"+rule+"<br>", "\n</p><hr><p>")
			}
			if p := Split("Delivery", "", html); !strings.Contains(p.Visible, words) {
				t.Errorf("%q is not visible of\n%s\nvisible:\n%s\nrules %q", words, html, p.Visible, p.Rules)
			}
		})
	}
}
