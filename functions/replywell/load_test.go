package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/email"
)

// told counts how often each word stands in the mails of an agent that carry
// it as a customer's new text.
func told(t *testing.T, data, agent string, words []string) map[string]int {
	t.Helper()
	var all strings.Builder
	for _, m := range inbox(t, data, agent) {
		own, _, _ := strings.Cut(m.PlainText, "sender ") // below it stands what was known before
		all.WriteString(own)
	}
	text, n := all.String(), map[string]int{}
	for _, w := range words {
		n[w] = strings.Count(text, w+" ")
	}
	return n
}

// 200 mails at once, of 20 customers with ten mails in one thread each, in any
// order: 20 conversations, and every mail is told to every agent exactly once,
// by itself or in a digest.
func TestManyMailsAtOnce(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	p := startLocal(t, data, "--config", configuration(t, 20, "3 seconds"))
	var senders sync.WaitGroup
	var words []string
	for i := range 200 {
		customer, n := i%20, i/20
		word := fmt.Sprintf("word-%d-%d", customer, n)
		words = append(words, word)
		thread := ""
		if n > 0 {
			thread = fmt.Sprintf("In-Reply-To: <c%d-0@customers.example>\n", customer)
		}
		from := fmt.Sprintf("c%d@customers.example", customer)
		send := func() {
			answer, err := submit(p.smtp, from, "support@shop.example",
				fmt.Appendf(nil, "From: %s\nTo: support@shop.example\nSubject: Concern %d\nMessage-ID: "+
					"<c%d-%d@customers.example>\n%s\nThis is %s of mine.\n", from, customer, customer, n, thread, word))
			if err != nil || !strings.HasPrefix(answer, "250") {
				t.Errorf("%s: %s %v", word, answer, err)
			}
		}
		senders.Go(send)
	}
	senders.Wait()
	for _, agent := range []string{"anna@team.example", "ben@team.example"} {
		eventually(t, 3*time.Minute, "every mail told to "+agent, func() bool {
			for _, n := range told(t, data, agent, words) {
				if n == 0 {
					return false
				}
			}
			return true
		})
		for w, n := range told(t, data, agent, words) {
			if n != 1 {
				t.Errorf("%s was told of %s %d times", agent, w, n)
			}
		}
		// A customer's mails are one conversation. What a digest tells bears no reference.
		references := map[string]map[string]bool{}
		for _, m := range inbox(t, data, agent) {
			_, after, _ := strings.Cut(m.Subject, "[")
			ref, _, ok := strings.Cut(after, "]")
			_, concern, _ := strings.Cut(m.Subject, "Concern ")
			concern, _, _ = strings.Cut(concern, " ")
			if !ok || concern == "" {
				continue
			}
			if references[concern] == nil {
				references[concern] = map[string]bool{}
			}
			references[concern][ref] = true
		}
		for concern, refs := range references {
			if len(refs) != 1 {
				t.Errorf("%s sees concern %s in the conversations %v, want one", agent, concern, refs)
			}
		}
	}
}

// Whatever moment the process is killed at: what was answered with 250 is
// known to the agents in the end.
func TestKillLosesNothing(t *testing.T) {
	data, config := t.TempDir(), configuration(t, 10000, "1 hour")
	var mu sync.Mutex
	var accepted []string
	next := 0
	for round := range 6 {
		p := startLocal(t, data, "--config", config)
		stop := make(chan struct{})
		var senders sync.WaitGroup
		for range 4 {
			senders.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					mu.Lock()
					next++
					word := fmt.Sprintf("word-%d-%d", round, next)
					mu.Unlock()
					answer, err := submit(p.smtp, "erika@customers.example", "support@shop.example",
						fmt.Appendf(nil, "From: erika@customers.example\nSubject: x\nMessage-ID: "+
							"<%s@customers.example>\n\nThis is %s of mine.\n", word, word))
					if err != nil {
						return
					}
					if strings.HasPrefix(answer, "250") {
						mu.Lock()
						accepted = append(accepted, word)
						mu.Unlock()
					}
				}
			})
		}
		mu.Lock()
		before := len(accepted)
		mu.Unlock()
		eventually(t, time.Minute, "mails accepted in this round", func() bool {
			mu.Lock()
			defer mu.Unlock()
			return len(accepted) >= before+4
		})
		<-time.After(time.Duration(rand.IntN(400)) * time.Millisecond) // a random moment is what is tested
		p.kill()
		close(stop)
		senders.Wait()
	}
	if len(accepted) < 20 {
		t.Fatalf("only %d mails were accepted", len(accepted))
	}
	p := startLocal(t, data, "--config", config)
	for _, agent := range []string{"anna@team.example", "ben@team.example"} {
		eventually(t, 3*time.Minute, fmt.Sprintf("%d mails told to %s", len(accepted), agent), func() bool {
			for _, n := range told(t, data, agent, accepted) {
				if n == 0 {
					return false
				}
			}
			return true
		})
		for w, n := range told(t, data, agent, accepted) {
			if n != 1 {
				t.Errorf("%s was told of %s %d times", agent, w, n)
			}
		}
	}
	if out := p.stop(); strings.Contains(out, "level=ERROR") {
		t.Errorf("it complains:\n%s", out)
	}
}

