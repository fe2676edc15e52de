package local

import (
	"net"
	"strconv"
	"strings"
	"sync"
)

// passed is what a mail server of the team's own tells of the client that the
// mail came from: by XFORWARD, as Postfix does, or by XCLIENT, as proxies do
// (postfix.org, XFORWARD_README and XCLIENT_README). Nobody else is listened to.
type passed struct {
	mu               sync.Mutex
	session, forward formerClient // by XCLIENT, until the connection's end; by XFORWARD, of one mail
}

// formerClient is who handed a mail to that server; of its address nil is not known.
type formerClient struct {
	ip   net.IP
	helo string
}

// take reads the attributes of one command and gives its answer.
func (p *passed) take(verb, attributes, host string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	to, answer := &p.forward, "250 2.0.0 OK"
	if strings.EqualFold(verb, "XCLIENT") {
		p.session, p.forward = formerClient{}, formerClient{}
		to, answer = &p.session, "220 "+host+" ESMTP Service Ready"
	}
	for _, a := range strings.Fields(attributes) {
		name, value, ok := strings.Cut(a, "=")
		if !ok {
			return "501 5.5.4 Attributes are to be NAME=value"
		}
		value = unxtext(value)
		if strings.HasPrefix(value, "[") { // [UNAVAILABLE], [TEMPUNAVAIL]
			value = ""
		}
		switch strings.ToUpper(name) {
		case "ADDR":
			if len(value) > 5 && strings.EqualFold(value[:5], "IPV6:") {
				value = value[5:]
			}
			to.ip = net.ParseIP(value)
		case "HELO":
			to.helo = value
		}
	}
	return answer
}

// about gives what is known of the client that the mail comes from.
func (p *passed) about() (net.IP, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.forward.ip != nil {
		return p.forward.ip, p.forward.helo
	}
	return p.session.ip, p.session.helo
}

// forget ends what was said of one mail.
func (p *passed) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forward = formerClient{}
}

// unxtext decodes xtext (RFC 3461 section 4): "+3D" is "=".
func unxtext(s string) string {
	if !strings.Contains(s, "+") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '+' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
