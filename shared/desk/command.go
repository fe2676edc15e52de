package desk

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Command is one order at the top of an agent's mail.
type Command struct {
	Name     string // without '#', lower case
	Argument int    // of #send and #show: the suggestion's number, from 1; of #merge, #add and #remove: one of a list
	Word     string // of #merge: a conversation's reference; of #add and #remove: an address; where Argument is 0
}

// The commands. Every other word after a '#' at the top means that nothing is sent.
const (
	CommandClose = "close" // closes the conversation; text beside it is sent first
	CommandNote  = "note"  // the text is kept for the team and not sent; with Word NoteForAll no answer goes out past it unseen
	// CommandAnswer sends the text to the customer, in reply to a mail of ours to
	// which a plain reply is a note.
	CommandAnswer = "answer"
	CommandSend   = "send"  // sends suggestion N, after the agent's own text
	CommandLearn  = "learn" // makes a draft of an article of the answer, which is sent as usual
	// CommandSendAnyway sends an answer that was held back because of what stands in
	// it, as it was. It stands alone, in a reply to the mail that told of it.
	CommandSendAnyway = "send-anyway"

	CommandSplit  = "split"  // makes a conversation of its own of what was shown and what came after it
	CommandMerge  = "merge"  // joins another conversation of the customer with this one, after a confirmation
	CommandUndo   = "undo"   // takes back the last of #split, #merge, #add, #remove and #close
	CommandAdd    = "add"    // admits a person: they get the answers in copy, and what they write belongs here
	CommandRemove = "remove" // the contrary
	CommandHelp   = "help"   // mails the list of commands
	CommandShow   = "show"   // mails all of suggestion N to the agent
)

// NoteForAll behind #note marks the note as news for all; "#note!" is the same.
const NoteForAll = "all"

// Order is what an agent's mail asks for: commands, and the text below them.
type Order struct {
	Commands []Command
	Text     string
}

// Has reports whether the order names the command.
func (o Order) Has(name string) bool {
	for _, c := range o.Commands {
		if c.Name == name {
			return true
		}
	}
	return false
}

// CommandError says which line is no command we know, or is one in the wrong
// place. Nothing is sent then.
type CommandError struct {
	Line string // as the agent wrote it, shortened
	Why  string // in plain words, to the agent
}

func (e *CommandError) Error() string { return fmt.Sprintf("%q: %s", e.Line, e.Why) }

// ReadOrder reads the commands at the top of an agent's own new text. A line
// that starts with '#' and a letter is a command; blank lines between commands
// do not end them; the first other line starts the text. "#1234" and "# Title"
// are text. An unknown or malformed command, one that contradicts another, and
// a line further down that is a command by itself give a *CommandError.
func ReadOrder(text string) (Order, error) {
	var o Order
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	i := 0
	for ; i < len(lines); i++ {
		line := cleanLine(lines[i])
		if line == "" {
			continue
		}
		if apart(line) {
			return Order{}, &CommandError{shorten(line), "a command is one word with its #; take the space out between them"}
		}
		if !looksLikeCommand(line) {
			break
		}
		c, err := readCommand(line)
		if err != nil {
			return Order{}, err
		}
		if o.Has(c.Name) && c.Name != CommandSend && c.Name != CommandAdd && c.Name != CommandRemove {
			return Order{}, &CommandError{shorten(line), "it stands there twice; once is enough"}
		}
		o.Commands = append(o.Commands, c)
	}
	for _, l := range lines[i:] {
		if line := cleanLine(l); looksLikeCommand(line) {
			if _, err := readCommand(line); err == nil {
				return Order{}, &CommandError{shorten(line), "commands stand at the top, before any text"}
			}
		}
	}
	o.Text = strings.TrimSpace(strings.Join(lines[i:], "\n"))
	return o, o.check()
}

func (o Order) check() error {
	for _, name := range []string{CommandSplit, CommandMerge, CommandUndo, CommandHelp, CommandShow} {
		if o.Has(name) && len(o.Commands) > 1 {
			return &CommandError{"#" + name, "it stands alone; send the other commands in a mail of their own"}
		}
	}
	switch {
	case o.Has(CommandSendAnyway) && (len(o.Commands) > 1 || o.Text != ""):
		return &CommandError{"#send-anyway", "it stands alone, because it sends the answer that was held back as it was; to send another text, leave it out"}
	case o.Has(CommandNote) && o.Has(CommandSend):
		return &CommandError{"#note #send", "a note is never sent, so they do not go together; use one of them"}
	case o.Has(CommandNote) && o.Has(CommandAnswer):
		return &CommandError{"#note #answer", "a note is never sent, so they do not go together; use one of them"}
	case o.Has(CommandNote) && o.Text == "":
		return &CommandError{"#note", "there is no text below it to keep as a note"}
	case o.Has(CommandLearn) && o.Has(CommandNote):
		return &CommandError{"#learn #note", "#learn makes an article of an answer, and a note is never sent; use one of them"}
	case o.Has(CommandLearn) && o.Text == "":
		return &CommandError{"#learn", "there is no text below it to make an article of"}
	}
	return nil
}

