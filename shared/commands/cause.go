package commands

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/page"
)

// Asker is a conversation that is tied to a cause.
type Asker struct {
	Conversation desk.Conversation
	Last         desk.Message // what the customer wrote last
	Left         string       // why nothing would be sent there, a clause; "" is sent
	Apart        bool         // it is in another language than the text
}

// CauseCount is how many wait for a cause to be mended.
type CauseCount struct {
	Cause         desk.Cause
	Tied, Waiting int
}

// cause ties a conversation to what others ask about, too.
var cause = Command{
	Name: desk.CommandCause, Also: []string{"causes"}, Maybe: []string{"because", "reason", "bug", "incident", "problem"},
	Help: []Line{{"#cause hamm", "ties this to a cause that others ask about, too; #cause alone lists causes, #cause none unties"}},
	Read: func(behind string) (word, missing string) {
		return readCause("#cause", behind)
	},
	Needs: func(_ Facts, c desk.Command) Needs { return Needs{Causes: true, CauseCounts: c.Word == ""} },
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		name, fresh := strings.CutPrefix(c.Word, "new ")
		name = desk.CauseName(name)
		switch {
		case c.Word == "":
			p.Page = f.causesPage()
			return p, nil
		case name == "none" && !fresh:
			p.Conversation.Tied = desk.Tied{}
			return p.changed("cause"), nil
		}
		i := slices.IndexFunc(f.Causes, func(x desk.Cause) bool { return x.Name == name })
		if near := f.nearCause(name); i < 0 && near != "" && !fresh {
			return p, &Refusal{Rule: "cause-near", Title: "Nothing was done, and nothing was sent. Did you mean #cause " + near + "?",
				Why:  fmt.Sprintf("There is a cause “%s”, and none called “%s”.", near, name),
				Next: fmt.Sprintf("Answer this mail with #cause %s, or with #cause new %s if it is another one; your text below it, with #answer, is sent.", near, name)}
		}
		known := desk.Cause{Name: name, Opened: f.Now, By: f.Agent.ID}
		if i >= 0 {
			known = f.Causes[i]
			known.Mended = time.Time{} // it is not, if it is asked about again
		}
		if others := f.otherCauses(); i < 0 && others != "" { // a slip would lie there unseen, and nobody would be told when the other is mended
			p.Tells = append(slices.Clip(p.Tells), Handed{To: f.Agent, Did: "tied this to a new cause, “" + name + "”", Then: others + " #cause none unties it."})
		}
		p.Conversation.Tied = desk.Tied{Cause: name, At: f.Now}
		p.Cause = &known
		return p.changed("cause"), nil
	},
}

// fixed answers everybody who asked about a cause, after a preview and a yes.
var fixed = Command{
	Name: desk.CommandFixed, Also: []string{"mended"}, Maybe: []string{"fix", "repaired", "resolved-cause"}, Alone: true,
	Help: []Line{{"#fixed hamm", "answers all who asked about that cause with the text below; you see whom first, and confirm"}},
	Read: func(behind string) (word, missing string) {
		if word, missing = readCause("#fixed", behind); word == "" && missing == "" {
			missing = "#fixed needs the name of the cause, like #fixed hamm; #cause alone lists them"
		}
		return word, missing
	},
	Needs: func(_ Facts, c desk.Command) Needs { return Needs{Causes: true, Asked: desk.CauseName(c.Word)} },
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		name := desk.CauseName(c.Word)
		no := func(why, next string) (Plan, error) {
			return p, &Refusal{Rule: "fixed", Title: "Nothing was sent", Why: why, Next: next}
		}
		send := 0
		for _, a := range f.Asked {
			if a.Left == "" {
				send++
			}
		}
		switch near := f.nearCause(name); {
		case !slices.ContainsFunc(f.Causes, func(x desk.Cause) bool { return x.Name == name }) && near != "":
			return no(fmt.Sprintf("There is no cause “%s”. Did you mean “%s”?", name, near), "Answer this mail with #fixed "+near+" and your text below it.")
		case !slices.ContainsFunc(f.Causes, func(x desk.Cause) bool { return x.Name == name }):
			return no(fmt.Sprintf("There is no cause “%s”.", name), "Answer this mail with #cause alone, which lists them.")
		case strings.TrimSpace(f.Text) == "":
			return no("There is no text that could be sent.", "Answer this mail with #fixed "+name+" in the first line and below it what those who asked are to read.")
		case len(f.Text) > MaxFixed:
			return no("The text is too long to be sent to many.", "Write what they need to know in a page.")
		case send == 0:
			return no("Nobody waits to hear of “"+name+"”"+leftWhy(f.Asked)+".", "Nothing is to be done.")
		}
		p.Fixed = &Fixed{Cause: name, Text: f.Text, Askers: f.Asked}
		return p, nil
	},
}

