package orders

import (
	"slices"
	"strings"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
)

// mostBefore bounds the words between #forward and the name: "this to the".
const mostBefore = 4

// forward reads the line of #forward: which department, what of the conversation goes
// along, and where the question begins. Who means one that is not there is asked about the
// one that is nearest.
func (r *reader) forward(i int, behind string) found {
	l := r.lines[i]
	no := func(why string) found { return found{err: &desk.CommandError{Line: shorten(l.raw), Why: why}} }
	all := r.desk.Departments
	if all == nil { // whoever asks knows none: any line of it is one
		return found{note: true, forward: &desk.Command{Name: desk.CommandForward}}
	}
	if len(all) == 0 {
		return no("the settings name no departments to ask; they are set up under departments in the configuration, and #add lets a person into the conversation")
	}
	var names []string
	for _, d := range all {
		names = append(names, d.Names[0])
	}
	there := "there " + isAre(len(names)) + " " + listed(names)
	if strings.TrimSpace(behind) == "" {
		return no("#forward needs the name of a department, like #forward " + all[0].ID + "; " + there)
	}
	if address := addressIn(behind); address != "" {
		for _, d := range all {
			if strings.EqualFold(d.Address, address) {
				_, rest, _ := strings.Cut(behind, address)
				return r.toDepartment(d.ID, strings.TrimLeft(rest, ">"))
			}
		}
		return no(address + " is the address of no department, and #forward asks departments alone; " + there + ". To let a person into the conversation write #add and the address")
	}
	near := ""
	for before := 0; before <= mostBefore; before++ {
		rest := afterWords(behind, before)
		if rest == "" {
			break
		}
		for _, d := range all {
			for _, n := range d.Names {
				if words := namedAt(rest, n); words > 0 {
					return r.toDepartment(d.ID, afterWords(rest, words))
				}
				if near == "" && nearName(rest, n) > 0 {
					near = "#forward " + d.ID + ": " + afterWords(rest, nearName(rest, n))
				}
			}
		}
	}
	if near != "" {
		return found{doubt: r.again(i, strings.TrimRight(near, ": "), WhySlip)}
	}
	said, _, _ := strings.Cut(strings.TrimSpace(behind), " ")
	return no("no department is called “" + shorten(said) + "”; " + there)
}

// toDepartment is the order, with what goes along if that is said, and the question.
func (r *reader) toDepartment(id, rest string) found {
	c := desk.Command{Name: desk.CommandForward, Word: id}
	rest = strings.TrimLeft(rest, " :,;-–—.!?")
	along, question, parted := strings.Cut(rest, ":")
	if !parted {
		along, question = rest, ""
	}
	if ws := wordsOf(along); len(ws) > 0 && alongWords(ws) {
		for _, w := range ws {
			if slices.Contains(commands.AllWords, w) && !strings.HasSuffix(c.Word, " all") && !strings.Contains(c.Word, " all ") {
				c.Word = id + " all" + strings.TrimPrefix(c.Word, id)
			}
			if slices.Contains(commands.NotesWords, w) && !strings.HasSuffix(c.Word, " notes") {
				c.Word += " notes"
			}
		}
		rest = strings.TrimSpace(question)
	}
	return found{note: true, forward: &c, tail: rest}
}

// alongWords reports whether words say nothing but what goes along.
func alongWords(ws []string) bool {
	said := false
	for _, w := range ws {
		switch {
		case slices.Contains(commands.AllWords, w), slices.Contains(commands.NotesWords, w):
			said = true
		case !slices.Contains(commands.AlongWords, w):
			return false
		}
	}
	return said
}

// namedAt gives how many words of a name a text begins with, if with all of it.
func namedAt(text, name string) int {
	want, ws := wordsOf(name), wordsOf(text)
	if len(want) == 0 || len(ws) < len(want) || !equal(want, ws[:len(want)]) {
		return 0
	}
	return len(want)
}

// nearName is namedAt for a name with a slip in it, and for the beginning of one.
func nearName(text, name string) int {
	want, ws := wordsOf(name), wordsOf(text)
	if len(want) == 0 || len(ws) == 0 || len([]rune(ws[0])) < 3 {
		return 0
	}
	n := min(len(want), len(ws))
	whole, said := strings.Join(want, " "), strings.Join(ws[:n], " ")
	if most := len([]rune(whole)) / 4; commands.Distance(whole, said) <= max(1, min(most, 2)) {
		return n
	}
	if strings.HasPrefix(whole, ws[0]) || len(want) > 1 && slices.Contains(want, ws[0]) || strings.HasPrefix(ws[0], whole) && len(whole) >= 4 {
		return 1
	}
	return 0
}

// addressIn is the address that a text begins with, "" where it begins with none.
func addressIn(text string) string {
	for k, w := range strings.Fields(text) {
		w = strings.Trim(strings.TrimPrefix(strings.ToLower(strings.Trim(w, "<>()[]\"'")), "mailto:"), "<>()[]\"'.,;:")
		if at := strings.IndexByte(w, '@'); at > 0 && at < len(w)-1 {
			return w
		}
		if k >= 3 {
			break
		}
	}
	return ""
}

// names reports whether a text begins with a department, or with an address: what only
// #forward takes.
func (r *reader) names(behind string) bool {
	if addressIn(behind) != "" {
		return true
	}
	for before := 0; before <= mostBefore; before++ {
		rest := afterWords(behind, before)
		if rest == "" {
			return false
		}
		for _, d := range r.desk.Departments {
			for _, n := range d.Names {
				if namedAt(rest, n) > 0 || before == 0 && nearName(rest, n) > 0 {
					return true
				}
			}
		}
	}
	return false
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func listed(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}
