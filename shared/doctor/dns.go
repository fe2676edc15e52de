package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/replywell/replywell/shared/desk"
)

// Resolver asks DNS. *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// DNS looks at what the domains of a desk say of themselves.
type DNS struct{ Resolver Resolver }

// txt gives a name's records; none is no error.
func (d DNS) txt(ctx context.Context, name string) ([]string, error) {
	found, err := d.Resolver.LookupTXT(ctx, name+".")
	return found, unlessNone(err)
}

func unlessNone(err error) error {
	var e *net.DNSError
	if errors.As(err, &e) && e.IsNotFound {
		return nil
	}
	return err
}

const askAgain = "ask again in a minute; if it stays so, look whether this machine can ask DNS (dig)"

// DKIM looks whether the keys stand in the DNS that sign for a domain. record
// says how to set the one of a selector.
func (d DNS) DKIM(ctx context.Context, r *Report, domain string, selectors []string, record func(selector string) string) {
	var missing, records []string
	for _, s := range selectors {
		found, err := d.txt(ctx, s+"._domainkey."+domain)
		if err != nil {
			r.Unknown("DKIM", domain, err, askAgain)
			return
		}
		if !slices.ContainsFunc(found, func(t string) bool {
			for field := range strings.SplitSeq(t, ";") {
				if key, ok := strings.CutPrefix(strings.TrimSpace(field), "p="); ok && key != "" {
					return true
				}
			}
			return false
		}) {
			missing, records = append(missing, s+"._domainkey."+domain), append(records, record(s))
		}
	}
	if len(missing) > 0 {
		r.Add(Bad, "DKIM", domain, fmt.Sprintf("%d of %d keys are not in the DNS: %s", len(missing), len(selectors), strings.Join(missing, ", ")),
			"mail without a signature of the domain fails DMARC, and is refused or filed as spam", "set what is missing:\n"+strings.Join(records, "\n"))
		return
	}
	r.Good("DKIM", domain, "the keys that sign its mail are in the DNS")
}

// SPF looks whether a domain lets a sender send. sender is the mechanism that
// says so, like "include:amazonses.com"; "" where it is not known, and any record
// is taken. record says how to set it.
func (d DNS) SPF(ctx context.Context, r *Report, domain, sender, record string) {
	const why = "SPF is the second proof beside DKIM; where a signature breaks on the way, as lists break it, nothing else proves that the mail is yours"
	found, err := d.txt(ctx, domain)
	if err != nil {
		r.Unknown("SPF", domain, err, askAgain)
		return
	}
	var policies []string
	for _, t := range found {
		if f := strings.Fields(strings.ToLower(t)); len(f) > 0 && f[0] == "v=spf1" {
			policies = append(policies, strings.ToLower(t))
		}
	}
	switch {
	case len(policies) == 0:
		r.Add(Warning, "SPF", domain, "there is no record", why, "set "+record)
	case len(policies) > 1:
		r.Add(Bad, "SPF", domain, fmt.Sprintf("there are %d records, and a domain may have one: they count as an error", len(policies)), why, "join them to one: "+record)
	case sender != "" && !slices.ContainsFunc(strings.Fields(policies[0]), func(f string) bool { return strings.TrimPrefix(f, "+") == sender }):
		s, result := Bad, "fail"
		switch fields := strings.Fields(policies[0]); fields[len(fields)-1] {
		case "~all":
			s, result = Warning, "softfail"
		case "?all":
			s, result = Warning, "neutral"
		}
		r.Add(s, "SPF", domain, fmt.Sprintf("the record does not name %s, so mail of the desk gets %s: %q", sender, result, policies[0]), why, "set "+record)
	default:
		r.Good("SPF", domain, "%s", policies[0])
	}
}

// DMARC looks whether a domain of ours has a policy.
func (d DNS) DMARC(ctx context.Context, r *Report, domain string) {
	policy, at, err := d.policy(ctx, domain)
	switch {
	case err != nil:
		r.Unknown("DMARC", domain, err, askAgain)
	case policy == "":
		r.Add(Warning, "DMARC", domain, "there is no record", "large providers refuse mail of domains without one, and anybody may write in your name",
			fmt.Sprintf(`set _dmarc.%s TXT "v=DMARC1; p=none" to begin with`, domain))
	default:
		r.Good("DMARC", domain, "%s%s", policy, at)
	}
}

