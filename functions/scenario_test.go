package functions

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/replywell/replywell/shared/email"
)

// scenario is testdata/scenario.yaml.
type scenario struct {
	People map[string]*person `yaml:"people"`
	Steps  []step             `yaml:"steps"`
}

type step struct {
	Who     string   `yaml:"who"`
	Write   string   `yaml:"write"`
	Subject string   `yaml:"subject"`
	Text    string   `yaml:"text"`
	Sees    []string `yaml:"sees"`
	Unseen  []string `yaml:"unseen"`
	Reply   string   `yaml:"reply"`
	To      string   `yaml:"to"` // words of the mail that is replied to; "" is the last one
	Bounce  string   `yaml:"bounce"`
	Restart bool     `yaml:"restart"`
	Publish string   `yaml:"publish"` // an article's path; Text is the article
}

// home is one of the two places where the system runs.
type home interface {
	// deliver hands a mail to the system as another mail server does.
	deliver(t *testing.T, from, to string, raw []byte)
	// mailbox gives all mails that an address has received so far.
	mailbox(t *testing.T, address string) []received
	// settle lets the system work until nothing more happens at once.
	settle(t *testing.T)
	// bounce reports a mail as undeliverable.
	bounce(t *testing.T, r received, address, diagnostic string)
	restart(t *testing.T)
	// publish puts an article among the others, and waits until the knowledge base
	// is built anew, with what was learnt so far in use.
	publish(t *testing.T, path, article string)
	// decisions ends the system and reads what it decided.
	decisions(t *testing.T, seen []received) string
}

// received is a mail in somebody's mailbox, as its server keeps it.
type received struct {
	Outbox string // OutboxItem.ID, which no person sees
	Raw    []byte
	Mail   *email.Mail
}

func readScenario(t *testing.T) scenario {
	t.Helper()
	data, err := os.ReadFile("testdata/scenario.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var s scenario
	if err := yaml.UnmarshalWithOptions(data, &s, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	for name, p := range s.People {
		p.id = name
		if p.Mailbox == "" {
			p.Mailbox = p.Address
		}
	}
	return s
}

// within bounds how long a person waits for a mail.
const within = time.Minute

// play plays the scenario in a home and gives the decisions that were taken.
func play(t *testing.T, h home) string {
	s := readScenario(t)
	for i, st := range s.Steps {
		name := fmt.Sprintf("step %d (%s)", i+1, st.Who)
		p := s.People[st.Who]
		switch {
		case st.Restart:
			h.restart(t)
		case st.Publish != "":
			h.publish(t, st.Publish, st.Text)
		case p == nil:
			t.Fatalf("%s: nobody has that name", name)
		case st.Write != "":
			to := st.Write
			if who, ok := strings.CutPrefix(to, "the reply address "); ok {
				to = s.People[strings.TrimSuffix(who, " saw")].last(t).Mail.ReplyTo[0].Address
			}
			h.deliver(t, p.Address, to, p.compose(to, st.Subject, st.Text))
		case st.Reply != "":
			h.deliver(t, p.Address, p.find(t, st.To).Mail.ReplyTo[0].Address,
				p.reply(p.find(t, st.To), p.refer(t, st.Reply)))
		case st.Bounce != "":
			h.bounce(t, p.last(t), p.Mailbox, st.Bounce)
		case st.Sees != nil:
			see(t, h, p, st, name)
		default:
			t.Fatalf("%s does nothing", name)
		}
	}
	h.settle(t)
	var all []received
	for _, p := range []string{"erika", "anna", "ben", "eve"} {
		all = append(all, h.mailbox(t, s.People[p].Mailbox)...)
	}
	return h.decisions(t, all)
}

// see waits until the person's mailbox holds a mail with all of the words that
// the person has not seen before.
func see(t *testing.T, h home, p *person, st step, name string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), within)
	defer stop()
	look := time.NewTicker(50 * time.Millisecond) // another process's mailbox tells nobody
	defer look.Stop()
	for {
		h.settle(t)
		box := h.mailbox(t, p.Mailbox)
		for _, r := range box {
			if p.sees(r, st.Sees) {
				text := r.Mail.Subject + "\n" + r.Mail.Text + "\n" + r.Mail.HTML
				for _, w := range st.Unseen {
					if strings.Contains(text, w) {
						t.Errorf("%s: the mail holds %q:\n%s", name, w, text)
					}
				}
				return
			}
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			var have strings.Builder
			for _, r := range box {
				fmt.Fprintf(&have, "--- %s\n%s\n", r.Mail.Subject, r.Mail.Text)
			}
			t.Fatalf("%s: no new mail with %q in the mailbox of %d mails:\n%s", name, st.Sees, len(box), have.String())
		}
	}
}
