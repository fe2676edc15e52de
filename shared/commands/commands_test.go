package commands_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/commands"
	"github.com/replywell/replywell/shared/desk"
)

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

var lamp, bill, fresh = id("lamp..."), id("bill..."), id("fresh..")

func id(seven string) desk.ConversationID {
	id, err := desk.NewConversationID(strings.NewReader(seven))
	if err != nil {
		panic(err)
	}
	return id
}

func says(n int, kind desk.MessageKind, text string) desk.Message {
	return desk.Message{Conversation: lamp, Sequence: n, Kind: kind, Text: text,
		At: now.Add(time.Duration(n-9) * time.Hour)}
}

// facts is Anna, of the agents anna and ben, answering a mail about Erika's lamp
// that showed two messages of hers.
func facts(change ...func(*commands.Facts)) commands.Facts {
	f := commands.Facts{Now: now, Mail: "m1", Seen: 2, Fresh: fresh, Agent: desk.Agent{ID: "anna", Name: "Anna"}}
	f.Settings = &desk.Settings{Agents: []desk.Agent{
		{ID: "anna", Name: "Anna", Addresses: []string{"anna@team.example"}},
		{ID: "ben", Name: "Ben Cole", PublicName: "Ben", Addresses: []string{"bcole@team.example"}},
		{ID: "bea", Name: "Bea Cole"}, {ID: "sue", Name: "Sue"}},
		Mailboxes: []desk.Mailbox{{ID: "support", Address: "support@shop.example",
			Agents: []string{"anna", "ben", "bea"}}, {ID: "sales", Agents: []string{"ben", "sue"}}}}
	f.Mailbox = f.Settings.Mailboxes[0]
	f.Conversation = desk.Conversation{ID: lamp, Mailbox: "support",
		Customer: desk.Person{Name: "Erika", Address: "erika@home.example"}, State: desk.StateOpen,
		Opened: now.Add(-8 * time.Hour), Messages: 2, CustomerMessages: 2,
		Proposed: []desk.Person{{Name: "Max", Address: "max@home.example"}}}
	f.Messages = []desk.Message{says(1, desk.KindCustomer, "It is broken"), says(2, desk.KindCustomer, "And the bill?")}
	f.All = f.Messages
	f.Half = desk.Conversation{ID: bill, Mailbox: "support", Customer: f.Conversation.Customer,
		Opened: now.Add(-time.Hour), Messages: 1, CustomerMessages: 1}
	f.HalfAll = []desk.Message{{Conversation: bill, Sequence: 1, Kind: desk.KindCustomer, At: now.Add(-time.Hour)}}
	f.Beside = []desk.Conversation{f.Half}
	f.Ready = []commands.Ready{{Article: "returns", Title: "Returns", Text: "Send it back."},
		{Article: "inside", Unsendable: "It is for the team only."}, {Article: "old", Missing: true}}
	for _, c := range change {
		c(&f)
	}
	return f
}

// ordered reads "#add eva@x #close" as orders would.
func ordered(line string) (out []desk.Command, missing string) {
	for _, o := range strings.Split(line, "#")[1:] {
		name, rest, _ := strings.Cut(strings.TrimSpace(o), " ")
		c := desk.Command{Name: name}
		if known, _ := commands.Named(name); known.Read != nil {
			if c.Word, missing = known.Read(rest); missing != "" {
				return nil, missing
			}
		} else if _, err := fmt.Sscanf(rest, "%d", &c.Argument); err != nil {
			c.Word = rest
		}
		out = append(out, c)
	}
	return out, ""
}

