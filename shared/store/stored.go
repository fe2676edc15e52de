package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/replywell/replywell/shared/delivery"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"
)

// The kinds of items, with the version of their stored form. A change of a
// form counts its schema up and teaches unpack to read the older one; the golden
// files in testdata hold every form that was ever written.
const (
	kindConversation = "conversation"
	kindMessage      = "message"
	kindInbound      = "inbound"
	kindContent      = "content"
	kindMessageID    = "message-id"
	kindOutbox       = "outbox"
	kindEvent        = "event"
	kindNotified     = "notified"
	kindLearned      = "learned"
	kindBudget       = "budget"
	kindAgentLanes   = "lanes"
	kindWelcomed     = "welcomed"
	kindConfirmation = "confirmation"
	kindRoute        = "route"
	kindPosting      = "posting"
	kindRota         = "rota"
	kindRollUp       = "roll-up"
	kindRollUpPart   = "roll-up-part"
	kindIndexed      = "indexed"
	kindCause        = "cause"
	kindTie          = "tie"
	kindBlock        = "block"
	kindSame         = "same"
)

var schemas = map[string]int{
	kindConversation: 1, kindMessage: 1, kindInbound: 1, kindContent: 1,
	kindMessageID: 1, kindOutbox: 1, kindEvent: desk.EventSchema, kindNotified: 1, kindLearned: 1, kindBudget: 1, kindAgentLanes: 1, kindWelcomed: 1, kindConfirmation: 1, kindRoute: 1, kindRota: 1, kindPosting: 1,
	kindRollUp: 1, kindRollUpPart: 1, kindIndexed: 1, kindCause: 1, kindTie: 1, kindBlock: 1, kindSame: 1,
}

