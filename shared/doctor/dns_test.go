package doctor

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
)

// zone is a DNS of TXT and MX records by full names.
type zone struct {
	txt map[string]string // several records of a name with "|" between them
	mx  map[string]string // hosts in the order of their preference
	err error
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if z.err != nil {
		return nil, z.err
	}
	if v, ok := z.txt[name]; ok {
		return strings.Split(v, "|"), nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupMX(_ context.Context, name string) (out []*net.MX, err error) {
	if z.err != nil {
		return nil, z.err
	}
	for i, h := range strings.Fields(z.mx[name]) {
		out = append(out, &net.MX{Host: h, Pref: uint16(10 * i)})
	}
	return out, nil
}

// What DNS says of a domain, and what is made of it.
func TestWhatDNSSays(t *testing.T) {
	kim := desk.Agent{ID: "kim", Name: "Kim", Addresses: []string{"kim@mail.team.example"}}
	spf := kim
	spf.VouchedBy = desk.VouchedBySPF
	dkim := func(d DNS, r *Report) {
		d.DKIM(t.Context(), r, "x.example", []string{"s"}, func(s string) string { return s + " CNAME y" })
	}
	spfOf := func(sender string) func(DNS, *Report) {
		return func(d DNS, r *Report) { d.SPF(t.Context(), r, "x.example", sender, "it") }
	}
	dmarc := func(d DNS, r *Report) { d.DMARC(t.Context(), r, "x.example") }
	agents := func(a ...desk.Agent) func(DNS, *Report) {
		return func(d DNS, r *Report) { d.Agents(t.Context(), r, a) }
	}
	mx := func(host string, forwarded bool) func(DNS, *Report) {
		return func(d DNS, r *Report) { d.MX(t.Context(), r, "x.example", host, forwarded) }
	}
	txt := func(pairs ...string) zone {
		z := zone{txt: map[string]string{}}
		for i := 0; i < len(pairs); i += 2 {
			z.txt[pairs[i]+"."] = pairs[i+1]
		}
		return z
	}
	for name, c := range map[string]struct {
		zone  zone
		look  func(DNS, *Report)
		state State
		says  string
	}{
		"a key": {txt("s._domainkey.x.example", "v=DKIM1; k=rsa; p=MIIB"), dkim, Good,
			"in the DNS"},
		"a key in two words": {txt("s._domainkey.x.example", "p=MIIB"), dkim, Good, "in the DNS"},
		"a revoked key": {txt("s._domainkey.x.example", "v=DKIM1; p="), dkim, Bad,
			"s._domainkey.x.example"},
		"no key": {txt(), dkim, Bad, "1 of 1 keys"},
		"SPF": {txt("x.example", "v=spf1 include:ses.example ~all"),
			spfOf("include:ses.example"), Good, "v=spf1"},
		"SPF in capitals": {txt("x.example", "V=SPF1 INCLUDE:SES.EXAMPLE -ALL"),
			spfOf("include:ses.example"), Good, "v=spf1"},
		"SPF with a plus": {txt("x.example", "v=spf1 +include:ses.example -all"),
			spfOf("include:ses.example"), Good, "v=spf1"},
		"SPF that takes any": {txt("x.example", "v=spf1 mx -all"), spfOf(""), Good, "v=spf1"},
		"SPF of another": {txt("x.example", "v=spf1 mx ~all"), spfOf("include:ses.example"), Warning,
			"softfail"},
		"SPF that refuses": {txt("x.example", "v=spf1 mx -all"), spfOf("include:ses.example"), Bad,
			"gets fail"},
		"SPF that is undecided": {txt("x.example", "v=spf1 mx ?all"), spfOf("include:ses.example"), Warning,
			"neutral"},
		"SPF that excludes it": {txt("x.example", "v=spf1 -include:ses.example ~all"),
			spfOf("include:ses.example"), Warning, "does not name"},
		"SPF twice": {txt("x.example", "v=spf1 mx -all|v=spf1 a -all"), spfOf(""), Bad,
			"2 records"},
		"another text": {txt("x.example", "google-site-verification=v=spf1"), spfOf(""), Warning,
			"no record"},
		"DMARC":    {txt("_dmarc.x.example", "v=DMARC1; p=none"), dmarc, Good, "p=none"},
		"no DMARC": {txt("_dmarc.x.example", "v=spf1 -all"), dmarc, Warning, "no record"},
		"an agents' domain": {txt("_dmarc.mail.team.example", "v=DMARC1;p=none"), agents(kim), Good,
			"p=none"},
		"its organisation's": {txt("_dmarc.team.example", "v=DMARC1; p=reject"), agents(kim), Good,
			"from team.example"},
		"a public suffix's is nobody's": {txt("_dmarc.example", "v=DMARC1; p=reject"), agents(kim), Bad,
			"no DMARC record"},
		"without":                   {txt(), agents(kim), Bad, "no DMARC record"},
		"vouched by SPF":            {txt(), agents(spf), Good, "SPF vouch for Kim"},
		"one of two vouched by SPF": {txt(), agents(spf, kim), Bad, "no DMARC record"},
		"MX": {zone{mx: map[string]string{"x.example.": "in.ses.example."}},
			mx("in.ses.example", false), Good, "in.ses.example"},
		"MX in capitals": {zone{mx: map[string]string{"x.example.": "IN.SES.example."}},
			mx("in.ses.example", false), Good, "in.ses.example"},
		"MX of anybody": {zone{mx: map[string]string{"x.example.": "a.example."}}, mx("", false), Good,
			"a.example"},
		"no MX": {zone{}, mx("in.ses.example", false), Bad, "no record"},
		"MX elsewhere": {zone{mx: map[string]string{"x.example.": "a.example."}},
			mx("in.ses.example", false), Bad, "goes to a.example"},
		"MX elsewhere, forwarded": {zone{mx: map[string]string{"x.example.": "a.example."}},
			mx("in.ses.example", true), Warning, "goes to a.example"},
		"MX in the second place": {zone{mx: map[string]string{"x.example.": "a.example. in.ses.example."}},
			mx("in.ses.example", false), Warning, "asked first"},
		"DNS away": {zone{err: errors.New("timeout")}, dmarc, Unknown, "timeout"},
		"DNS away for MX": {zone{err: &net.DNSError{Err: "server misbehaving", IsTemporary: true}},
			mx("", false), Unknown, "misbehaving"},
	} {
		var r Report
		c.look(DNS{c.zone}, &r)
		if len(r) != 1 || r[0].State != c.state || !strings.Contains(r[0].Says, c.says) {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		if (r[0].State == Good) != (r[0].Why == "" && r[0].Next == "") {
			t.Errorf("%s: what is not good says why and what to do, and nothing else does: %+v", name, r[0])
		}
	}
}

func TestTheStateOfTheWhole(t *testing.T) {
	for _, c := range []struct {
		states []State
		worst  State
		exit   int
	}{
		{nil, Good, 0},
		{[]State{Good, Good}, Good, 0},
		{[]State{Good, Unknown}, Unknown, 2},
		{[]State{Warning, Unknown}, Warning, 2},
		{[]State{Bad, Good, Warning}, Bad, 1},
	} {
		var r Report
		for _, s := range c.states {
			r = append(r, Finding{State: s})
		}
		if r.Worst() != c.worst || r.ExitStatus() != c.exit {
			t.Errorf("%v: %s, %d", c.states, r.Worst(), r.ExitStatus())
		}
	}
	for d, want := range map[time.Duration]string{90 * time.Minute: "1h30m", time.Hour: "1h", 12 * time.Minute: "12m",
		40 * time.Second: "40s", 0: "0s"} {
		if got := Span(d); got != want {
			t.Errorf("%v is written %s", d, got)
		}
	}
}
