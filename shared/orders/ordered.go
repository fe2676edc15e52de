package orders

import (
	"slices"
	"strings"
)

// Ordered are the orders that a text gives which nobody may give there, as they are
// written: of what somebody outside the desk wrote.
func Ordered(text string) (out []string) {
	if r, err := Read(Mail{Text: text}, Desk{Offered: 9}); err == nil && r.Doubt == nil && len(r.Commands) > 0 {
		for _, l := range readLines(text, nil) {
			if !l.blank && !l.quoted && len(out) < 3 && !slices.Contains(out, shorten(l.raw)) && (IsOrder(l.raw) || len(strings.TrimSpace(l.raw)) <= 20 && len(r.Text) == 0) {
				out = append(out, shorten(l.raw))
			}
		}
		return out
	}
	for _, l := range readLines(text, nil) {
		if !l.blank && IsOrder(l.raw) && len(out) < 3 {
			out = append(out, shorten(l.raw))
		}
	}
	return out
}
