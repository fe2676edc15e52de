package compose

import (
	"html"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
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
	w.open("table", "", tableStyle)
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
		// An address is no link here: it is there to be read, and a mail to it
		// would go past whatever this mail's own reply address is for.
		if v := OneLine(x.Value); strings.Contains(v, "://") {
			writeLine(&w.b, v)
		} else {
			w.b.WriteString(html.EscapeString(v))
		}
		w.b.WriteString("</td></tr>\n")
	}
	w.close("table")
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
		w.line("- ", indented(item, 2))
	}
}

func (l Bullets) html(w *htmlWriter) { w.list("ul", l.Items) }

// Numbered is a list of steps, or of things that are called by their number.
type Numbered struct{ Items []string }

func (l Numbered) text(w *textWriter) {
	for i, item := range l.Items {
		n := strconv.Itoa(i+1) + ". "
		w.line(n, indented(item, len(n)))
	}
}

func (l Numbered) html(w *htmlWriter) { w.list("ol", l.Items) }

// Offer is a text that is offered under a number, and what is to be known of it.
type Offer struct {
	Title string
	Text  string   // what is offered; may be empty
	About []string // a line each
}

// Offers are numbered from 1. Where an offer's text begins and ends is to be seen:
// it may have numbered steps and empty lines of its own.
type Offers struct{ Offers []Offer }

func (o Offers) text(w *textWriter) {
	for i, x := range o.Offers {
		if i > 0 {
			w.line()
		}
		n := strconv.Itoa(i+1) + ". "
		under := strings.Repeat(" ", len(n))
		w.line(n, OneLine(x.Title))
		if t := strings.TrimSpace(cleanText(x.Text)); t != "" {
			w.line()
			for l := range strings.SplitSeq(t, "\n") {
				w.line(strings.TrimRight(under+"    "+l, " "))
			}
			if len(x.About) > 0 {
				w.line()
			}
		}
		for _, l := range x.About {
			w.line(under, OneLine(l))
		}
	}
}

