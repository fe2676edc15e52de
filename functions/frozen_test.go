package functions

import (
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/replywell/replywell/shared/desk"
)

// network stands between a function and AWS. What is open when the function is
// frozen dies without a word: what is written to it later is taken and answered
// by the end of the connection.
type network struct {
	listener net.Listener
	mu       sync.Mutex
	open     map[net.Conn]bool // true: it died
	onDead   int               // how often something was written to a dead connection
	wg       sync.WaitGroup
}

func newNetwork(t *testing.T, endpoint string) *network {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &network{listener: l, open: map[net.Conn]bool{}}
	n.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.wg.Go(func() { n.serve(c, to.Host) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		n.mu.Lock()
		for c := range n.open {
			c.Close()
		}
		n.mu.Unlock()
		n.wg.Wait()
	})
	return n
}

func (n *network) serve(c net.Conn, to string) {
	defer c.Close()
	up, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer up.Close()
	n.mu.Lock()
	n.open[c] = false
	n.mu.Unlock()
	n.wg.Go(func() {
		_, _ = io.Copy(c, up)
		c.Close()
	})
	buf := make([]byte, 1<<16)
	for {
		k, err := c.Read(buf)
		if err != nil {
			break
		}
		n.mu.Lock()
		dead := n.open[c]
		if dead {
			n.onDead++
		}
		n.mu.Unlock()
		if dead {
			break
		}
		if _, err := up.Write(buf[:k]); err != nil {
			break
		}
	}
	n.mu.Lock()
	delete(n.open, c)
	n.mu.Unlock()
}

// freeze lets every open connection die.
func (n *network) freeze() (open int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.open {
		n.open[c] = true
	}
	return len(n.open)
}

// A function that was frozen for a night sends the next mail at once: it takes
// up no connection of the evening before.
func TestNoConnectionIsUsedAcrossAFreeze(t *testing.T) {
	h := newLambdaHome(t, programs(t))
	n := newNetwork(t, strings.TrimPrefix(h.aws[0], "AWS_ENDPOINT_URL="))
	through := "AWS_ENDPOINT_URL=http://" + n.listener.Addr().String()
	h.send, h.inbound, h.events = h.function(t, "send", through), h.function(t, "inbound", through),
		h.function(t, "events", through)
	erika := readScenario(t).People["erika"]
	for i, text := range []string{"Is anybody there?", "And this morning?", "And now?"} {
		h.deliver(t, erika.Address, "support@lantern.example",
			erika.compose("support@lantern.example", "Hello "+text, text))
		before := len(h.sent)
		h.settle(t)
		if len(h.sent) == before {
			t.Fatalf("after %d nights nothing was sent", i)
		}
		if n.freeze() == 0 {
			t.Fatal("no connection was kept, so none could die")
		}
		if _, err := h.send.invoke(t.Context(), map[string]string{"task": "sweep"}); err != nil {
			t.Fatalf("the sweep after %d nights: %v", i+1, err)
		}
	}
	for _, m := range h.sent {
		if item, err := h.store.Outbox(t.Context(), m.outbox); err != nil || item.State != desk.OutboxSent ||
			item.Attempts > 1 {
			t.Errorf("the mail %s: %+v, %v", m.outbox, item, err)
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.onDead > 0 {
		t.Errorf("%d requests were written to connections that had died", n.onDead)
	}
}