// The stored structs repeat the desk's field by field, with the names that
// stand in the file. Go converts one to the other only while their fields are
// the same, so a field that is renamed, added or taken away over there does not
// compile here until somebody has decided what it means for what is stored.
// What is nested (Person, Verdicts...) is held by the golden files.
type (
	storedConversation struct {
		ID               desk.ConversationID   `json:"id"`
		Mailbox          string                `json:"mailbox"`
		Customer         desk.Person           `json:"customer"`
		Subject          string                `json:"subject"`
		State            desk.State            `json:"state"`
		Opened           time.Time             `json:"opened,omitzero"`
		Activity         time.Time             `json:"activity,omitzero"`
		Messages         int                   `json:"messages"`
		CustomerMessages int                   `json:"customerMessages"`
		Answers          int                   `json:"answers"`
		FirstAnswer      time.Time             `json:"firstAnswer,omitzero"`
		Solved           time.Time             `json:"solved,omitzero"`
		Reopened         int                   `json:"reopened,omitzero"`
		Owner            string                `json:"owner,omitzero"`
		Thread           desk.Thread           `json:"thread,omitzero"`
		Linked           []desk.ConversationID `json:"linked,omitempty"`
		Participants     []desk.Person         `json:"participants,omitempty"`
		Proposed         []desk.Person         `json:"proposed,omitempty"`
		Into             desk.ConversationID   `json:"into,omitzero"`
		Moves            []desk.Move           `json:"moves,omitempty"`
		Done             []desk.Arrangement    `json:"done,omitempty"`
		Arranged         int                   `json:"arranged,omitzero"`
		Due              time.Time             `json:"due,omitzero"`
		Watch            time.Time             `json:"watch,omitzero"`
		Asked            time.Time             `json:"asked,omitzero"`
		Leaving          []desk.Leaving        `json:"leaving,omitempty"`
		ReplyTo          string                `json:"replyTo,omitzero"`
		Signed           []string              `json:"signed,omitempty"`
		Priority         string                `json:"priority,omitzero"`
		Topic            string                `json:"topic,omitzero"`
		Tags             []string              `json:"tags,omitempty"`
		Reminded         time.Time             `json:"reminded,omitzero"`
		Snoozed          desk.PutOff           `json:"snoozed,omitzero"`
		Reminders        []desk.Reminder       `json:"reminders,omitempty"`
		Pending          desk.Pending          `json:"pending,omitzero"`
		Handovers        int                   `json:"handovers,omitzero"`
		Worth            desk.Worth            `json:"worth,omitzero"`
		Tied             desk.Tied             `json:"tied,omitzero"`
		Mood             float64               `json:"mood,omitzero"`
		Team             string                `json:"team,omitzero"`
		Shown            time.Time             `json:"shown,omitzero"`
		Consulted        []desk.Consulted      `json:"consulted,omitempty"`
		Aside            desk.Aside            `json:"aside,omitzero"`
		Version          int64                 `json:"-"`
	}

	storedMessage struct {
		Conversation desk.ConversationID   `json:"conversation"`
		Sequence     int                   `json:"sequence"`
		Kind         desk.MessageKind      `json:"kind"`
		From         desk.Person           `json:"from"`
		Agent        string                `json:"agent,omitzero"`
		At           time.Time             `json:"at,omitzero"`
		Subject      string                `json:"subject"`
		Text         string                `json:"text"`
		TextCut      bool                  `json:"textCut,omitzero"`
		Attachments  []desk.AttachmentInfo `json:"attachments,omitempty"`
		MessageID    string                `json:"messageId,omitzero"`
		Inbound      string                `json:"inbound,omitzero"`
		Raw          string                `json:"raw,omitzero"`
		Outbox       string                `json:"outbox,omitzero"`
		Verified     bool                  `json:"verified,omitzero"`
		Automatic    string                `json:"automatic,omitzero"`
		Thanks       bool                  `json:"thanks,omitzero"`
		Rated        desk.Rated            `json:"rated,omitzero"`
		ForAll       bool                  `json:"forAll,omitzero"`
		Evidence     desk.Evidence         `json:"evidence,omitzero"`
		Suggested    []string              `json:"suggested,omitempty"`
		Likely       []float64             `json:"likely,omitempty"`
		Articles     []string              `json:"articles,omitempty"`
		Beside       []desk.ConversationID `json:"beside,omitempty"`
		Proposed     []string              `json:"proposed,omitempty"`
		Arranged     desk.Arranged         `json:"arranged,omitzero"`
		Part         desk.ConversationID   `json:"part,omitzero"`
		Home         desk.Span             `json:"home,omitzero"`
	}

	storedInbound struct {
		ID           string              `json:"id"`
		Raw          string              `json:"raw"`
		MailFrom     string              `json:"mailFrom"`
		Recipients   []string            `json:"recipients,omitempty"`
		ReceivedAt   time.Time           `json:"receivedAt,omitzero"`
		Verdicts     desk.Verdicts       `json:"verdicts,omitzero"`
		Size         int                 `json:"size"`
		ContentHash  string              `json:"contentHash,omitzero"`
		Outcome      desk.Outcome        `json:"outcome"`
		Reason       string              `json:"reason,omitzero"`
		Conversation desk.ConversationID `json:"conversation,omitzero"`
		Sequence     int                 `json:"sequence,omitzero"`
		Mailbox      string              `json:"mailbox,omitzero"`
		Hold         string              `json:"hold,omitzero"`
		Agent        string              `json:"agent,omitzero"`
		Summary      desk.Summary        `json:"summary,omitzero"`
		Automatic    string              `json:"automatic,omitzero"`
		Untold       bool                `json:"untold,omitzero"`
		KeptUntil    time.Time           `json:"keptUntil,omitzero"`
		SettledBy    string              `json:"settledBy,omitzero"`
		Of           string              `json:"of,omitzero"`
		Recorded     time.Time           `json:"recorded,omitzero"`
		Said         string              `json:"said,omitzero"`
		Opens        bool                `json:"opens,omitzero"`
		SignedHash   string              `json:"signedHash,omitzero"`
		SignedOnly   bool                `json:"signedOnly,omitzero"`
		Version      int64               `json:"-"`
	}

	storedOutbox struct {
		ID           string              `json:"id"`
		Kind         desk.OutboxKind     `json:"kind"`
		Conversation desk.ConversationID `json:"conversation,omitzero"`
		Sequence     int                 `json:"sequence,omitzero"`
		Mailbox      string              `json:"mailbox,omitzero"`
		Agent        string              `json:"agent,omitzero"`
		Decided      string              `json:"decided,omitzero"`
		EnvelopeFrom string              `json:"envelopeFrom"`
		To           []string            `json:"to"`
		MessageID    string              `json:"messageId"`
		Raw          string              `json:"raw"`
		Size         int                 `json:"size"`
		Summary      desk.Summary        `json:"summary,omitzero"`
		Tells        []string            `json:"tells,omitempty"`
		Lists        []desk.Listed       `json:"lists,omitempty"`
		Offers       []string            `json:"offers,omitempty"`
		After        string              `json:"after,omitzero"`
		Events       []desk.Event        `json:"events,omitempty"`
		NotBefore    time.Time           `json:"notBefore,omitzero"`
		PutOff       bool                `json:"putOff,omitzero"`
		State        desk.OutboxState    `json:"state"`
		Attempts     int                 `json:"attempts,omitzero"`
		RouteTries   int                 `json:"routeTries,omitzero"`
		Refused      int                 `json:"refused,omitzero"`
		RefusedID    string              `json:"refusedId,omitzero"`
		Claimed      time.Time           `json:"claimed,omitzero"`
		Sent         time.Time           `json:"sent,omitzero"`
		SentID       string              `json:"sentId,omitzero"`
		MergedIn     string              `json:"mergedIn,omitzero"`
		LastError    string              `json:"lastError,omitzero"`
		Created      time.Time           `json:"created,omitzero"`
		CausedBy     string              `json:"causedBy,omitzero"`
		Version      int64               `json:"-"`
	}

	storedEvent struct {
		ID           string              `json:"id"`
		Schema       int                 `json:"-"` // the item's
		Kind         desk.EventKind      `json:"kind"`
		Occurred     time.Time           `json:"occurred,omitzero"`
		Recorded     time.Time           `json:"recorded,omitzero"`
		Mailbox      string              `json:"mailbox,omitzero"`
		Conversation desk.ConversationID `json:"conversation,omitzero"`
		Sequence     int                 `json:"sequence,omitzero"`
		Agent        string              `json:"agent,omitzero"`
		Articles     []string            `json:"articles,omitempty"`
		Opened       time.Time           `json:"opened,omitzero"`
		Answers      int                 `json:"answers,omitzero"`
		Exchanges    int                 `json:"exchanges,omitzero"`
		FirstWait    time.Duration       `json:"firstWaitNs,omitzero"`
		Reopened     int                 `json:"reopened,omitzero"`
		ByItself     bool                `json:"byItself,omitzero"`
		SolvedBefore time.Time           `json:"solvedBefore,omitzero"`
		Asked        time.Time           `json:"asked,omitzero"`
		Contacts     int                 `json:"contacts,omitzero"`
		Handovers    int                 `json:"handovers,omitzero"`
		Topics       []string            `json:"topics,omitempty"`
		Detail       string              `json:"detail,omitzero"`
		Potential    float64             `json:"potential,omitzero"`
		Revenue      float64             `json:"revenue,omitzero"`
		Reactions    []desk.Reaction     `json:"reactions,omitempty"`
	}

	storedConfirmation struct {
		ID           string                `json:"id"`
		Kind         desk.ConfirmationKind `json:"kind"`
		Agent        string                `json:"agent"`
		Mailbox      string                `json:"mailbox,omitzero"`
		Conversation desk.ConversationID   `json:"conversation,omitzero"`
		About        string                `json:"about,omitzero"`
		Held         []string              `json:"held,omitempty"`
		Copies       [][]string            `json:"copies,omitempty"`
		SHA256       string                `json:"sha256,omitzero"`
		Seen         int                   `json:"seen,omitzero"`
		Listed       []desk.Listed         `json:"listed,omitempty"`
		Given        []desk.ListGiven      `json:"given,omitempty"`
		Behind       []desk.Behind         `json:"behind,omitempty"`
		Answers      int                   `json:"answers,omitzero"`
		Unvouched    bool                  `json:"unvouched,omitzero"`
		Asked        time.Time             `json:"asked,omitzero"`
		Expires      time.Time             `json:"expires,omitzero"`
		CausedBy     string                `json:"causedBy,omitzero"`
		Used         time.Time             `json:"used,omitzero"`
		UsedBy       string                `json:"usedBy,omitzero"`
		Word         string                `json:"answer,omitzero"`
		Version      int64                 `json:"-"`
	}

	storedMessageID struct {
		Conversation desk.ConversationID `json:"conversation,omitzero"`
		Sequence     int                 `json:"sequence,omitzero"`
		Outgoing     bool                `json:"outgoing,omitzero"`
		Outbox       string              `json:"outbox,omitzero"`
	}

	storedContent struct {
		Inbound string `json:"inbound"`
	}

	storedWelcomed struct {
		Agents  map[string]time.Time `json:"agents,omitempty"`
		Version int64                `json:"-"`
	}
	storedAgentLanes struct {
		Agents  []AgentLane `json:"agents,omitempty"`
		Version int64       `json:"-"`
	}

	storedBudget struct {
		Subject string      `json:"subject"`
		Times   []time.Time `json:"times,omitempty"`
		Version int64       `json:"-"`
	}

	storedPosting struct {
		ID      string            `json:"id"`
		State   desk.PostingState `json:"state"`
		Tries   int               `json:"tries,omitzero"`
		At      time.Time         `json:"at,omitzero"`
		Next    time.Time         `json:"next,omitzero"`
		Why     string            `json:"why,omitzero"`
		Version int64             `json:"-"`
	}

	storedRoute struct {
		Since    time.Time          `json:"since,omitzero"`
		Last     time.Time          `json:"last,omitzero"`
		Words    string             `json:"words,omitzero"`
		Told     int                `json:"told,omitzero"`
		Refusals []delivery.Refusal `json:"refusals,omitempty"`
		Version  int64              `json:"-"`
	}

	storedRota struct {
		Absences []desk.Absence `json:"absences,omitempty"`
		Shares   []desk.Share   `json:"shares,omitempty"`
		Given    []desk.Given   `json:"given,omitempty"`
		Version  int64          `json:"-"`
	}

	storedRollUp struct {
		Day    time.Time `json:"day"`
		Form   int       `json:"form"`
		Events int       `json:"events"`
		Totals []byte    `json:"totals,omitempty"`
		Name   string    `json:"name"`
		Parts  int       `json:"parts"`
	}

	storedRollUpPart struct {
		Data []byte `json:"data"`
	}

	storedIndexed struct {
		Form    int       `json:"form"`
		Day     time.Time `json:"day,omitzero"`
		Done    bool      `json:"done,omitzero"`
		Begun   time.Time `json:"begun,omitzero"`
		Version int64     `json:"-"`
	}

	storedLearned struct {
		State   string    `json:"state"`
		Through time.Time `json:"through,omitzero"`
		Version int64     `json:"-"`
	}

	storedNotified struct {
		Agent   string      `json:"agent"`
		Times   []time.Time `json:"times,omitempty"`
		Shown   []Shown     `json:"shown,omitempty"`
		Listed  []Shown     `json:"listed,omitempty"`
		Offered []string    `json:"offered,omitempty"`
		Version int64       `json:"-"`
	}
)