// outcome says in one line what a decision comes to.
func outcome(p commands.Plan, err error) string {
	var no *commands.Refusal
	if errors.As(err, &no) {
		return "no: " + no.Rule
	}
	var does []string
	add := func(is bool, what string) {
		if is {
			does = append(does, what)
		}
	}
	add(p.ToCustomer, "answer")
	for _, r := range p.Ready {
		add(true, "ready "+r.Article)
	}
	add(p.Learn, "draft")
	add(p.ToTeam && !p.ForAll, "note")
	add(p.ForAll, "note for all")
	add(p.Close, "close")
	for _, what := range p.Changed {
		switch c := p.Conversation; what {
		case "assign", "take":
			add(true, what+" to "+c.Owner)
		case "tag":
			add(true, "tags "+strings.Join(c.Tags, "+"))
		case "topic":
			add(true, "topic "+c.Topic)
		case "cause":
			add(true, "cause "+c.Tied.Cause)
		case "priority":
			add(true, "priority "+c.Priority)
		}
	}
	for _, x := range p.Tells {
		add(true, "tells "+x.To.ID+": "+x.Did)
	}
	for _, x := range p.Added {
		add(true, "in "+x.Address)
	}
	for _, x := range p.Removed {
		add(true, "out "+x.Address)
	}
	if a := p.Arranged; a != nil {
		add(true, a.Rule+": "+a.Tell.Did)
	}
	if q := p.Ask; q != nil {
		add(true, "asks about "+desk.ConversationID(q.About).Reference())
	}
	if m := p.Fixed; m != nil {
		add(true, fmt.Sprintf("asks to tell %d of %s", len(m.Askers), m.Cause))
	}
	if g := p.Page; g != nil {
		add(true, "page "+g.What)
	}
	return strings.Join(does, ", ")
}

func with(what func(*commands.Facts)) []func(*commands.Facts) {
	return []func(*commands.Facts){what}
}

