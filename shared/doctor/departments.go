package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/replywell/replywell/shared/desk"
)

// Departments looks at the people of the house who are no agents: what each is for, topics
// that look misspelt, and, where domains are looked at, whether its replies are believed.
func Departments(r *Report, s *desk.Settings) {
	const about = "department"
	for _, d := range s.Departments {
		says := "it can be asked with #forward " + d.ID
		if len(d.Topics) > 0 {
			says += ", and reports name it as the owner of " + strings.Join(d.Topics, ", ")
		}
		unsure := false
		for _, t := range d.Topics {
			if near, of := nearTopic(s, t); near != "" {
				unsure = true
				r.Add(Warning, about, d.ID, fmt.Sprintf("its topic %q is nearly %q of %s", t, near, of), "what comes under the one does not count as the other", "mend the topic, if one of them is a slip")
			}
		}
		if !unsure {
			r.Good(about, d.ID, "%s", says)
		}
	}
}

// nearTopic is a topic of an agent or a team that a department's is a slip away from.
func nearTopic(s *desk.Settings, topic string) (near, of string) {
	mine := desk.TopicWords(topic)
	look := func(list []string, whose string) {
		for _, t := range list {
			if words := desk.TopicWords(t); words != mine && slip(words, mine) {
				near, of = t, whose
			}
		}
	}
	known := false
	for _, a := range s.Agents {
		look(a.Topics, "agent "+a.ID)
		known = known || slices.ContainsFunc(a.Topics, func(t string) bool { return desk.TopicWords(t) == mine })
	}
	for _, t := range s.Teams {
		look(t.Topics, "team "+t.ID)
		known = known || slices.ContainsFunc(t.Topics, func(x string) bool { return desk.TopicWords(x) == mine })
	}
	if known {
		return "", ""
	}
	return near, of
}

// slip reports whether two words of four letters and more are a letter apart: one that
// was added, left out, changed, or swapped with the next.
func slip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 4 || len(y)-len(x) > 1 {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) < len(y) {
		return string(x[i:]) == string(y[i+1:])
	}
	if i == len(x) {
		return true
	}
	swapped := i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && string(x[i+2:]) == string(y[i+2:])
	return swapped || string(x[i+1:]) == string(y[i+1:])
}

// Departments looks whether what departments reply can be proven to be theirs.
func (d DNS) Departments(ctx context.Context, r *Report, all []desk.Department) {
	seen := map[string]bool{}
	for _, x := range all {
		domain := strings.ToLower(x.Address[strings.LastIndexByte(x.Address, '@')+1:])
		if seen[domain] || x.VouchedBy == desk.VouchedBySPF {
			continue
		}
		seen[domain] = true
		const about = "departments' domain"
		policy, at, err := d.policy(ctx, domain)
		switch {
		case err != nil:
			r.Unknown(about, domain, err, askAgain)
		case policy != "":
			r.Good(about, domain, "%s%s", policy, at)
		default:
			r.Add(Warning, about, domain, "it has no DMARC record, so no reply from it can be proven", "what "+x.Name+" replies is held, and who asked has to say each time that it is theirs",
				fmt.Sprintf(`set _dmarc.%s TXT "v=DMARC1; p=none" and DKIM at its mail provider; where that cannot be, write vouched_by: spf for %s in the settings`, organisation(domain), x.ID))
		}
	}
}

func organisation(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}