// MaxFixed bounds the text of #fixed, in bytes.
const MaxFixed = 16 << 10

// Fixed is what the agent is asked before many are answered.
type Fixed struct {
	Cause, Text string
	Askers      []Asker
}

func leftWhy(askers []Asker) string {
	if len(askers) == 0 {
		return ""
	}
	return ": " + askers[0].Left
}

func readCause(name, behind string) (word, missing string) {
	behind = strings.Trim(strings.TrimSpace(behind), ".:;,!\"'“”#")
	rest, fresh := strings.CutPrefix(strings.ToLower(behind), "new ")
	word = desk.CauseName(rest)
	switch {
	case behind != "" && word == "":
		return "", name + " needs a name of letters and digits, like " + name + " hamm"
	case len(word) > desk.MaxCause || strings.Count(word, "-") > 4:
		return "", "a cause has a short name, like " + name + " hamm; put your text on a line below it"
	case fresh:
		word = "new " + word
	}
	return word, ""
}

// otherCauses says which causes are open already, the last ones first; "" is none.
func (f Facts) otherCauses() string {
	const shown = 5
	var names []string
	for _, x := range slices.Backward(f.Causes) {
		if x.Mended.IsZero() && len(names) < shown {
			names = append(names, "“"+x.Name+"”")
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "This is the first conversation that is tied to it. Others that are open: " + strings.Join(names, ", ") + "."
}

// nearCause is a known cause that a name is a slip away from, or a part of; "" is none,
// and none where the name is known.
func (f Facts) nearCause(name string) string {
	best, least := "", 3
	for _, x := range f.Causes {
		n := Distance(x.Name, name)
		switch {
		case n == 0:
			return ""
		case utf8.RuneCountInString(name) < 4 && n > 1, utf8.RuneCountInString(name) < 6 && n > 1 && !within(x.Name, name):
			continue
		case within(x.Name, name):
			n = 2
		}
		if n < least {
			best, least = x.Name, n
		}
	}
	return best
}

// within reports whether the words of one name are among those of the other.
func within(a, b string) bool {
	all := func(a, b string) bool {
		of := strings.Split(b, "-")
		return !slices.ContainsFunc(strings.Split(a, "-"), func(w string) bool { return !slices.Contains(of, w) })
	}
	return all(a, b) || all(b, a)
}

// Distance is how many letters must be added, taken out, changed, or swapped with the next.
func Distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := make([][]int, len(s)+1)
	for i := range rows {
		rows[i] = make([]int, len(t)+1)
		rows[i][0] = i
	}
	for j := range t {
		rows[0][j+1] = j + 1
	}
	for i := range s {
		for j := range t {
			cost := 1
			if s[i] == t[j] {
				cost = 0
			}
			rows[i+1][j+1] = min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+cost)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				rows[i+1][j+1] = min(rows[i+1][j+1], rows[i-1][j-1]+1)
			}
		}
	}
	return rows[len(s)][len(t)]
}

// causes lists what customers wait to hear of, those first for whom most wait.
func (f Facts) causesPage() *Page {
	p := &Page{What: "causes", Title: "What customers wait to hear of", Why: "#cause and a name ties a conversation to one; #fixed and the name answers all who asked. Nothing was sent or changed."}
	var items []string
	for _, c := range f.Counts {
		mended := ""
		if !c.Cause.Mended.IsZero() {
			mended = ", mended " + f.clock(c.Cause.Mended)
		}
		if c.Tied == 0 && mended != "" {
			continue
		}
		items = append(items, fmt.Sprintf("%s: %s to be told, %s for an answer; since %s%s", c.Cause.Name, page.Count(c.Tied, "customer is", "customers are"),
			page.Count(c.Waiting, "waits", "wait"), c.Cause.Opened.UTC().Format("2 Jan 2006"), mended))
	}
	if len(items) == 0 {
		p.Blocks = []page.Block{page.Paragraph{Text: "There is none. #cause and a name, like #cause hamm, begins one."}}
		return p
	}
	p.Blocks = []page.Block{page.Bullets{Items: items}}
	return p
}