// TestWhatACommandDecides has a line for each case of each command.
func TestWhatACommandDecides(t *testing.T) {
	conv := func(change func(c *desk.Conversation)) []func(*commands.Facts) {
		return with(func(f *commands.Facts) { change(&f.Conversation) })
	}
	did := func(a desk.Arrangement) []func(*commands.Facts) {
		a.At = now.Add(-time.Hour)
		return conv(func(c *desk.Conversation) { c.Done = append(c.Done, a) })
	}
	ownedBy := func(agent string) []func(*commands.Facts) {
		return conv(func(c *desk.Conversation) { c.Owner = agent })
	}
	known := with(func(f *commands.Facts) {
		f.Causes, f.Text = []desk.Cause{{Name: "hamm"}, {Name: "late-lamps"}}, "They come on Friday."
		f.Asked = []commands.Asker{{}, {Left: "has no address"}}
	})
	lampRef, billRef := lamp.Reference(), bill.Reference()
	for _, x := range []struct {
		orders string
		facts  []func(*commands.Facts)
		want   string
	}{
		{"#answer", nil, "answer"},
		{"#note", nil, "note"},
		{"#note all", nil, "note for all"},
		{"#close", nil, "close"},
		{"#learn", nil, "draft"},
		{"#help", nil, "page help"},
		{"#send 1", nil, "ready returns"},
		{"#send 1 #close", nil, "ready returns, close"},
		{"#send 2", nil, "no: article"},
		{"#send 3", nil, "no: article"},
		{"#send 4", nil, "no: no-such-suggestion"},
		{"#send 1", with(func(f *commands.Facts) { f.Ready = nil }), "no: no-such-suggestion"},
		{"#show 2", nil, "page show"},
		{"#show 3", nil, "no: article"},
		{"#add eva@x.example", nil, "in eva@x.example"},
		{"#add 1", nil, "in max@home.example"},
		{"#add 2", nil, "no: people"},
		{"#add 1", with(func(f *commands.Facts) { f.Messages[0].Proposed = []string{"was@first.example"} }),
			"in was@first.example"},
		{"#add erika@home.example", nil, "no: people"},
		{"#add support@shop.example", nil, "no: people"},
		{"#add anna@team.example", nil, "no: people"},
		{"#add eva@", nil, "no: people"},
		{"#add eva@x.example", conv(func(c *desk.Conversation) {
			c.Participants = make([]desk.Person, desk.MaxParticipants)
		}), "no: people"},
		{"#remove max@home.example", nil, "no: people"},
		{"#remove 1 #add eva@x.example", conv(func(c *desk.Conversation) {
			c.Participants = []desk.Person{{Address: "old@x.example"}}
		}), "in eva@x.example, out old@x.example"},
		{"#assign Ben", nil, "assign to ben, tells ben: gave this to you"},
		{"#assign to @ben, please", nil, "assign to ben, tells ben: gave this to you"},
		{"#assign it to Ben Cole.", nil, "assign to ben, tells ben: gave this to you"},
		{"#assign me", nil, "assign to anna"},
		{"#assign Ben", ownedBy("ben"), "assign to ben"},
		{"#assign Ben", ownedBy("bea"), "assign to ben, tells ben: gave this to you, tells bea: gave this to Ben Cole"},
		{"#assign nobody", ownedBy("bea"), "assign to , tells bea: gave this back to the team"},
		{"#assign bcole@team.example", nil, "assign to ben, tells ben: gave this to you"},
		{"#assign Cole", nil, "no: assign"},
		{"#assign Carl", nil, "no: assign"},
		{"#assign Sue", nil, "no: assign"}, // of another mailbox
		{"#assign", nil, "#assign needs the name of a colleague, like #assign Ben"},
		{"#take", nil, "take to anna"},
		{"#take this one!", ownedBy("ben"), "take to anna, tells ben: took this over"},
		{"#take care of the lamp", nil, "#take stands on a line by itself; put your text below it"},
		{"#priority high", nil, "priority high"},
		{"#priority URGENT!", nil, "priority high"},
		{"#priority normal", conv(func(c *desk.Conversation) { c.Priority = "high" }), "priority "},
		{"#priority soon", nil, "a priority is high, normal or low, like #priority high"},
		{"#topic Returns & refunds.", nil, "topic Returns & refunds"},
		{"#topic none", conv(func(c *desk.Conversation) { c.Topic = "x" }), "topic "},
		{"#topic", nil, "#topic needs a few words, like #topic returns"},
		{"#topic " + strings.Repeat("x", 81), nil, "a topic is a few words; put the rest behind #note on a line of " +
			"its own"},
		{"#tag Refund, lamp", nil, "tags refund+lamp"},
		{"#tag refund #tag lamp", nil, "tags refund+lamp"},
		{"#tag -lamp new", conv(func(c *desk.Conversation) { c.Tags = []string{"lamp", "old"} }), "tags old+new"},
		{"#tag a/b", nil, "a tag is a word of letters and digits, of at most 40; “a/b” is none"},
		{"#tag", nil, "#tag needs a word, like #tag refund"},
		{"#tag new", conv(func(c *desk.Conversation) { c.Tags = make([]string, desk.MaxTags) }), "no: tag"},
		{"#cause Hamm.", known, "cause hamm"},
		{"#cause the dimmer hums", known,
			"cause the-dimmer-hums, tells anna: tied this to a new cause, “the-dimmer-hums”"},
		{"#cause none", conv(func(c *desk.Conversation) { c.Tied.Cause = "hamm" }), "cause "},
		{"#cause", known, "page causes"},
		{"#cause hamn", known, "no: cause-near"},
		{"#cause parcels hamm", known, "no: cause-near"},
		{"#cause new hamn", known, "cause hamn, tells anna: tied this to a new cause, “hamn”"},
		{"#cause paris", known, "cause paris, tells anna: tied this to a new cause, “paris”"},
		{"#cause he is a liar and he calls each day", nil, "a cause has a short name, like #cause hamm; put your " +
			"text on a line below it"},
		{"#fixed hamm", known, "asks to tell 2 of hamm"},
		{"#fixed hamn", known, "no: fixed"},
		{"#fixed paris", known, "no: fixed"},
		{"#fixed", known, "#fixed needs the name of the cause, like #fixed hamm; #cause alone lists them"},
		{"#fixed hamm", with(func(f *commands.Facts) {
			known[0](f)
			f.Asked[0].Left = "was told already"
		}), "no: fixed"},
		{"#fixed hamm", with(func(f *commands.Facts) { known[0](f); f.Text = "" }), "no: fixed"},
		{"#history", nil, "page history"},
		{"#who is this?", nil, "page who"},
		{"#who", conv(func(c *desk.Conversation) { c.Customer = desk.Person{} }), "no: who"},
		{"#assign Ben #priority high #close", nil, "close, assign to ben, priority high, tells ben: gave this to you"},
		{"#split", nil, "split: split this off from [" + lampRef + "]"},
		{"#split", with(func(f *commands.Facts) { f.Seen = 1 }), "no: split-first"},
		{"#split", with(func(f *commands.Facts) { f.All = make([]desk.Message, 1001) }), "no: arrange-large"},
		{"#merge " + billRef, nil, "asks about " + billRef},
		{"#merge " + lampRef, nil, "no: merge-unknown"},
		{"#merge X2X-X2X", nil, "no: merge-unknown"},
		{"#merge 1", nil, "no: merge-unknown"},
		{"#merge 1", with(func(f *commands.Facts) { f.Messages[0].Beside = []desk.ConversationID{bill} }),
			"no: merge-unknown"},
		{"#merge 1", with(func(f *commands.Facts) {
			f.Messages[0].Beside, f.Named = []desk.ConversationID{bill},
				map[desk.ConversationID]desk.Conversation{bill: f.Half}
		}), "asks about " + billRef},
		{"#merge " + billRef, with(func(f *commands.Facts) { f.Beside[0].Customer.Address = "other@x.example" }),
			"no: merge-customers"},
		{"#merge " + billRef, with(func(f *commands.Facts) { f.Beside[0].Mailbox = "sales" }), "no: merge-mailbox"},
		{"#undo", nil, "no: undo-nothing"},
		{"#undo", did(desk.Arrangement{ID: "a", Action: desk.ActionPeople,
			Added: []desk.Person{{Address: "eva@x.example"}}}), "undo-people: took back the last #add or #remove"},
		{"#undo", did(desk.Arrangement{ID: "a", Action: desk.ActionMerge, Other: bill}), "no: undo-order"},
		// the customer answered it
		{"#undo", did(desk.Arrangement{ID: "a", Action: desk.ActionClose}), "no: undo-nothing"},
		{"#undo", conv(func(c *desk.Conversation) {
			c.State, c.Done = desk.StateSolved, []desk.Arrangement{
				{ID: "a", Action: desk.ActionClose, At: now.Add(-time.Hour)}}
		}), "undo-close: opened this conversation again"},
		{"#undo", conv(func(c *desk.Conversation) {
			c.State, c.Done = desk.StateSolved, []desk.Arrangement{
				{ID: "a", Action: desk.ActionClose, At: now.Add(-desk.UndoGood)}}
		}), "no: undo-nothing"},
	} {
		orders, got := ordered(x.orders)
		if got == "" {
			got = outcome(commands.Decide(facts(x.facts...), orders))
		}
		if got != x.want {
			t.Errorf("%s: %s, want %s", x.orders, got, x.want)
		}
	}
}