// Agents looks whether agents' mail can be believed: what an agent writes is
// carried out only where the domain's own policy vouches for it. Each domain is
// one finding.
func (d DNS) Agents(ctx context.Context, r *Report, agents []desk.Agent) {
	type user struct{ agent, id string }
	var domains []string
	needs, others := map[string][]user{}, map[string][]string{}
	for _, a := range agents {
		for _, address := range a.Addresses {
			domain := strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
			if !slices.Contains(domains, domain) {
				domains = append(domains, domain)
			}
			if a.VouchedBy == desk.VouchedBySPF {
				others[domain] = append(others[domain], a.Name)
			} else if u := (user{a.Name, a.ID}); !slices.Contains(needs[domain], u) {
				needs[domain] = append(needs[domain], u)
			}
		}
	}
	const about = "agents' domain"
	for _, domain := range domains {
		policy, at, err := d.policy(ctx, domain)
		switch {
		case err != nil:
			r.Unknown(about, domain, err, askAgain)
		case policy != "":
			r.Good(about, domain, "%s%s", policy, at)
		case len(needs[domain]) == 0:
			r.Good(about, domain, "no DMARC record; the settings let SPF vouch for %s", strings.Join(others[domain], ", "))
		default:
			var names, ids []string
			for _, u := range needs[domain] {
				names, ids = append(names, u.agent), append(ids, u.id)
			}
			r.Add(Bad, about, domain, "it has no DMARC record, so no mail from it can pass", "mail of "+strings.Join(names, ", ")+" from there is held, and nothing reaches the customer",
				fmt.Sprintf(`set _dmarc.%s TXT "v=DMARC1; p=none" and DKIM at its mail provider; where that cannot be, write vouched_by: spf for %s in the settings`, domain, strings.Join(ids, ", ")))
		}
	}
}

// policy finds what holds for a domain: its own record, else its organisation's
// (RFC 7489 section 6.6.3). at says where, if elsewhere.
func (d DNS) policy(ctx context.Context, domain string) (policy, at string, err error) {
	names := []string{domain}
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil && org != domain {
		names = append(names, org)
	}
	for _, name := range names {
		found, err := d.txt(ctx, "_dmarc."+name)
		if err != nil {
			return "", "", err
		}
		for _, t := range found {
			if strings.HasPrefix(strings.ReplaceAll(t, " ", ""), "v=DMARC1;") || t == "v=DMARC1" {
				if name != domain {
					at = ", from " + name
				}
				return t, at, nil
			}
		}
	}
	return "", "", nil
}

// MX looks whether a domain's mail comes here. host is where it has to go; ""
// where any will do. forwarded says that it may come by way of another server,
// which then has to be told to.
func (d DNS) MX(ctx context.Context, r *Report, domain, host string, forwarded bool) {
	found, err := d.Resolver.LookupMX(ctx, domain+".")
	if err = unlessNone(err); err != nil {
		r.Unknown("MX", domain, err, askAgain)
		return
	}
	slices.SortFunc(found, func(a, b *net.MX) int { return int(a.Pref) - int(b.Pref) })
	var hosts []string
	for _, m := range found {
		hosts = append(hosts, strings.ToLower(strings.TrimSuffix(m.Host, ".")))
	}
	set := fmt.Sprintf("set %s MX 10 %s", domain, host)
	if host == "" {
		set = fmt.Sprintf("set %s MX 10 and the name of the server that takes its mail", domain)
	}
	switch {
	case len(hosts) == 0:
		r.Add(Bad, "MX", domain, "there is no record", "mail to it goes nowhere", set)
	case host == "" || hosts[0] == host:
		r.Good("MX", domain, "%s", strings.Join(hosts, ", "))
	case slices.Contains(hosts, host):
		r.Add(Warning, "MX", domain, "other servers are asked first: "+strings.Join(hosts, ", "), "most mail goes there", "let "+host+" have the lowest number, or be the only one")
	case forwarded:
		r.Add(Warning, "MX", domain, "its mail goes to "+strings.Join(hosts, ", "), "mail to the support address reaches the desk only if that server forwards it",
			"see that the support address is forwarded to one that the desk receives; write to it once, and look whether the mail arrives")
	default:
		r.Add(Bad, "MX", domain, "its mail goes to "+strings.Join(hosts, ", "), "replies to the desk's mails do not come back", set)
	}
}
