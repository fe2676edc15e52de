package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// result is what became of the load.
type result struct {
	relay                    *relay
	taken                    map[string]time.Time // when each was answered with 250
	waits                    []time.Duration      // how long that took
	told                     []time.Duration      // from then to an agent's mail
	accepted, all, used, own time.Duration
	now, most                float64 // MB
	disk                     int64
	kills, lost, twice       int
	missing                  []string // the first word of those that not every agent has
}

// compare counts what the agents have against what was taken.
func (r *result) compare() {
	r.relay.mu.Lock()
	defer r.relay.mu.Unlock()
	for word, at := range r.taken {
		for _, t := range r.relay.told[word] {
			r.told = append(r.told, t.Sub(at))
		}
		r.twice += max(0, len(r.relay.told[word])-*agents)
		if n := len(r.relay.told[word]); n < *agents {
			r.lost += *agents - n
			r.missing = append(r.missing, word)
		}
	}
	slices.Sort(r.waits)
	slices.Sort(r.told)
}

func (r *result) String() string {
	at := func(list []time.Duration, part float64) string {
		if len(list) == 0 {
			return "-"
		}
		return list[min(len(list)-1, int(part*float64(len(list))))].Round(100 * time.Microsecond).String()
	}
	second := func(n int, in time.Duration) string { return fmt.Sprintf("%.1f a second", float64(n)/in.Seconds()) }
	per := func(t time.Duration) string { return (t / time.Duration(*mails)).Round(10 * time.Microsecond).String() }
	var out strings.Builder
	for _, line := range [][2]string{
		{"sent", fmt.Sprintf("%d mails of %d bytes by %d senders, told to %d agents", *mails, *size, *senders, *agents)},
		{"accepted", fmt.Sprintf("%s; 250 after p50 %s, p99 %s", second(*mails, r.accepted), at(r.waits, .5), at(r.waits, .99))},
		{"processed", fmt.Sprintf("%s; all is done and told after %s", second(*mails, r.all), r.all.Round(10*time.Millisecond))},
		{"told", fmt.Sprintf("%s; from 250 to the agent's mail p50 %s, p99 %s, at most %s", second(len(r.told), r.all), at(r.told, .5), at(r.told, .99), at(r.told, 1))},
		{"processor", fmt.Sprintf("%s a mail (the program); %s (sender and relay, in this process)", per(r.used), per(r.own))},
		{"memory", fmt.Sprintf("%.0f MB at most, %.0f MB now", r.most, r.now)},
		{"disk", fmt.Sprintf("%.1f kB a mail", float64(r.disk)/float64(*mails)/1000)},
		{"wrong", fmt.Sprintf("%d agents' mails are missing, %d came twice; killed %d times", r.lost, r.twice, r.kills)},
	} {
		fmt.Fprintf(&out, "%-10s %s\n", line[0], line[1])
	}
	if len(r.missing) > 0 {
		fmt.Fprintf(&out, "%-10s %s\n", "missing", strings.Join(r.missing, " "))
	}
	return out.String()
}