// pack makes an item of a stored struct.
func pack(kind string, key engine.Key, version int64, stored any) (engine.Item, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // nobody puts this into a page; "<" need not be six bytes
	if err := enc.Encode(stored); err != nil {
		return engine.Item{}, desk.Permanent(fmt.Errorf("storing %s %s: %w", kind, key.Partition, err))
	}
	return engine.Item{Key: key, Version: version, Kind: kind, Schema: schemas[kind], Body: bytes.TrimRight(b.Bytes(), "\n")}, nil
}

// unpack reads an item into a stored struct.
func unpack(kind string, item engine.Item, stored any) error {
	switch {
	case item.Kind != kind:
		return desk.Permanent(fmt.Errorf("the stored item %s/%s is of kind %q, not %q", item.Partition, item.Sort, item.Kind, kind))
	case item.Schema > schemas[kind]:
		// Not permanent: the newer program that wrote it can read it.
		return fmt.Errorf("the stored item %s/%s has schema %d and this program knows %d: deploy the newer program",
			item.Partition, item.Sort, item.Schema, schemas[kind])
	}
	if err := json.Unmarshal(item.Body, stored); err != nil {
		return desk.Permanent(fmt.Errorf("the stored item %s/%s cannot be read: %w", item.Partition, item.Sort, err))
	}
	return nil
}

