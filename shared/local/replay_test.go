package local

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/local/verify"
)

// provider signs as a provider of mail does (h= of its signatures, as its mail shows it).
type provider struct {
	name    string
	signs   string // the fields
	domain  string // d=, below or beside the agent's domain; "" is the agent's own
	also    string // a second signature's domain, of the provider's own
	content string // Content-Type
}

const alternative = "multipart/alternative; boundary=\"b\""

var providers = []provider{
	{"Gmail", "MIME-Version:References:In-Reply-To:From:Date:Message-ID:Subject:To", "", "", alternative},
	{"Microsoft 365", "From:Date:Subject:Message-ID:Content-Type:MIME-Version:X-MS-Exchange-SenderADCheck", "", "",
		alternative},
	{"Outlook.com", "From:Date:Subject:Message-ID:Content-Type:MIME-Version:X-MS-Exchange-SenderADCheck", "", "",
		alternative},
	{"iCloud", "From:Content-Type:Mime-Version:Subject:Date:Message-Id:To", "", "", "text/plain; charset=utf-8"},
	{"Yahoo", "Date:From:Subject:To:References:Subject:References:From:Subject:Reply-To", "", "", alternative},
	{"Postfix with OpenDKIM", "Date:From:To:Subject:From", "", "", "text/plain; charset=utf-8"},
	{"a sending service", "From:To:Subject:Date:Message-ID:MIME-Version:Content-Type", "mail.", "service.example",
		alternative},
}

var agentsKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, ed25519.SeedSize))

// zoneOf is the DNS of the agent's provider and of a stranger who does all right.
func zoneOf(domain string) records {
	key := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(agentsKey.Public().(ed25519.PublicKey))
	return records{"s._domainkey." + domain: key, "s._domainkey.mail." + domain: key,
		"s._domainkey.service.example": key, "s._domainkey.evil.example": key,
		"_dmarc." + domain: "v=DMARC1; p=reject", domain: "v=spf1 ip4:192.0.2.0/24 -all",
		"_dmarc.evil.example": "v=DMARC1; p=none", "evil.example": "v=spf1 ip4:198.51.100.0/24 -all"}
}

func (p provider) mail(t *testing.T, to, subject, text string) string {
	t.Helper()
	head := "From: Anna Winter <" + annas + ">\r\nTo: " + to + "\r\nSubject: " + subject +
		"\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\nMessage-ID: <" + strings.ReplaceAll(p.name, " ", "-") + "-" +
		strings.ReplaceAll(subject, " ", "-") + "@team.lantern.example>\r\nMIME-Version: 1.0\r\nContent-Type: " +
		p.content + "\r\n\r\n"
	body := text + "\r\n"
	if p.content == alternative {
		body = "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text +
			"\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>" + text + "</p>\r\n--b--\r\n"
	}
	mail := head + body
	sign := func(domain, names string) {
		var out bytes.Buffer
		if err := dkim.Sign(&out, strings.NewReader(mail),
			&dkim.SignOptions{Domain: domain, Selector: "s", Signer: agentsKey, Hash: crypto.SHA256,
				HeaderCanonicalization: dkim.CanonicalizationRelaxed,
				BodyCanonicalization:   dkim.CanonicalizationRelaxed,
				HeaderKeys:             strings.Split(names, ":")}); err != nil {
			t.Fatal(err)
		}
		mail = out.String()
	}
	sign(p.domain+"team.lantern.example", p.signs)
	if p.also != "" {
		sign(p.also, "From:Subject")
	}
	return mail
}

const annas = "anna@team.lantern.example"

// way is how mail reaches us: where its client stands, and who tells of it.
type way struct {
	name    string
	verdict func(t *testing.T, w *smtpWorld, from, client, raw string) desk.Verdicts
}

// ways are the three: AWS, one box behind a team's own Postfix by the recipe, and one box as the MX.
var ways = []way{
	// SES says its verdicts, and not which signature passed
	{"on AWS", func(t *testing.T, _ *smtpWorld, from, client, raw string) desk.Verdicts {
		r, err := verify.Verifier{DNS: zoneOf("team.lantern.example")}.Verify(t.Context(),
			verify.Mail{MailFrom: from, Client: net.ParseIP(client), Raw: strings.NewReader(raw)})
		if err != nil {
			t.Fatal(err)
		}
		r.Verdicts.Proof, r.Verdicts.Spam, r.Verdicts.Virus = "", desk.VerdictPass, desk.VerdictPass
		return r.Verdicts
	}},
	{"behind Postfix", func(t *testing.T, w *smtpWorld, from, client, raw string) desk.Verdicts {
		return w.bySMTP(t, from, raw, Options{DNS: zoneOf("team.lantern.example")},
			step{"XFORWARD ADDR=" + client + " HELO=out.example", "250"})
	}},
	{"behind Exim", func(t *testing.T, w *smtpWorld, from, client, raw string) desk.Verdicts {
		result := "fail"
		if strings.HasPrefix(client, "192.0.2.") && strings.HasSuffix(from, "@team.lantern.example") ||
			strings.HasSuffix(from, "@evil.example") {
			result = "pass"
		}
		return w.bySMTP(t, from, "Authentication-Results: mx.lantern.example; spf="+result+" smtp.mailfrom="+from+
			"\r\n"+raw, Options{DNS: zoneOf("team.lantern.example")})
	}},
	{"as the MX", func(t *testing.T, w *smtpWorld, from, client, raw string) desk.Verdicts {
		return w.bySMTP(t, from, raw, Options{DNS: zoneOf("team.lantern.example"), MX: true},
			step{"REMOTE " + client, ""})
	}},
}

