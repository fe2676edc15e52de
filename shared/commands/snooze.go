package commands

import (
	"strings"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// momentLayout is how orders writes a time that it read, before "; " and the words
// that stood behind it.
const momentLayout = "Mon 2 Jan 2006, 15:04"

// snooze puts a conversation off: it returns by a mail in its thread.
var snooze = Command{
	Name: desk.CommandSnooze, Also: []string{"postpone", "defer"}, Maybe: []string{"later", "delay", "sleep", "wait", "hold"}, Time: "#snooze needs a time, like #snooze 3d or #snooze until Tuesday 9:00",
	Help: []Line{{"#snooze 3d", "puts this off, also #snooze until Tuesday 9:00; it comes back then, or when the customer writes"}},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		at, _, err := f.moment(c)
		if err != nil {
			return p, err
		}
		p.PutOff = &desk.PutOff{Until: at, By: f.Agent.ID}
		return p.changed("snooze"), nil
	},
}

// remind mails the agent at a time, whatever happens till then.
var remind = Command{
	Name: desk.CommandRemind, Also: []string{"reminder", "remindme"}, Maybe: []string{"followup", "follow-up", "alarm", "todo"}, ToColleague: true, TimeSaid: true,
	Time: "#remind needs a time, like #remind tomorrow or #remind Friday 14:00 call the carrier",
	Help: []Line{{"#remind Friday 14:00", "mails you this then, whatever happened; words behind the time come with it"}},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		at, said, err := f.moment(c)
		if err != nil {
			return p, err
		}
		if len(said) > desk.MaxSaid {
			return p, &Refusal{Rule: "remind", Title: "Nothing was done, and nothing was sent", Why: "What a reminder says has room for a line, and yours is longer.",
				Next: "Write it as a note: #note and the text, and #remind with the time on a line of its own."}
		}
		if !p.Conversation.Remind(desk.Reminder{At: at, By: f.Agent.ID, Said: said}) {
			return p, &Refusal{Rule: "remind", Title: "Nothing was done, and nothing was sent", Why: "There are ten reminders of this already.", Next: "One of them has to come first."}
		}
		return p.changed("remind"), nil
	},
}

// moment reads what orders wrote of a time.
func (f Facts) moment(c desk.Command) (at time.Time, said string, err error) {
	text, said, _ := strings.Cut(c.Word, "; ")
	at, err = time.ParseInLocation(momentLayout, text, f.Settings.ZoneOf(f.Agent))
	if err != nil {
		return at, "", &Refusal{Rule: c.Name, Title: "Nothing was done, and nothing was sent", Why: "The time behind #" + c.Name + " was not understood: “" + shortened(c.Word) + "”.", Next: "Write it like this: #" + c.Name + " tomorrow 9:00."}
	}
	if !at.After(f.Now) {
		return at, "", &Refusal{Rule: c.Name, Title: "Nothing was done, and nothing was sent", Why: "The time behind #" + c.Name + " is over by now: " + text + ".", Next: "Answer this mail with #" + c.Name + " and a later time."}
	}
	return at, said, nil
}