func toConversation(item engine.Item) (desk.Conversation, error) {
	var s storedConversation
	err := unpack(kindConversation, item, &s)
	s.Version = item.Version
	return desk.Conversation(s), err
}

func toMessage(item engine.Item) (desk.Message, error) {
	var s storedMessage
	err := unpack(kindMessage, item, &s)
	return desk.Message(s), err
}

func toInbound(item engine.Item) (desk.Inbound, error) {
	var s storedInbound
	err := unpack(kindInbound, item, &s)
	s.Version = item.Version
	return desk.Inbound(s), err
}

func toOutbox(item engine.Item) (desk.OutboxItem, error) {
	var s storedOutbox
	err := unpack(kindOutbox, item, &s)
	s.Version = item.Version
	return desk.OutboxItem(s), err
}

func toConfirmation(item engine.Item) (desk.Confirmation, error) {
	var s storedConfirmation
	err := unpack(kindConfirmation, item, &s)
	s.Version = item.Version
	return desk.Confirmation(s), err
}

func toEvent(item engine.Item) (desk.Event, error) {
	var s storedEvent
	err := unpack(kindEvent, item, &s)
	s.Schema = item.Schema
	return desk.Event(s), err
}

func toMessageRef(item engine.Item) (MessageRef, error) {
	var s storedMessageID
	err := unpack(kindMessageID, item, &s)
	return MessageRef(s), err
}