func readCommand(line string) (Command, error) {
	fields := strings.Fields(line)
	c := Command{Name: strings.ToLower(strings.TrimPrefix(fields[0], "#"))}
	if c.Name == CommandNote+"!" && len(fields) == 1 || c.Name == CommandNote && len(fields) == 2 && strings.EqualFold(fields[1], NoteForAll) {
		return Command{Name: CommandNote, Word: NoteForAll}, nil
	}
	switch c.Name {
	case CommandMerge, CommandAdd, CommandRemove:
		return readTarget(line, c.Name, fields[1:])
	case CommandClose, CommandNote, CommandAnswer, CommandLearn, CommandSendAnyway, CommandSplit, CommandUndo, CommandHelp:
		if len(fields) > 1 {
			return Command{}, &CommandError{shorten(line), "#" + c.Name + " stands on a line by itself; put your text below it"}
		}
	case CommandSend, CommandShow:
		n := 0
		if len(fields) == 2 {
			n, _ = strconv.Atoi(fields[1])
		}
		if n < 1 || n > 99 {
			return Command{}, &CommandError{shorten(line), "#" + c.Name + " needs the number of a ready answer, like #" + c.Name + " 1"}
		}
		c.Argument = n
	default:
		return Command{}, &CommandError{shorten(line), "this is not a command; there are #close, #learn, #note and #send N, and #help tells of more"}
	}
	return c, nil
}

// readTarget reads what a command is about: the number of a list, a
// conversation's reference ("K7M-4Q9"), or an address, which mail programs like
// to make a link of.
func readTarget(line, name string, words []string) (Command, error) {
	c := Command{Name: name}
	word := strings.Trim(strings.Join(words, " "), "[]()<>.,; ")
	if n, err := strconv.Atoi(word); err == nil && n > 0 && n < 100 {
		c.Argument = n
		return c, nil
	}
	if name == CommandMerge {
		c.Word = strings.ToUpper(word)
		if len(c.Word) != 7 || c.Word[3] != '-' || strings.ContainsRune(c.Word, ' ') {
			return Command{}, &CommandError{shorten(line), "#merge needs a conversation, by its number in our mail or by its reference, like #merge 1 or #merge K7M-4Q9"}
		}
		return c, nil
	}
	for _, w := range strings.FieldsFunc(word, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>[]()", r) }) {
		w = strings.Trim(strings.TrimPrefix(w, "mailto:"), ".,;\"'")
		if at := strings.LastIndexByte(w, '@'); at > 0 && at < len(w)-1 && (c.Word == "" || asciiLower(c.Word) == asciiLower(w)) {
			c.Word = w
		} else if at >= 0 {
			return Command{}, &CommandError{shorten(line), "#" + name + " takes one address; write a line for each"}
		}
	}
	if c.Word == "" || len(c.Word) > 254 {
		return Command{}, &CommandError{shorten(line), "#" + name + " needs an address, or the number of a person in our mail, like #" + name + " eva@example.com"}
	}
	return c, nil
}

// apart reports whether a line would be a command but for a space behind its
// "#", as telephones put it there.
func apart(line string) bool {
	rest := strings.TrimPrefix(line, "#")
	word := cleanLine(rest)
	if word == rest || word == "" {
		return false
	}
	_, err := readCommand("#" + word)
	return err == nil
}

// cleanLine takes away what clients put around a line: spaces, also no-break
// and zero-width ones. The wide "#" of East Asian keyboards is one as well.
func cleanLine(s string) string {
	if wide, ok := strings.CutPrefix(strings.TrimSpace(s), "＃"); ok {
		s = "#" + wide
	}
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\ufeff' || r == '\u2060'
	})
}

func looksLikeCommand(line string) bool {
	r := []rune(line)
	return len(r) > 1 && r[0] == '#' && unicode.IsLetter(r[1])
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
