package inbound_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestAttack04InternalTextStaysInside: demand 4. What is the team's stays with the
// team, though an agent's mail client tries to send it along.
func TestAttack04InternalTextStaysInside(t *testing.T) {
	// refused sends an agent's mail built by make, and expects that nothing
	// reaches the customer and that the agent is told.
	refused := func(build func(b begun) letter) func(*scene) {
		return func(s *scene) {
			b := s.begin()
			in := s.arrive(build(b))
			if in.Outcome != desk.OutcomeRefused {
				s.Errorf("the answer is %q (%s)", in.Outcome, in.Reason)
			}
			if told := s.nothingLeaves(); len(told) != 1 || told[0].To[0] != anna {
				s.Errorf("told are %v", bench.Recipients(told))
			}
		}
	}
	html := func(hidden string) func(*scene) {
		return refused(func(b begun) letter {
			l := answer(anna, b.anna, "")
			l.headers = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
			l.body = "<p>We send you a new one today.</p>" + strings.ReplaceAll(hidden, "ADDRESS", replyTo(b.anna))
			return l
		})
	}
	attached := func(name, kind string, encode func([]byte) string) func(*scene) {
		return refused(func(b begun) letter {
			l := answer(anna, b.anna, "")
			l.headers = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
			l.body = fmt.Sprintf("--b\nContent-Type: text/plain\n\nSee the attached mail.\n--b\nContent-Type: %s\n"+
				"Content-Disposition: attachment; filename=%q\n%s\n--b--", kind, name, encode(b.anna.Raw))
			return l
		})
	}
	plain := func(raw []byte) string { return "\n" + string(raw) }
	encoded := func(raw []byte) string {
		return "Content-Transfer-Encoding: base64\n\n" + wrapped(base64.StdEncoding.EncodeToString(raw))
	}
	utf16 := func(raw []byte) string {
		var wide []byte
		for _, c := range raw {
			wide = append(wide, c, 0)
		}
		return "Content-Transfer-Encoding: base64\n\n" + wrapped(base64.StdEncoding.EncodeToString(wide))
	}
	who, wants := "a customer whose agent's mail client quotes too much", "a reply address or a note of the team"
	stops := "the whole answer is searched for signed addresses, our frame and agents' addresses before it leaves"
	for name, hidden := range map[string]string{
		"a hidden block": "<div style=\"display:none\">ADDRESS</div><!-- ADDRESS -->",
		"white on white": `<span style="color:#fff;font-size:0">ADDRESS</span>`,
	} {
		attacks(t, attack{"reply address in " + name, who, wants, "what is hidden is not sent", func(s *scene) {
			b := s.begin()
			l := answer(anna, b.anna, "")
			l.headers = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
			l.body = "<p>We send you a new one today.</p>" + strings.ReplaceAll(hidden, "ADDRESS", replyTo(b.anna))
			s.arrive(l)
			for _, m := range s.Outside(s.Sent()) {
				if strings.Contains(string(m.Raw), replyTo(b.anna)) || strings.Contains(m.Read.HTML, replyTo(b.anna)) {
					s.Errorf("the hidden address left:\n%s", m.Raw)
				}
			}
		}})
	}
	attacks(t,
		attack{"reply address in a link", who, wants, stops, html(`<a href="mailto:ADDRESS">write to me</a>`)},
		attack{"agent's private address in the text", who, "an agent's own address", stops,
			refused(func(b begun) letter {
				return answer(anna, b.anna, "Write to "+anna+" directly.")
			})},
		attack{"frame broken up by tags", who, wants, "the text that the HTML shows is searched as well",
			html(`<p><b>Why</b> this <i>mail</i> is <span>here:</span> you are an agent</p>`)},
		attack{"address broken up by tags", who, "an agent's own address",
			"the text that the HTML shows is searched as well",
			html(`<p>anna@<b>team</b>.lantern.example</p>`)},
		attack{"our notification as an attached mail", who, wants, "attached files are searched as well",
			attached("Broken lamp.eml", "message/rfc822", plain)},
		attack{"our notification as a file of unknown kind", who, wants,
			"attached files are searched as well, whatever they are called",
			attached("Broken lamp.eml", "application/octet-stream", encoded)},
		attack{"our notification as an Outlook file", who, wants, "attached files are searched in wide characters, too",
			attached("Broken lamp.msg", "application/vnd.ms-outlook", utf16)},
		attack{"what agents see and customers see are two builds", "a customer who reads the source of an answer",
			wants, "no header, address or id of mail to agents stands in mail to customers", func(s *scene) {
				b := s.begin()
				raw := string(s.answered(b).Raw)
				for _, internal := range []string{replyTo(b.anna), replyTo(b.ben), anna, ben, "#send", "team only",
					string(b.first.Conversation) + ".anna"} {
					if strings.Contains(raw, internal) {
						s.Errorf("%q stands in the answer:\n%s", internal, raw)
					}
				}
			}},
	)
}

// wrapped breaks base64 into lines.
func wrapped(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\n")
		s = s[76:]
	}
	return b.String() + s
}

// TestAttack05CommandsAreTheAgentsOwn: demand 5. Commands are the agent's own, from a closed list.
func TestAttack05CommandsAreTheAgentsOwn(t *testing.T) {
	attacks(t,
		attack{"commands in a customer's mail", "a customer", "to close, send or read by writing commands",
			"commands are read in agents' mail alone", func(s *scene) {
				in := s.arrive(letter{from: customer, body: "#close\n#send 1\n#note hello\n#export\n"})
				if c := s.Conversation(in); c.State != desk.StateOpen || c.Messages != 1 {
					s.Errorf("the conversation is %s with %d messages", c.State, c.Messages)
				}
				s.nothingLeaves()
			}},
		attack{"commands that an agent's mail quotes", "a customer who writes a command for the agent to quote",
			"that the agent's reply carries it out", "commands are read in the agent's own text alone", func(s *scene) {
				in := s.arrive(letter{from: customer, subject: "Broken lamp",
					body: "#close\n#send 1\nMy lamp is broken. What do I do?"})
				told := s.Sent()
				s.arrive(answer(anna, s.sentTo(anna, told), "We send you a new one."))
				c := s.Conversation(in)
				if out := s.Outside(s.Sent()); c.State != desk.StateAnswered || len(out) != 1 {
					s.Errorf("the conversation is %s; %d mails left", c.State, len(out))
				}
			}},
		attack{"unknown command", "nobody; it is a slip", "text sent that was meant as an order",
			"an unknown command sends nothing, and the agent is asked", func(s *scene) {
				b := s.begin()
				for _, text := range []string{"#clsoe\nDone.", "#send 99", "#send something", "#erase", "#export all",
					"# sned 1"} {
					s.Pass(time.Minute)
					if in := s.arrive(answer(anna, b.anna, text)); in.Outcome != desk.OutcomeRefused {
						s.Errorf("%q is %q (%s)", text, in.Outcome, in.Reason)
					}
					if told := s.nothingLeaves(); len(told) != 1 {
						s.Errorf("%q caused %d mails to the agent", text, len(told))
					}
				}
			}},
	)
}
