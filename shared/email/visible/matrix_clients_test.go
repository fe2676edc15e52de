package visible

import (
	"strings"
	"unicode/utf8"
)

// client makes mails as one mail program does.
type client struct {
	name string
	// marks: the program puts "> " before what it quotes, so people can answer
	// below it and between its lines.
	marks bool
	// intro is what stands above the quote, as lines.
	intro func(s speech) []string
	html  func(s speech, style string, own []string) string
}

func (c client) styles() []string {
	if c.marks {
		return []string{"top", "bottom", "inline"}
	}
	return []string{"top"}
}

// asked takes the quoted mail apart into two lines.
func asked(s speech) (string, string) {
	a := s["asked"]
	for _, stop := range []string{". ", "。"} {
		if i := strings.Index(a, stop); i > 0 {
			return a[:i+len(stop)], strings.TrimSpace(a[i+len(stop):])
		}
	}
	return a, a
}

func (c client) text(s speech, style string, own []string, wrapped bool) string {
	if c.intro == nil {
		return ""
	}
	mark := ""
	if c.marks {
		mark = "> "
	}
	intro := strings.Join(c.intro(s), "\n")
	if wrapped && !strings.Contains(intro, "##") {
		intro = wrap(intro, 44)
	}
	one, two := asked(s)
	reply := s["hello"] + "\n\n" + s["more"] + "\n"
	if len(own) > 0 {
		reply += "\n" + strings.Join(own, "\n") + "\n"
	}
	switch style {
	case "bottom":
		return intro + "\n" + mark + one + "\n" + mark + two + "\n\n" + reply
	case "inline":
		text := intro + "\n\n" + mark + one + "\n\n" + s["hello"] + "\n\n" + mark + two + "\n\n" + s["more"] + "\n"
		if len(own) > 0 {
			text += "\n" + strings.Join(own, "\n") + "\n"
		}
		return text
	}
	return reply + "\n" + intro + "\n\n" + mark + one + "\n" + mark + two + "\n"
}

// wrap breaks lines at blanks, as programs do that send at most so many columns.
// A header line goes on with a blank.
func wrap(s string, columns int) string {
	var out []string
	for _, l := range strings.Split(s, "\n") {
		for utf8.RuneCountInString(l) > columns && !strings.HasPrefix(l, "--") && !strings.HasPrefix(l, "__") {
			cut := strings.LastIndexByte(string([]rune(l)[:columns]), ' ')
			if cut <= 0 {
				break
			}
			out = append(out, l[:cut])
			l = l[cut+1:]
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func line1(key string) func(s speech) []string {
	return func(s speech) []string { return []string{s.says(key)} }
}

func fixed(l string) func(s speech) []string {
	return func(speech) []string { return []string{speech{"x": l}.says("x")} }
}

// block is a header block with something above it and a form for its labels.
func block(above, form string) func(s speech) []string {
	return func(s speech) []string {
		ls := s.labels()
		values := []string{personName + " <" + personAddress + ">", s["stamp"], "erika@beispiel.example",
			"Re: Order 4711"}
		var out []string
		if above != "" {
			out = append(out, strings.ReplaceAll(above, "{original}", s["original"]))
		}
		for i, l := range ls {
			out = append(out, strings.ReplaceAll(form, "{label}", l)+" "+values[i])
		}
		return out
	}
}

var clients = []client{
	{"Gmail", true, line1("gmail"), gmailHTML},
	{"Apple Mail", true, line1("apple"), appleHTML},
	{"Thunderbird", true, line1("thunderbird"), thunderbirdHTML},
	{"K-9", true, line1("apple"), gmailHTML},
	{"Proton", true, fixed("On Tuesday, March 5th, 2024 at 10:00 AM, {p} wrote:"), protonHTML},
	{"HEY", true, fixed("On March 5, 2024, {p} wrote:"), plainQuoteHTML},
	{"Mailspring", true, fixed("On Mar 5 2024, at 10:00 am, {p} wrote:"), mailspringHTML},
	{"Yahoo", false, line1("gmail"), yahooHTML},
	{"Zoho", false, fixed("---- On Tue, 05 Mar 2024 10:00:00 +0100 {p} wrote ---"), zohoHTML},
	{"mail.ru", false, fixed("Вторник, 5 марта 2024, 10:00 +03:00 от {p}:"), plainQuoteHTML},
	{"Outlook", false, block("", "{label}:"), outlookHTML},
	{"Outlook plain", false, block("-----{original}-----", "{label}:"), nil},
	{"Outlook bold", false, block("", "*{label}:*"), nil},
	{"OWA", false, block("________________________________", "{label}:"), owaHTML},
	{"Outlook mobile", false, block("________________________________", "{label}:"), mobileHTML},
	{"Outlook Mac", false, block("", "{label}:"), macHTML},
	{"Samsung", false, block("-------- {original} --------", "{label}:"), samsungHTML},
	{"AOL", false, block("-----{original}-----", "{label}:"), nil},
	{"GMX", false, block("", "{label}:"), gmxHTML},
	{"web.de", false, block("", "{label}:"), gmxHTML},
	{"Lotus Notes", false, fixed("-----{p} wrote: -----"), nil},
	{"French spacing", false, block("", "{label} :"), nil},
	{"wide colons", false, block("", "{label}："), nil},
	{"help desk", false, func(s speech) []string { return []string{"##- " + s["above"] + " -##"} }, nil},
	{"help desk quoted", true, func(s speech) []string {
		return []string{s.says("gmail"), "> ## " + s["above"] + " ##"}
	}, nil},
}

// written is the author's part as HTML, each line in its own element.
func written(s speech, own []string, element string) string {
	open, end := "<"+element+">", "</"+strings.Fields(element)[0]+">"
	out := open + esc(s["hello"]) + end + open + "<br>" + end + open + esc(s["more"]) + end
	if len(own) > 0 {
		out += open + "<br>" + end
		for _, l := range own {
			if l == "" {
				l = "\u00a0"
			}
			out += open + esc(l) + end
		}
	}
	return out
}

// around puts a quote, its introduction and the author's words in their order.
// The quote's two halves are given the same opening tag.
func around(s speech, style string, own []string, element, intro, open, end string) string {
	one, two := asked(s)
	quote := open + "<div>" + esc(one) + "</div><div>" + esc(two) + "</div>" + end
	switch style {
	case "bottom":
		return intro + quote + written(s, own, element)
	case "inline":
		tail := ""
		if len(own) > 0 {
			tail = "<div><br></div>"
			for _, l := range own {
				tail += "<div>" + esc(l) + "</div>"
			}
		}
		return intro + open + esc(one) + end + "<div>" + esc(s["hello"]) + "</div>" + open + esc(two) + end + "<div>" +
			esc(s["more"]) + "</div>" + tail
	}
	return written(s, own, element) + "<br>" + intro + quote
}

func gmailHTML(s speech, style string, own []string) string {
	intro := `<div dir="ltr" class="gmail_attr">` + esc(s.says("gmail")) + `<br></div>`
	open := `<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);` +
		`padding-left:1ex">`
	if style == "top" {
		return `<div dir="ltr">` + written(s, own, "div") +
			`</div><br><div class="gmail_quote gmail_quote_container">` +
			around(s, "bottom", nil, "div", intro, open, "</blockquote>")[:len(intro)] + open + esc(s["asked"]) +
			"</blockquote></div>"
	}
	return `<div dir="ltr"><div class="gmail_quote">` + around(s, style, own, "div", intro, open, "</blockquote>") +
		"</div></div>"
}
