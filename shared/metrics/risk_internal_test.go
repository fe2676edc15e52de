package metrics

import (
	"slices"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// A mail has several events of one moment, of which nothing says the order. Where it thanks, or
// says that it is solved, it is no trouble itself, and what was before is made up for; what goes
// wrong afterwards adds up anew.
func TestWhatAMailSaysIsWeighedAsOne(t *testing.T) {
	from := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	at := func(hour int, kind desk.EventKind, detail string, contacts int) desk.Event {
		return desk.Event{Kind: kind, Detail: detail, Mailbox: "support", Potential: 0.5,
			Conversation: desk.IDsOf([]uint64{7})[0], Recorded: from.Add(time.Duration(hour) * time.Hour),
			Answers: 1, Exchanges: 1, Contacts: contacts}
	}
	again := func(hour int) desk.Event { return at(hour, desk.EventReceived, "", 3) } // before anybody answered
	thanked := func(hour int) []desk.Event {
		return []desk.Event{again(hour), at(hour, desk.EventThanked, "", 3)}
	}
	yes := []desk.Event{again(3), at(3, desk.EventRated, string(desk.RatedSolved), 3),
		at(3, desk.EventReopened, "", 3)}
	notYet := []desk.Event{at(1, desk.EventRated, string(desk.RatedNotYet), 2)}
	for name, c := range map[string]struct {
		mails     [][]desk.Event
		risk, won bool
	}{
		"wrote twice more":                    {[][]desk.Event{{again(1)}, {again(2)}}, true, false},
		"and thanked":                         {[][]desk.Event{{again(1)}, {again(2)}, thanked(3)}, false, true},
		"and said yes, with another question": {[][]desk.Event{{again(1)}, {again(2)}, yes}, false, true},
		"wrote once more, and thanked":        {[][]desk.Event{{again(1)}, thanked(2)}, false, false},
		"and once more":                       {[][]desk.Event{{again(1)}, thanked(2), {again(3)}}, false, false},
		"and twice more": {[][]desk.Event{{again(1)}, thanked(2), {again(3)}, {again(4)}},
			true, false},
		"won, and twice more": {[][]desk.Event{{again(1)}, {again(2)}, thanked(3), {again(4)}, {again(5)}},
			true, false},
		"said not yet, and once more a thanks": {[][]desk.Event{notYet, thanked(2), thanked(3)}, false, true},
	} {
		for _, backwards := range []bool{false, true} {
			f := newFates(from, from, from.AddDate(0, 0, 7))
			for _, mail := range c.mails {
				if mail = slices.Clone(mail); backwards {
					slices.Reverse(mail)
				}
				for _, e := range mail {
					f.add(e)
				}
			}
			if risk, won := len(f.atRisk("support")) > 0, len(f.won("support")) > 0; risk != c.risk || won != c.won {
				t.Errorf("%s, backwards %v: at risk %v, won %v; want %v, %v", name, backwards, risk, won, c.risk, c.won)
			}
		}
	}
}