const mostMemory = 300 << 10 // kB

func (p *process) peakMemory() int {
	p.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	kB, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		p.t.Fatal(err)
	}
	return kB
}

// What should not be sent, is: each gets a clear answer, and the process stays
// up within its memory.
func TestBadMailAndGarbage(t *testing.T) {
	data := t.TempDir()
	p := startLocal(t, data, "--config", configuration(t, 10000, "1 hour"))
	const from, to = "erika@customers.example", "support@shop.example"
	head := func(id string) string {
		return "From: erika@customers.example\r\nSubject: " + id + "\r\nMessage-ID: <" + id + "@customers.example>\r\n"
	}
	var parts bytes.Buffer
	parts.WriteString(head("five thousand parts") + "Content-Type: multipart/mixed; boundary=b\r\n\r\n")
	for i := range 5000 {
		fmt.Fprintf(&parts, "--b\r\nContent-Type: text/plain\r\n\r\npart %d\r\n", i)
	}
	parts.WriteString("--b--\r\n")
	big := []byte(head("large") + "\r\n" + strings.Repeat("A line of an ordinary length in a large mail.\r\n",
		24<<20/47))
	garbage := make([]byte, 64<<10)
	for i := range garbage {
		garbage[i] = byte(rand.Uint32())
	}
	for _, tc := range []struct {
		name string
		raw  []byte
		says string
	}{
		{"30 MB", bytes.Repeat([]byte("thirty million bytes in short lines..........\r\n"), 30_000_000/47), "552"},
		{"24 MB", big, "250"},
		{"5,000 parts", parts.Bytes(), "250"},
		{"nothing", nil, "250"},
		{"no From", []byte("Subject: nobody\r\n\r\nHello?\r\n"), "250"},
		{"a header that never ends", []byte("X: " + strings.Repeat("y", 3<<20) + "\r\n"), "250"},
		{"bytes of any kind", garbage, "250"},
	} {
		answer, err := submit(p.smtp, from, to, tc.raw)
		if err != nil || !strings.HasPrefix(answer, tc.says) {
			t.Errorf("%s: %.80q, %v; want %s", tc.name, answer, err, tc.says)
		}
	}
	c, err := net.Dial("tcp", p.smtp)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = c.Write(garbage) // it may be cut off
	p.mail(from, to, head("still here")+"\r\nAre you there?\r\n")
	for _, subject := range []string{"large", "five thousand parts", "still here"} {
		arrival(t, data, "anna@team.example", time.Minute,
			func(m *email.Mail) bool { return strings.Contains(m.Subject, subject) })
	}
	eventually(t, time.Minute, "an empty spool", func() bool {
		entries, err := os.ReadDir(data + "/spool")
		later, missing := os.ReadDir(data + "/spool/later")
		return err == nil && missing == nil && len(entries) == 2 && len(later) == 0 // parked and later
	})
	if parked, err := os.ReadDir(data + "/spool/parked"); err != nil || len(parked) > 0 {
		t.Errorf("parked: %v, %v", parked, err)
	}
	if kB := p.peakMemory(); kB > mostMemory {
		t.Errorf("peak memory %d kB, want at most %d", kB, mostMemory)
	} else {
		t.Logf("peak memory %d kB", kB)
	}
}
