package rollup

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// Quarter is what totals are counted by: no time zone is off by less.
const Quarter = 15 * time.Minute

// Totals are how many concerns were opened, by mailbox and topic: pairs of a quarter
// of the UTC day, from 0 to 95, and a number. The topic "" has all of them; the others
// are named as events name them ("topic:...", "tag:...") or "article:..." by the first
// article that was offered with the customer's first mail. A concern has as many as
// were said of it.
type Totals map[string]map[string][]int

// add counts a number of concerns.
func (t Totals) add(mailbox, topic string, at time.Time, n int) {
	box := t[mailbox]
	if box == nil {
		box = map[string][]int{}
		t[mailbox] = box
	}
	q := int(at.UTC().Sub(at.UTC().Truncate(24*time.Hour)) / Quarter)
	list := box[topic]
	if last := len(list) - 2; last >= 0 && list[last] == q {
		list[last+1] += n
		return
	}
	box[topic] = append(list, q, n)
}

// Sum gives the totals of events that are in the order in which they were recorded.
func Sum(events []desk.Event) Totals {
	t := Totals{}
	opened := map[desk.ConversationID]time.Time{}
	for _, e := range events {
		for _, topic := range Topics(e, opened) {
			t.add(e.Mailbox, topic, e.Recorded, 1)
		}
	}
	return t
}

// Topics gives what an event newly says a concern to be about, "" for a new concern.
// opened remembers when conversations were opened; the caller keeps it from event to
// event.
func Topics(e desk.Event, opened map[desk.ConversationID]time.Time) []string {
	switch e.Kind {
	case desk.EventOpened:
		opened[e.Conversation] = e.Recorded
		return []string{""}
	case desk.EventSuggested:
		if at, ok := opened[e.Conversation]; ok && at.Equal(e.Recorded) && len(e.Articles) > 0 {
			return []string{"article:" + e.Articles[0]}
		}
	case desk.EventArranged:
		return e.Topics
	}
	return nil
}

// Pack packs totals; the same ones give the same bytes.
func (t Totals) Pack() ([]byte, error) {
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err = z.Write(text); err == nil {
		err = z.Close()
	}
	return out.Bytes(), err
}

// UnpackTotals gives them back.
func UnpackTotals(data []byte) (t Totals, err error) {
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), maxPlain))
	if err == nil {
		err = json.Unmarshal(text, &t)
	}
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", errCut, err)
	}
	return t, nil
}
