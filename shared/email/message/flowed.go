package message

import "strings"

// unflow joins the lines of format=flowed text (RFC 3676): a line that ends
// in a space goes on in the next one, if both are quoted equally deep; with
// delSp that space is not part of the text. Space-stuffing is undone, quote
// marks are written as "> " for each depth. The signature line "-- " stands alone.
func unflow(s string, delSp bool) string {
	var out strings.Builder
	out.Grow(len(s))
	open := false // the paragraph at hand goes on
	depth := 0
	for len(s) > 0 {
		line, rest, ended := strings.Cut(s, "\n")
		s = rest
		line = strings.TrimSuffix(line, "\r")
		d := 0
		for d < len(line) && line[d] == '>' {
			d++
		}
		text := strings.TrimPrefix(line[d:], " ")
		if open && (d != depth || text == "-- ") {
			out.WriteByte('\n')
			open = false
		}
		if !open && d > 0 {
			out.WriteString(strings.Repeat(">", d))
			if text != "" {
				out.WriteByte(' ')
			}
		}
		depth = d
		if strings.HasSuffix(text, " ") && text != "-- " && ended && strings.TrimSpace(text) != "" {
			if delSp {
				text = text[:len(text)-1]
			}
			out.WriteString(text)
			open = true
			continue
		}
		out.WriteString(text)
		open = false
		if ended {
			out.WriteByte('\n')
		}
	}
	return out.String()
}
