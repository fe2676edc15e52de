package send

import (
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// An answer waits for its grace time, and can be taken back until the first
// attempt to send it begins: whoever takes it back and whoever claims it write the
// same item at the version that they read, so that one of them goes on and the
// other learns of it. What follows from an answer that left follows from the
// claim: its events are recorded with it, and the mails that tell colleagues of it
// ask first whether it went.

// askAfter is how long a mail that tells of an answer waits where that answer is
// due and not on its way yet.
const askAfter = 15 * time.Second

// leaving gives the events that are recorded as the item leaves, as of now.
func leaving(item *desk.OutboxItem, now time.Time) []desk.Event {
	events := item.Events
	for i := range events {
		events[i].Recorded = now
	}
	item.Events = nil
	return events
}

// follow is what becomes of an item that tells of another one: it goes if that one
// has left, ends with one that was taken back, and waits as long as that is open.
func follow(item, first desk.OutboxItem, now time.Time) (next desk.OutboxItem, goes bool) {
	switch {
	case first.State == desk.OutboxTakenBack:
		item.State = desk.OutboxTakenBack
	case first.CanStop():
		item.NotBefore = now.Add(askAfter)
		if first.NotBefore.After(item.NotBefore) {
			item.NotBefore = first.NotBefore
		}
	default:
		return item, true
	}
	return item, false
}
