package desk

import "fmt"

// Command is one order at the top of an agent's mail.
type Command struct {
	Name     string // without '#', lower case
	Argument int    // of #send and #show: the suggestion's number, from 1; of #merge, #add and #remove: one of a list
	Word     string // of #merge: a conversation's reference; of #add and #remove: an address; where Argument is 0
}

// The commands. Package orders says how they are read.
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

	CommandSplit   = "split"   // makes a conversation of its own of what was shown and what came after it
	CommandMerge   = "merge"   // joins another conversation of the customer with this one, after a confirmation
	CommandUndo    = "undo"    // takes back the last of #split, #merge, #add, #remove and #close
	CommandAdd     = "add"     // admits a person: they get the answers in copy, and what they write belongs here
	CommandRemove  = "remove"  // the contrary
	CommandSnooze  = "snooze"  // puts the conversation off to a time
	CommandRemind  = "remind"  // mails the agent at a time
	CommandPending = "pending" // waits for the customer, who is followed up where the settings say so

	CommandTemplate = "template" // sends a template by its name, at its place among the agent's words; alone it mails the list
	CommandKB       = "kb"       // mails the articles that fit words best
	CommandArticle  = "article"  // mails an article by its number or its name
	CommandFind     = "find"     // mails which conversations fit words
	CommandPractice = "practice" // begins a conversation with a made-up customer
	CommandAway     = "away"     // the agent does not work until a time
	CommandBack     = "back"     // and does again

	CommandForward = "forward" // asks a department; Word is Department.ID, with " all" and " notes" behind it

	CommandCause = "cause" // ties the conversation to what others ask about, too
	CommandFixed = "fixed" // answers everybody who asked about a cause, after a confirmation

	CommandHelp = "help" // mails the list of commands
	CommandShow = "show" // mails all of suggestion N to the agent
)

// NoteForAll behind #note marks the note as news for all; "#note!" is the same.
const NoteForAll = "all"

// NoteAnswer is the Word of #note with no text: what is meant is the agent's answer that
// waits to leave.
const NoteAnswer = "answer"

// CommandError says which line is no command we know, or is one in the wrong
// place. Nothing is sent then.
type CommandError struct {
	Line string // as the agent wrote it, shortened
	Why  string // in plain words, to the agent
}

func (e *CommandError) Error() string { return fmt.Sprintf("%q: %s", e.Line, e.Why) }