// bySMTP hands a mail in over the socket and judges it as the system does.
func (w *smtpWorld) bySMTP(t *testing.T, from, raw string, o Options, more ...step) desk.Verdicts {
	t.Helper()
	remote := ""
	steps := []step{{"", "220"}, {"EHLO out.example", "250"}}
	for _, s := range more {
		if client, ok := strings.CutPrefix(s.send, "REMOTE "); ok {
			remote = client // a client at an address that this machine does not have
			continue
		}
		steps = append(steps, s)
	}
	n := len(w.kept)
	dialogue(t, w.address, append(steps, step{"MAIL FROM:<" + from + ">", "250"},
		step{"RCPT TO:<support@shop.example>", "250"}, step{"DATA", "354"},
		step{strings.ReplaceAll(raw, "\r\n.", "\r\n..") + ".\r\n\x00", "250"}, step{"QUIT", "221"})...)
	e, _ := w.mail(t, n)
	e.Verdicts = verify.Disabled()
	settings := testSettings()
	settings.TrustLoopback = false
	if remote == "" {
		settings.Servers = desk.MailServers{Addresses: thisMachine, ResultsBy: "mx.lantern.example"}
	} else {
		e.Remote = remote
	}
	o.Log, o.Settings = quiet, settings
	s := &System{folder: w.folder, options: o}
	if err := s.judge(t.Context(), &e); err != nil {
		t.Fatal(err)
	}
	return e.Verdicts
}

// annaIsTold begins a conversation that Anna was told of, and the address of hers.
func annaIsTold(t *testing.T) (p *bench.Path, reply string) {
	t.Helper()
	p = bench.NewPath(t)
	p.Arrive(bench.Arrival{From: "erika@customers.example", To: []string{"support@lantern.example"},
		Verdicts: bench.Trusted,
		Raw: "From: Erika <erika@customers.example>\nTo: support@lantern.example\nSubject: Lamp\nMessage-ID: " +
			"<1@customers.example>\n\nIt flickers.\n"})
	for _, m := range p.Sent() {
		if m.To[0] == annas {
			return p, m.Read.ReplyTo[0].Address
		}
	}
	t.Fatal("Anna was not told")
	return nil, ""
}

// Six providers' ordinary replies, and a sending service's, are carried out in each home without a question.
func TestOrdinaryRepliesAreNotAskedAbout(t *testing.T) {
	for _, way := range ways {
		for _, pr := range providers {
			t.Run(way.name+"/"+pr.name, func(t *testing.T) {
				p, reply := annaIsTold(t)
				raw := pr.mail(t, "Lantern <"+reply+">", "Re: Lamp", "Please tighten the ring of the lamp.")
				w := startSMTP(t, func(l *boundedListener) { l.own = loopbackIsOurs })
				v := way.verdict(t, w, annas, "192.0.2.7", raw)
				if in := p.Arrive(bench.Arrival{From: annas, To: []string{reply}, Verdicts: v,
					Raw: raw}); in.Outcome != desk.OutcomeAgent {
					t.Fatalf("it is %s: %s (%+v)", in.Outcome, in.Reason, v)
				}
				if out := p.Outside(p.Sent()); len(out) != 1 || out[0].To[0] != "erika@customers.example" {
					t.Errorf("the customer has %d mails", len(out))
				}
			})
		}
	}
}