func toContent(item engine.Item) (inbound string, err error) {
	var s storedContent
	err = unpack(kindContent, item, &s)
	return s.Inbound, err
}

func toNotified(item engine.Item) (Notified, error) {
	var s storedNotified
	err := unpack(kindNotified, item, &s)
	s.Version = item.Version
	return Notified(s), err
}

func toBudget(item engine.Item) (Budget, error) {
	var s storedBudget
	err := unpack(kindBudget, item, &s)
	s.Version = item.Version
	return Budget(s), err
}

func toLearned(item engine.Item) (Learned, error) {
	var s storedLearned
	err := unpack(kindLearned, item, &s)
	s.Version = item.Version
	return Learned(s), err
}

type (
	storedCause struct {
		Name   string    `json:"name"`
		Opened time.Time `json:"opened,omitzero"`
		By     string    `json:"by,omitzero"`
		Mended time.Time `json:"mended,omitzero"`
	}

	storedBlock struct {
		Sender       string              `json:"sender"`
		Spam         bool                `json:"spam,omitzero"`
		Unproven     bool                `json:"unproven,omitzero"`
		By           string              `json:"by,omitzero"`
		At           time.Time           `json:"at,omitzero"`
		Conversation desk.ConversationID `json:"conversation,omitzero"`
		Lifted       bool                `json:"lifted,omitzero"`
	}

	storedSame struct {
		Address      string              `json:"address"`
		Others       []string            `json:"others,omitempty"`
		By           string              `json:"by,omitzero"`
		At           time.Time           `json:"at,omitzero"`
		Conversation desk.ConversationID `json:"conversation,omitzero"`
	}

	storedTie struct {
		Cause        string              `json:"cause"`
		Conversation desk.ConversationID `json:"conversation"`
		At           time.Time           `json:"at,omitzero"`
	}
)

func toCause(item engine.Item) (desk.Cause, error) {
	var s storedCause
	err := unpack(kindCause, item, &s)
	return desk.Cause(s), err
}

func toTie(item engine.Item) (desk.Tie, error) {
	var s storedTie
	err := unpack(kindTie, item, &s)
	return desk.Tie(s), err
}

func toRota(item engine.Item) (desk.Rota, error) {
	var r storedRota
	err := unpack(kindRota, item, &r)
	r.Version = item.Version
	return desk.Rota(r), err
}

func toSameAs(item engine.Item) (desk.SameAs, error) {
	var s storedSame
	err := unpack(kindSame, item, &s)
	return desk.SameAs(s), err
}

// othersIn are the other addresses of the person, if they were read.
func othersIn(items map[engine.Key]engine.Item, person string) ([]string, error) {
	item, ok := items[sameKey(person)]
	if !ok || person == "" {
		return nil, nil
	}
	s, err := toSameAs(item)
	return s.Others, err
}

func toBlock(item engine.Item) (desk.Block, error) {
	var s storedBlock
	err := unpack(kindBlock, item, &s)
	return desk.Block(s), err
}

// blocksIn are those of the senders' blocks that were found.
func blocksIn(items map[engine.Key]engine.Item, senders []string) (out []desk.Block, err error) {
	for _, name := range senders {
		if item, ok := items[blockKey(name)]; ok {
			b, err := toBlock(item)
			if err != nil {
				return nil, err
			}
			if !b.Lifted {
				out = append(out, b)
			}
		}
	}
	return out, nil
}