func (o Offers) html(w *htmlWriter) {
	if len(o.Offers) == 0 {
		return
	}
	w.open("ol", "", listStyle)
	w.b.WriteByte('\n')
	for _, x := range o.Offers {
		w.open("li", "", offerStyle)
		w.element("p", "", offerTitleStyle, x.Title)
		if strings.TrimSpace(cleanText(x.Text)) != "" {
			w.open("blockquote", "", offeredStyle) // a bar that is seen on light and dark
			w.written("", x.Text, true)
			w.close("blockquote")
		}
		for _, l := range x.About {
			w.element("p", "rw-soft", aboutStyle, l)
		}
		w.close("li")
	}
	w.close("ol")
}

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
				writeLine(&w.b, line)
			case len(lines) > 1: // what follows is about it
				w.b.WriteString("<strong>")
				writeLine(&w.b, line)
				w.b.WriteString("</strong>")
			default:
				writeLine(&w.b, line)
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
		w.line(c)
	}
	rows := t.Rows
	if len(t.Head) > 0 {
		rows = append([][]string{t.Head}, t.Rows...)
	}
	widths := make([]int, t.columns())
	for _, r := range rows {
		for i, cell := range r {
			widths[i] = max(widths[i], width(OneLine(cell)))
		}
	}
	for n, r := range rows {
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
		w.line(strings.TrimRight(b.String(), " "))
		if n == 0 && len(t.Head) > 0 {
			total := 2 * (len(widths) - 1)
			for _, x := range widths {
				total += x
			}
			w.line(strings.Repeat("-", min(total, 72)))
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

// Tone is how urgent a callout is.
type Tone uint8

// The tones.
const (
	Info    Tone = iota // good to know
	Warning             // needs care
	Problem             // something did not work, or must be done
)

// Callout is a short text that must not be overlooked.
type Callout struct {
	Tone        Tone
	Title, Text string
}

var tones = [...]struct{ word, class, style string }{
	Info:    {"Note", "rw-info", "margin:0 0 18px;padding:12px 16px;border-left:4px solid #2f6fce;background:#eef4fc"},
	Warning: {"Careful", "rw-warning", "margin:0 0 18px;padding:12px 16px;border-left:4px solid #c98a04;background:#fdf6e3"},
	Problem: {"Problem", "rw-problem", "margin:0 0 18px;padding:12px 16px;border-left:4px solid #c43d3d;background:#fdf0ef"},
}

func (c Callout) text(w *textWriter) {
	tone := tones[min(c.Tone, Problem)]
	title := OneLine(c.Title)
	if title == "" {
		title = tone.word
	}
	for _, l := range strings.Split(strings.TrimSpace(title+"\n"+cleanText(c.Text)), "\n") {
		w.line(strings.TrimRight("| "+l, " "))
	}
}

func (c Callout) html(w *htmlWriter) {
	tone := tones[min(c.Tone, Problem)]
	w.open(`div role="note"`, tone.class, tone.style)
	if t := OneLine(c.Title); t != "" {
		w.element("p", "", "margin:0 0 4px;font-weight:650", t)
	}
	w.prose(c.Text, true)
	w.close("div")
}

// Command is something an agent can write, and what it does.
type Command struct{ Name, Meaning string }

// Commands lists them, name beside meaning.
type Commands struct{ Commands []Command }

func (c Commands) text(w *textWriter) {
	wide := 0
	for _, x := range c.Commands {
		wide = max(wide, width(OneLine(x.Name)))
	}
	for _, x := range c.Commands {
		name := OneLine(x.Name)
		w.line(name, strings.Repeat(" ", wide-width(name)+2), OneLine(x.Meaning))
	}
}

func (c Commands) html(w *htmlWriter) {
	if len(c.Commands) == 0 {
		return
	}
	w.open("table", "", tableStyle)
	w.b.WriteByte('\n')
	for _, x := range c.Commands {
		w.b.WriteString("<tr>")
		w.open(`th scope="row"`, "", "text-align:left;vertical-align:top;padding:3px 16px 3px 0;width:1%;"+codeStyle)
		w.b.WriteString(html.EscapeString(OneLine(x.Name)) + "</th>")
		w.open("td", "", valueStyle)
		w.b.WriteString(html.EscapeString(OneLine(x.Meaning)) + "</td></tr>\n")
	}
	w.close("table")
}

// Bar is one figure of a chart. Shown is how the value is written, if not as it is.
type Bar struct {
	Label string
	Value float64
	Shown string
}

// Bars compares figures by length. Each is also written out, so nothing is lost
// where bars cannot be seen.
type Bars struct {
	Caption string
	Bars    []Bar
}

func (b Bars) text(w *textWriter) {
	if c := OneLine(b.Caption); c != "" {
		w.line(c)
	}
	labels, values := 0, 0
	for _, x := range b.Bars {
		labels, values = max(labels, width(OneLine(x.Label))), max(values, width(x.shown()))
	}
	for _, x := range b.Bars {
		l := OneLine(x.Label)
		w.line(strings.TrimRight(l+strings.Repeat(" ", labels-width(l)+2)+strings.Repeat(" ", values-width(x.shown()))+x.shown()+"  "+
			strings.Repeat("#", b.share(x, 24)), " "))
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
		w.open("div", "rw-track", "background:#e8edf3;border-radius:4px;height:12px")
		w.open("div", "rw-fill", "background:#2f6fce;border-radius:4px;height:12px;width:"+strconv.Itoa(b.share(x, 100))+"%")
		w.b.WriteString("</div></div></td></tr>\n")
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
	if s := OneLine(b.Shown); s != "" {
		return s
	}
	return strconv.FormatFloat(b.Value, 'f', -1, 64)
}

// indented sets the lines after the first under it.
func indented(text string, by int) string {
	return strings.ReplaceAll(strings.TrimSpace(cleanText(text)), "\n", "\n"+strings.Repeat(" ", by))
}

// width is how many columns of a fixed-width font a text takes.
func width(s string) int { return uniseg.StringWidth(s) }
