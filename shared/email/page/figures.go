package page

import (
	"html"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Fact is one thing to know: "Customer since", "March 2021".
type Fact struct{ Label, Value string }

// Facts are a few things to know, one a line.
type Facts struct{ Facts []Fact }

func (f Facts) text(w *textWriter) {
	for _, x := range f.Facts {
		w.line(OneLine(x.Label), ": ", OneLine(x.Value))
	}
}

func (f Facts) html(w *htmlWriter) {
	if len(f.Facts) == 0 {
		return
	}
	w.open("table", "rw-rows", tableStyle)
	w.b.WriteByte('\n')
	labels := make([]string, len(f.Facts))
	for i, x := range f.Facts {
		labels[i] = x.Label
	}
	style := labelStyle + labelWidth(labels)
	for _, x := range f.Facts {
		w.b.WriteString("<tr>")
		w.open(`th scope="row"`, "rw-soft", style)
		w.b.WriteString(html.EscapeString(OneLine(x.Label)) + "</th>")
		w.open("td", "", valueStyle)
		w.value(OneLine(x.Value))
		w.b.WriteString("</td></tr>\n")
	}
	w.close("table")
}

// value writes a line in which links can be clicked. An address is no link: it is
// there to be read, and a mail to it would go past whatever this mail's own reply
// address is for.
func (w *htmlWriter) value(line string) {
	if strings.Contains(line, "://") {
		writeLine(&w.b, line)
		return
	}
	w.b.WriteString(html.EscapeString(line))
}

// labelWidth keeps short labels on one line, and lets long ones break so that
// they leave room on a phone.
func labelWidth(labels []string) string {
	if slices.ContainsFunc(labels, func(l string) bool { return width(OneLine(l)) > 22 }) {
		return ";width:38%"
	}
	return ";white-space:nowrap;width:1%"
}

// Bullets is a list without an order.
type Bullets struct{ Items []string }

func (l Bullets) text(w *textWriter) {
	for _, item := range l.Items {
		w.hanging("- ", "  ", strings.TrimSpace(item))
	}
}

func (l Bullets) html(w *htmlWriter) { w.list("ul", l.Items) }

// Numbered is a list of steps, or of things that are called by their number.
type Numbered struct{ Items []string }

func (l Numbered) text(w *textWriter) {
	for i, item := range l.Items {
		n := strconv.Itoa(i+1) + ". "
		w.hanging(n, strings.Repeat(" ", len(n)), strings.TrimSpace(item))
	}
}

func (l Numbered) html(w *htmlWriter) { w.list("ol", l.Items) }

func (w *htmlWriter) list(tag string, items []string) {
	if len(items) == 0 {
		return
	}
	w.open(tag, "", listStyle)
	w.b.WriteByte('\n')
	for _, item := range items {
		w.open("li", "", itemStyle)
		lines := strings.Split(strings.TrimSpace(cleanText(item)), "\n")
		for i, line := range lines {
			switch {
			case i > 0:
				w.b.WriteString("<br>")
				w.value(line)
			case len(lines) > 1: // what follows is about it
				w.b.WriteString("<strong>")
				w.value(line)
				w.b.WriteString("</strong>")
			default:
				w.value(line)
			}
		}
		w.close("li")
	}
	w.close(tag)
}

// Table is a table of data. The first column names the row. Columns that hold
// figures only are set to the right.
type Table struct {
	Head    []string
	Rows    [][]string
	Caption string
}

func (t Table) text(w *textWriter) {
	if c := OneLine(t.Caption); c != "" {
		w.line(c + ":")
		w.line()
	}
	rows := t.Rows
	if len(t.Head) > 0 {
		rows = append([][]string{t.Head}, t.Rows...)
	}
	widths := make([]int, t.columns())
	total := 2 * (len(widths) - 1)
	for i := range widths {
		for _, r := range rows {
			if i < len(r) {
				widths[i] = max(widths[i], width(OneLine(r[i])))
			}
		}
		total += widths[i]
	}
	if total > Columns {
		t.stacked(w)
		return
	}
	for _, r := range rows {
		var b strings.Builder
		for i := range widths {
			cell := ""
			if i < len(r) {
				cell = OneLine(r[i])
			}
			pad := strings.Repeat(" ", widths[i]-width(cell))
			if t.figures(i) {
				b.WriteString(pad + cell + "  ")
			} else {
				b.WriteString(cell + pad + "  ")
			}
		}
		w.lines = append(w.lines, textLine{text: strings.TrimRight(b.String(), " ")})
	}
}

// stacked writes a table that is too wide for a line: each row by itself, each
// cell with its column's head.
func (t Table) stacked(w *textWriter) {
	for _, r := range t.Rows {
		for i, cell := range r {
			first, rest := "", "  "
			if i > 0 {
				first, rest = "  ", "    "
			}
			if i < len(t.Head) && i > 0 && OneLine(t.Head[i]) != "" && OneLine(cell) != "" {
				cell = OneLine(t.Head[i]) + ": " + OneLine(cell)
			}
			if cell = OneLine(cell); cell != "" {
				w.hanging(first, rest, cell)
			}
		}
	}
}

func (t Table) html(w *htmlWriter) {
	w.open("table", "", tableStyle)
	w.b.WriteByte('\n')
	if c := OneLine(t.Caption); c != "" {
		w.element("caption", "rw-soft", captionStyle, c)
	}
	align := func(i int, style string) string {
		if t.figures(i) {
			style = strings.Replace(style, "text-align:left", "text-align:right;font-variant-numeric:tabular-nums", 1)
		}
		if i == t.columns()-1 {
			style = strings.Replace(style, " 12px ", " 0 ", 1)
		}
		return style
	}
	if len(t.Head) > 0 {
		w.b.WriteString("<thead><tr>")
		for i := range t.columns() {
			w.cell(`th scope="col"`, "th", "rw-soft rw-line", align(i, headStyle), t.Head, i)
		}
		w.b.WriteString("</tr></thead>\n")
	}
	w.b.WriteString("<tbody>\n")
	for _, r := range t.Rows {
		w.b.WriteString("<tr>")
		for i := range t.columns() {
			if i == 0 {
				w.cell(`th scope="row"`, "th", "rw-line", align(i, cellStyle)+";font-weight:400", r, i)
			} else {
				w.cell("td", "td", "rw-line", align(i, cellStyle), r, i)
			}
		}
		w.b.WriteString("</tr>\n")
	}
	w.b.WriteString("</tbody>\n")
	w.close("table")
}

func (w *htmlWriter) cell(tag, end, class, style string, row []string, i int) {
	w.open(tag, class, style)
	if i < len(row) {
		writeLine(&w.b, OneLine(row[i]))
	}
	w.b.WriteString("</" + end + ">")
}

func (t Table) columns() int {
	n := len(t.Head)
	for _, r := range t.Rows {
		n = max(n, len(r))
	}
	return n
}

// figures tells whether a column, not the first, holds nothing but figures.
func (t Table) figures(column int) bool {
	seen := false
	for _, r := range t.Rows {
		if column == 0 || column >= len(r) || r[column] == "" || r[column] == "–" || r[column] == "-" {
			continue
		}
		if c := r[column][0]; (c < '0' || c > '9') && c != '+' && c != '-' && !strings.HasPrefix(r[column], "−") {
			return false
		}
		seen = true
	}
	return seen
}

// Command is something an agent can write, and what it does.
type Command struct{ Name, Meaning string }

// Commands lists them, each name above its meaning: beside each other they would
// leave no room on a phone.
type Commands struct{ Commands []Command }

func (c Commands) text(w *textWriter) {
	for _, x := range c.Commands {
		w.hanging("", "  ", OneLine(x.Name)+": "+OneLine(x.Meaning))
	}
}

func (c Commands) html(w *htmlWriter) {
	for _, x := range c.Commands {
		w.open("p", "", commandStyle)
		w.code(x.Name)
		w.b.WriteString("<br>" + html.EscapeString(OneLine(x.Meaning)))
		w.close("p")
	}
}

// code writes a word as it is typed.
func (w *htmlWriter) code(word string) {
	w.open("strong", "", codeStyle)
	w.b.WriteString(html.EscapeString(OneLine(word)) + "</strong>")
}

// Bar is one figure of a chart. Shown is how the value is written, if not as it is.
type Bar struct {
	Label   string
	Value   float64
	Written string
}

// Bars compares figures by length. Each is also written out, so nothing is lost
// where bars cannot be seen.
type Bars struct {
	Caption string
	Bars    []Bar
}

func (b Bars) text(w *textWriter) {
	if c := OneLine(b.Caption); c != "" {
		w.line(c + ":")
		w.line()
	}
	labels, values := 0, 0
	for _, x := range b.Bars {
		labels, values = max(labels, width(OneLine(x.Label))), max(values, width(x.shown()))
	}
	for _, x := range b.Bars {
		l := OneLine(x.Label) + ":"
		w.hanging("", "  ", l+strings.Repeat(" ", max(1, min(labels, Columns/2)+2-width(l)))+strings.Repeat(" ", max(0, min(values, Columns/4)-width(x.shown())))+x.shown())
	}
}

func (b Bars) html(w *htmlWriter) {
	if len(b.Bars) == 0 {
		return
	}
	w.open("table", "", tableStyle)
	w.b.WriteByte('\n')
	if c := OneLine(b.Caption); c != "" {
		w.element("caption", "rw-soft", captionStyle, c)
	}
	labels := make([]string, len(b.Bars))
	for i, x := range b.Bars {
		labels[i] = x.Label
	}
	style := "text-align:left;font-weight:400;vertical-align:middle;padding:4px 20px 4px 0;font-size:14px" + labelWidth(labels)
	for _, x := range b.Bars {
		w.b.WriteString("<tr>")
		w.open(`th scope="row"`, "", style)
		w.b.WriteString(html.EscapeString(OneLine(x.Label)) + "</th>")
		w.open("td", "", "vertical-align:middle;padding:4px 12px 4px 0;text-align:right;font-size:14px;font-variant-numeric:tabular-nums;white-space:nowrap;width:1%")
		w.b.WriteString(html.EscapeString(x.shown()) + "</td>")
		w.open(`td aria-hidden="true"`, "", "vertical-align:middle;padding:4px 0")
		w.b.WriteString(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><tr>`)
		share := b.share(x, 100)
		if share > 0 {
			w.b.WriteString(`<td class="rw-fill" bgcolor="#2f6fce" width="` + strconv.Itoa(share) + `%" height="12" style="background:#2f6fce;font-size:0;line-height:12px">&nbsp;</td>`)
		}
		if share < 100 {
			w.b.WriteString(`<td class="rw-track" bgcolor="#e8edf3" height="12" style="background:#e8edf3;font-size:0;line-height:12px">&nbsp;</td>`)
		}
		w.b.WriteString("</tr></table></td></tr>\n")
	}
	w.close("table")
}

// share is the bar's length of so many; what is not nothing is seen.
func (b Bars) share(x Bar, of int) int {
	top := 0.0
	for _, y := range b.Bars {
		if y.Value > top {
			top = y.Value
		}
	}
	if !(top > 0 && x.Value > 0) || math.IsInf(top, 0) {
		return 0
	}
	return min(of, max(1, int(x.Value/top*float64(of)+0.5)))
}

func (b Bar) shown() string {
	if s := OneLine(b.Written); s != "" {
		return s
	}
	return strconv.FormatFloat(b.Value, 'f', -1, 64)
}
