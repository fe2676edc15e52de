package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/store/engine"

	"github.com/replywell/replywell/shared/golden"
)

// fill sets every field to a value of its own, down to the last one, so that a
// field that is not stored is missed.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("text <%d>", *n))
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Float64:
		v.SetFloat(float64(*n) / 8)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, *n%60, *n*1001, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("fill what? " + v.Type().String())
	}
}

func full[T any]() T {
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

// form is how one kind is stored and read.
type form struct {
	kind   string
	value  any // with every field set
	stored any
	read   func(engine.Item) (any, error)
}

func reader[T any](to func(engine.Item) (T, error)) func(engine.Item) (any, error) {
	return func(item engine.Item) (any, error) { return to(item) }
}

func forms() []form {
	conv, msg, in, out := full[desk.Conversation](), full[desk.Message](), full[desk.Inbound](), full[desk.OutboxItem]()
	event, ref, notified, budget := full[desk.Event](), full[MessageRef](), full[Notified](), full[Budget]()
	conf := full[desk.Confirmation]()
	conf.Version = 7
	conv.Version, in.Version, out.Version, notified.Version, budget.Version = 7, 7, 7, 7, 7
	event.Schema = desk.EventSchema
	learned := Learned{State: `{"form":2}`, Through: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), Version: 7}
	route := full[Route]()
	route.Version = 7
	posting := full[desk.Posting]()
	posting.Version = 7
	rota := full[desk.Rota]()
	rota.Version = 7
	indexed := full[Indexed]()
	indexed.Version = 7
	welcomed := Welcomed{Agents: map[string]time.Time{"anna": learned.Through}, Version: 7}
	lanes := AgentLanes{Agents: []AgentLane{{ID: "anna"}, {ID: "ben", Left: learned.Through}}, Version: 7}
	return []form{
		{kindConversation, conv, storedConversation(conv), reader(toConversation)},
		{kindMessage, msg, storedMessage(msg), reader(toMessage)},
		{kindInbound, in, storedInbound(in), reader(toInbound)},
		{kindOutbox, out, storedOutbox(out), reader(toOutbox)},
		{kindEvent, event, storedEvent(event), reader(toEvent)},
		{kindConfirmation, conf, storedConfirmation(conf), reader(toConfirmation)},
		{kindMessageID, ref, storedMessageID(ref), reader(toMessageRef)},
		{kindNotified, notified, storedNotified(notified), reader(toNotified)},
		{kindWelcomed, welcomed, storedWelcomed(welcomed), reader(toWelcomed)},
		{kindAgentLanes, lanes, storedAgentLanes(lanes), reader(toAgentLanes)},
		{kindRoute, route, storedRoute(route), reader(toRoute)},
		{kindPosting, posting, storedPosting(posting), reader(toPosting)},
		{kindRota, rota, storedRota(rota), reader(toRota)},
		{kindIndexed, indexed, storedIndexed(indexed), reader(toIndexed)},
		{kindCause, full[desk.Cause](), storedCause(full[desk.Cause]()), reader(toCause)},
		{kindSame, full[desk.SameAs](), storedSame(full[desk.SameAs]()), reader(toSameAs)},
		{kindBlock, full[desk.Block](), storedBlock(full[desk.Block]()), reader(toBlock)},
		{kindTie, full[desk.Tie](), storedTie(full[desk.Tie]()), reader(toTie)},
		{kindBudget, budget, storedBudget(budget), reader(toBudget)},
		{kindRollUp, full[storedRollUp](), full[storedRollUp](), reader(toRollUp)},
		{kindRollUpPart, full[storedRollUpPart](), full[storedRollUpPart](), reader(toRollUpPart)},
		{kindLearned, learned, storedLearned(learned), reader(toLearned)},
		{kindContent, "mail/1", storedContent{Inbound: "mail/1"}, reader(toContent)},
	}
}

// What is stored today reads as the golden files say, to the letter, and what
// they say is read with every field in its place. A field that is merely new may
// go into the golden file by -update. Any other difference means that data which
// stands in somebody's table would be lost: count the schema up and read both forms.
func TestStoredForms(t *testing.T) {
	for _, f := range forms() {
		t.Run(f.kind, func(t *testing.T) {
			item, err := pack(f.kind, engine.Key{Partition: "p", Sort: "s"}, 7, f.stored)
			if err != nil {
				t.Fatal(err)
			}
			var pretty bytes.Buffer
			if err := json.Indent(&pretty, item.Body, "", "  "); err != nil {
				t.Fatal(err)
			}
			pretty.WriteByte('\n')
			golden.File(t, filepath.Join("testdata", "stored", fmt.Sprintf("%s.v%d.json", f.kind, item.Schema)),
				pretty.String())
			item.Body = pretty.Bytes()
			got, err := f.read(item)
			if err != nil || !reflect.DeepEqual(got, f.value) {
				t.Errorf("the golden file is read as\n%+v, %v; want\n%+v", got, err, f.value)
			}
		})
	}
}

// Every golden file belongs to a kind, so none is forgotten when a schema moves on.
func TestEveryGoldenFileIsRead(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "stored", "*.json"))
	if err != nil || len(files) < len(schemas) {
		t.Fatalf("%d golden files, %v", len(files), err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		kind, version, _ := strings.Cut(strings.TrimSuffix(name, ".json"), ".v")
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var schema int
		if _, err := fmt.Sscan(version, &schema); err != nil || schema > schemas[kind] {
			t.Errorf("%s is of no schema we know (%v)", name, err)
			continue
		}
		for _, f := range forms() {
			if f.kind != kind {
				continue
			}
			if _, err := f.read(engine.Item{Key: engine.Key{Partition: "p", Sort: "s"}, Kind: kind, Schema: schema,
				Body: body}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestUnreadableItems(t *testing.T) {
	ok := engine.Item{Key: engine.Key{Partition: "conversation#x", Sort: "head"}, Kind: kindConversation, Schema: 1,
		Body: []byte(`{}`)}
	newer, other, broken := ok, ok, ok
	newer.Schema, other.Kind, broken.Body = 2, kindMessage, []byte(`{"id":`)
	for _, c := range []struct {
		item      engine.Item
		permanent bool
	}{{newer, false}, {other, true}, {broken, true}} {
		_, err := toConversation(c.item)
		if err == nil || desk.IsPermanent(err) != c.permanent || !strings.Contains(err.Error(), "conversation#x") {
			t.Errorf("%+v: %v (permanent: %v)", c.item, err, desk.IsPermanent(err))
		}
	}
	if _, err := toConversation(ok); err != nil {
		t.Error(err)
	}
}

// A time that JSON cannot express is said, and not stored by half.
func TestUnstorableValue(t *testing.T) {
	_, err := pack(kindConversation, engine.Key{Partition: "p", Sort: "s"}, 1,
		storedConversation{Opened: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if !desk.IsPermanent(err) {
		t.Errorf("error %v", err)
	}
}
