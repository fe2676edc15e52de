package local

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"

	"github.com/replywell/replywell/shared/desk"
)

// The servers under mail_servers are believed in where a mail came from, and no
// document shows whether they tell it. One that does not is known by its mail: its
// agents' answers are asked about one by one, and nothing would say why. So it is
// counted, and said in the log and at every start until the server tells something.
const (
	// silentAfter is how many mails in a row, of which a server told nothing, say
	// that it never does. A few are written on that server itself.
	silentAfter = 5
	// silentEvery is after how many more of them the log says it again.
	silentEvery = 200
	// maxServers bounds how many are counted: a network may be named.
	maxServers = 64
	silentFile = "servers.json"
)

// telling counts, by server, the mails in a row of which it told nothing.
type telling struct {
	mu     sync.Mutex
	silent map[string]int
}

// heard notes whether a server of the team's own told where a mail came from.
// What cannot be kept is counted anew.
func (s *System) heard(e *Envelope) {
	ip := net.ParseIP(e.Remote)
	if !s.options.Settings.Servers.Has(ip) {
		return
	}
	told := e.Client != "" || e.Verdicts.SPF != desk.VerdictDisabled
	t := &s.telling
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read(s.folder)
	key := ip.String()
	n, known := t.silent[key]
	if told && n == 0 || !known && !told && len(t.silent) >= maxServers || n > 1<<30 {
		return
	}
	if n++; told {
		delete(t.silent, key)
	} else {
		t.silent[key] = n
	}
	if !told && (n == silentAfter || n > silentAfter && n%silentEvery == 0) {
		s.options.Log.Warn(silence(key, n))
	}
	if told || n <= silentAfter || n%silentEvery == 0 {
		if data, err := json.Marshal(t.silent); err == nil {
			if err := s.folder.Write(data, silentFile); err != nil {
				s.options.Log.Debug("what the mail servers tell could not be kept", "error", err)
			}
		}
	}
}

// read takes up what an earlier process counted.
func (t *telling) read(f *Folder) {
	if t.silent != nil {
		return
	}
	data, err := os.ReadFile(f.Path(silentFile))
	if err != nil || json.Unmarshal(data, &t.silent) != nil || t.silent == nil {
		t.silent = map[string]int{}
	}
}

// Silent says of each server under mail_servers that tells nothing what that
// means and what to do, in a sentence or two, for the start.
func (s *System) Silent() (out []string) {
	t := &s.telling
	t.mu.Lock()
	defer t.mu.Unlock()
	t.read(s.folder)
	for server, n := range t.silent {
		if n >= silentAfter && s.options.Settings.Servers.Has(net.ParseIP(server)) {
			out = append(out, silence(server, n))
		}
	}
	slices.Sort(out)
	return out
}

func silence(server string, n int) string {
	return fmt.Sprintf("the mail server %s, named under mail_servers, tells nothing of where mail came from: it did not for its last %d mails. Answers of agents whose mail is signed without To or Cc, as Microsoft 365 signs it, are all held and asked about. Let it send XFORWARD (Postfix: smtp_send_xforward_command=yes) or write Authentication-Results under the name in results_by (docs/one-machine.md).", server, n)
}