// TestWhatAYesJoins has a line for each case of what is found when #merge was
// confirmed.
func TestWhatAYesJoins(t *testing.T) {
	joined := "merge: joined [" + bill.Reference() + "]  into this conversation"
	for what, x := range map[string]struct {
		change func(*commands.Facts)
		want   string
	}{
		"the older stays": {func(*commands.Facts) {}, joined},
		"the other is older": {func(f *commands.Facts) {
			f.Conversation, f.Half, f.All, f.HalfAll = f.Half, f.Conversation, f.HalfAll, f.All
		}, joined},
		"they are one by now": {func(f *commands.Facts) { f.Half = f.Conversation }, "no: merge-same"},
		"another customer by now": {func(f *commands.Facts) { f.Half.Customer.Address = "x@y.example" },
			"no: merge-customers"},
		"not the agent's any more": {func(f *commands.Facts) { f.Conversation.Mailbox = "sales" }, "no: merge-mailbox"},
		"too many messages": {func(f *commands.Facts) { f.HalfAll = make([]desk.Message, 1001) },
			"no: arrange-large"},
	} {
		if got := outcome(commands.Join(facts(x.change))); got != x.want {
			t.Errorf("%s: %s, want %s", what, got, x.want)
		}
	}
}

// TestEachCommandIsWhole: whoever adds one says what it is called, what it does,
// and how #help tells it.
func TestEachCommandIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands.All() {
		if c.Name == "" || c.Name != strings.ToLower(c.Name) || seen[c.Name] || len(c.Help) == 0 {
			t.Errorf("#%s has no name of its own, or no line of help", c.Name)
		}
		if c.Decide == nil && c.Name != desk.CommandSendAnyway {
			t.Errorf("#%s decides nothing", c.Name)
		}
		for _, l := range c.Help {
			if !strings.HasPrefix(l.Written, "#"+c.Name) || len(l.Meaning) > 120 || strings.HasSuffix(l.Meaning, ".") {
				t.Errorf("#%s: help says %q: %q", c.Name, l.Written, l.Meaning)
			}
		}
		seen[c.Name] = true
	}
}
