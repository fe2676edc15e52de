package functions

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/bench/cost"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email"
	"github.com/replywell/replywell/shared/golden"
	"github.com/replywell/replywell/shared/store"
	"github.com/replywell/replywell/shared/store/engine"
	"github.com/replywell/replywell/shared/wiring"
)

// heated is an engine that counts the write units of each partition, of the table and of
// both indexes: an entry that moves or stays is written at both ends.
type heated struct {
	engine.Engine
	mu    sync.Mutex
	units [3]map[string]float64
}

func (h *heated) Write(ctx context.Context, writes ...engine.Write) error {
	var keys []engine.Key
	for _, w := range writes {
		keys = append(keys, w.Item.Key)
	}
	olds, err := h.Engine.Get(ctx, keys...)
	if err != nil {
		return err
	}
	if err := h.Engine.Write(ctx, writes...); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	factor := float64(min(len(writes), 2))
	for i, w := range writes {
		units := math.Ceil(float64(len(w.Item.Body)+len(w.Item.Partition)+len(w.Item.Sort)+100) / 1024)
		h.units[0][w.Item.Partition] += factor * units
		for n := range w.Item.Index {
			for _, k := range []engine.Key{olds[i].Index[n], w.Item.Index[n]} {
				if k != (engine.Key{}) {
					h.units[n+1][k.Partition] += units
				}
			}
		}
	}
	return nil
}

// hottest gives the hottest partition of each kind, in a morning where all are told of all
// and in one where conversations are shared out.
func hottest(t *testing.T) []cost.Heat {
	out := morning(t, false)
	for _, h := range morning(t, true) {
		if i := slices.IndexFunc(out, func(x cost.Heat) bool { return x.Kind == h.Kind }); i < 0 {
			out = append(out, h)
		} else {
			out[i].Units = max(out[i].Units, h.Units)
		}
	}
	return out
}

// morning simulates one, with what the schedules do each minute.
func morning(t *testing.T, share bool) (out []cost.Heat) {
	const mails = 240
	w := bench.New(t)
	w.At(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
	w.Settings = &desk.Settings{Notifications: desk.NotificationPolicy{Most: 1000, Window: 10 * time.Minute}}
	for i := range 4 {
		box := desk.Mailbox{ID: fmt.Sprint("box", i), Address: fmt.Sprintf("box%d@shop.example", i), Name: "Shop",
			Share: share, ReplyBase: fmt.Sprintf("box%d@shop.example", i)}
		for j := range 2 {
			id := fmt.Sprintf("agent%d%d", i, j)
			box.Agents = append(box.Agents, id)
			w.Settings.Agents = append(w.Settings.Agents, desk.Agent{ID: id, Name: id,
				Addresses: []string{id + "@team.example"}})
		}
		w.Settings.Mailboxes = append(w.Settings.Mailboxes, box)
	}
	h := &heated{Engine: w.Engine.Engine}
	for i := range h.units {
		h.units[i] = map[string]float64{}
	}
	w.Engine.Engine = h
	carrier := &tells{}
	home := w.Home()
	home.Store = store.New(w.Engine, w.Now)
	mail := wiring.Receiving(home, func(context.Context) (offered, error) { return 0, nil }, nil, nil)
	p := &bench.Path{World: w, Inbound: mail.Inbound, Send: wiring.Sending(home, carrier, nil)}
	schedule := wiring.Schedule(home)
	for i := range mails {
		w.Pass(time.Second)
		if i%60 == 59 {
			if _, err := schedule.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		p.Arrive(bench.Arrival{From: fmt.Sprintf("c%d@customers.example", i), Verdicts: bench.Trusted,
			To: []string{fmt.Sprintf("box%d@shop.example", i%4)}, Raw: fmt.Sprintf("From: c%d@customers.example\nTo: "+
				"box%d@shop.example\nSubject: The pump %d\nMessage-ID: <m%d@x.example>\n\n%s\n", i, i%4, i, i,
				strings.Repeat(fmt.Sprintf("Pump %d leaks again. ", i), 60))})
		if err := p.Send.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		agent := fmt.Sprintf("agent%d%d@team.example", i%4, i/4%2)
		if n := carrier.last(agent); i%3 == 0 && n >= 0 {
			to := email.Read(carrier.mails[n].Raw, "").ReplyTo[0].Address
			raw := fmt.Sprintf("From: %s\nTo: %s\nSubject: Re: The pump\nMessage-ID: <a%d@team.example>\n\nTighten "+
				"ring number %d by hand.\n", agent, to, i, i)
			p.Arrive(bench.Arrival{From: agent, To: []string{to}, Verdicts: bench.Trusted, Raw: raw})
			if err := p.Send.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for index, partitions := range h.units {
		most := map[string]float64{}
		for partition, units := range partitions {
			kind, rest, _ := strings.Cut(partition, "#")
			if kind == "lane" {
				kind += " of " + strings.ReplaceAll(strings.SplitN(rest, ":", 2)[0], "agent", "an agent")
			}
			kind += []string{"", " (gsi1)", " (gsi2)"}[index]
			most[kind] = max(most[kind], units)
		}
		for kind, units := range most {
			out = append(out, cost.Heat{Kind: kind, Units: math.Round(1000*units/mails) / 1000})
		}
	}
	return out
}

// last is the newest mail to somebody, -1 where there is none.
func (c *tells) last(to string) int {
	for i := len(c.mails) - 1; i >= 0; i-- {
		if c.mails[i].To[0] == to {
			return i
		}
	}
	return -1
}

// heat is what is recorded of the partitions. Which shard is the hottest is chance, so
// what is simulated now must be near it, and is not the same.
func heat(t *testing.T) (recorded []cost.Heat) {
	const file = "testdata/heat.json"
	now := hottest(t)
	if *golden.Update {
		data, err := json.MarshalIndent(now, "", "  ")
		if err == nil {
			err = os.WriteFile(file, append(data, '\n'), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(data, &recorded)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range now {
		i := slices.IndexFunc(recorded, func(x cost.Heat) bool { return x.Kind == h.Kind })
		if i < 0 {
			t.Errorf("a kind of partition that is not recorded: %s. \"make cost\" records it", h.Kind)
		} else if h.Units > 1.5*recorded[i].Units+0.02 {
			t.Errorf("the hottest partition of %s takes %v units a mail, recorded are %v", h.Kind, h.Units,
				recorded[i].Units)
		}
	}
	return recorded
}