// TestAttack14ASignedMailHandedInAgain: demand 14. Whoever reads a public list takes a signed mail
// of Anna's from it and hands it in again, from a server of
// his own, to a reply address of hers: her words to the list are to go to a customer. As it is, and
// with white space changed.
func TestAttack14ASignedMailHandedInAgain(t *testing.T) {
	for _, way := range ways {
		for _, pr := range providers {
			t.Run(way.name+"/"+pr.name, func(t *testing.T) {
				p, reply := annaIsTold(t)
				whole := pr.mail(t, "Everybody <list@lists.example>", "Our prices", "We  pay 500 for any old lamp.")
				for n, raw := range []string{whole, strings.Replace(whole, "We  pay 500", "We pay\t 500", 1), "To: " +
					reply + "\r\n" + whole, "Cc: " + reply + "\r\n" + whole} {
					w := startSMTP(t, func(l *boundedListener) { l.own = loopbackIsOurs })
					v := way.verdict(t, w, "mallory@evil.example", "198.51.100.66", raw)
					if !v.Authenticated() && n < 2 {
						t.Fatalf("the attack is none: %+v", v)
					}
					in := p.Arrive(bench.Arrival{From: "mallory@evil.example", To: []string{reply}, Verdicts: v,
						Raw: raw})
					sent := p.Sent()
					if in.Outcome != desk.OutcomeHeld || len(p.Outside(sent)) > 0 {
						t.Errorf("mail %d is %s: %s (%+v)", n, in.Outcome, in.Reason, v)
					}
					if len(sent) != 1 || sent[0].To[0] != annas || !strings.Contains(sent[0].Read.Text, "#release") {
						t.Errorf("mail %d: Anna is not asked: %v", n, bench.Recipients(sent))
					}
				}
			})
		}
	}
	t.Run("a mail that was carried out, with white space changed", func(t *testing.T) {
		p, reply := annaIsTold(t)
		pr := provider{"Postfix", "From:To:Subject:Date:Message-ID:Content-Type", "", "", "text/plain"}
		whole := pr.mail(t, reply, "Re: Lamp", "Please tighten  the ring of the lamp.")
		w := startSMTP(t, func(l *boundedListener) { l.own = loopbackIsOurs })
		in := p.Arrive(bench.Arrival{From: annas, To: []string{reply},
			Verdicts: ways[0].verdict(t, w, annas, "192.0.2.7", whole), Raw: whole})
		if in.Outcome != desk.OutcomeAgent {
			t.Fatal(in.Outcome, in.Reason)
		}
		p.Sent()
		for days := range 6 {
			p.Pass(29 * 24 * time.Hour)
			again := strings.Replace(whole, "tighten  the", "tighten"+strings.Repeat(" ", days+3)+"the", 1)
			v := ways[0].verdict(t, w, "mallory@evil.example", "198.51.100.66", again)
			if in := p.Arrive(bench.Arrival{From: "mallory@evil.example", To: []string{reply}, Verdicts: v,
				Raw: again}); in.Outcome != desk.OutcomeDuplicate || len(p.Outside(p.Sent())) > 0 {
				t.Errorf("after %d days it is %s: %s", 29*(days+1), in.Outcome, in.Reason)
			}
		}
	})
}

// TestAttack14ACarriedOutMailWithAnotherMessageID: many providers sign no Message-ID. Whoever has
// an answer that Anna gave hands it in again under another id, or
// under none, and with other fields that nothing covers: the customer is to get it twice, or a
// conversation to be closed again.
func TestAttack14ACarriedOutMailWithAnotherMessageID(t *testing.T) {
	for _, way := range ways {
		for _, pr := range providers {
			t.Run(way.name+"/"+pr.name, func(t *testing.T) {
				p, reply := annaIsTold(t)
				whole := pr.mail(t, reply, "Re: Lamp", "Please tighten  the ring of the lamp.")
				w := startSMTP(t, func(l *boundedListener) { l.own = loopbackIsOurs })
				in := p.Arrive(bench.Arrival{From: annas, To: []string{reply},
					Verdicts: way.verdict(t, w, annas, "192.0.2.7", whole), Raw: whole})
				if in.Outcome != desk.OutcomeAgent {
					t.Fatal(in.Outcome, in.Reason)
				}
				p.Sent()
				id := "Message-ID: <"
				for name, again := range map[string]string{
					"another id": strings.Replace(whole, id, id+"x", 1),
					"no id":      strings.Replace(whole, id, "X-"+id, 1),
					"another, and encoding": "Content-Transfer-Encoding: quoted-printable\r\n" +
						strings.Replace(whole, id, id+"y", 1),
					"another, and blanks": strings.Replace(strings.Replace(whole, id, id+"z", 1), "tighten  the",
						"tighten   the", 1),
					"another, resent": "Resent-From: mallory@evil.example\r\nResent-To: " + reply + "\r\n" +
						strings.Replace(whole, id, id+"r", 1),
					"another, by a list": "List-Id: <l.lists.example>\r\nSender: l@lists.example\r\n" +
						strings.Replace(whole, id, id+"l", 1),
					"another, and ARC": "ARC-Authentication-Results: i=1; mx.lantern.example; spf=pass " +
						"smtp.mailfrom=" + annas + "\r\n" + strings.Replace(whole, id, id+"a", 1),
					"another, and results": "Authentication-Results: other.example; spf=pass smtp.mailfrom=" + annas +
						"; dmarc=pass\r\n" + strings.Replace(whole, id, id+"b", 1),
				} {
					v := way.verdict(t, w, "mallory@evil.example", "198.51.100.66", again)
					in := p.Arrive(bench.Arrival{From: "mallory@evil.example", To: []string{reply}, Verdicts: v,
						Raw: again})
					if out := p.Outside(p.Sent()); in.Outcome != desk.OutcomeDuplicate &&
						in.Outcome != desk.OutcomeHeld || len(out) > 0 {
						t.Errorf("%s: it is %s, %s; %d mails left (%+v)", name, in.Outcome, in.Reason, len(out), v)
					}
				}
			})
		}
	}
}

var thisMachine = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func loopbackIsOurs(ip net.IP) bool { return ip.IsLoopback() }
