package guard_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/guard"
)

// prose writes so many words.
func prose(r *rand.Rand, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(vocabulary[r.IntN(len(vocabulary))])
		b.WriteByte(" \n"[min(1, i%12/11)])
	}
	return b.String()
}

// busy is a desk whose agent was shown so many messages of so many words.
func busy(t testing.TB, messages, words int) guard.Known {
	r := rand.New(rand.NewPCG(1, 2))
	k := desktop(t)
	for i := range messages {
		k.Messages = append(k.Messages, desk.Message{Conversation: his, Sequence: 10 + i, Kind: desk.KindCustomer,
			From: desk.Person{Address: fmt.Sprintf("c%d@x.example", i)}, Text: prose(r, words)})
	}
	return k
}

func BenchmarkCheck(b *testing.B) {
	for _, bc := range []struct {
		name                  string
		messages, words, says int
		attached              int // KB
	}{
		{"an answer of 100 words, 40 mails of 150", 40, 150, 100, 0},
		{"an answer of 100 words, 80 mails of 5,000", 80, 5000, 100, 0},
		{"an answer of 10,000 words, 40 mails of 150", 40, 150, 10000, 0},
		{"a text of 1 MB attached", 40, 150, 100, 1000},
		{"a picture of 10 MB attached", 40, 150, 100, -10000},
	} {
		b.Run(bc.name, func(b *testing.B) {
			k := busy(b, bc.messages, bc.words)
			r := rand.New(rand.NewPCG(3, 4))
			text := prose(r, bc.says)
			var files []message.Attachment
			switch {
			case bc.attached > 0:
				files = append(files, message.Attachment{Filename: "x.txt", Content: []byte(strings.Repeat(prose(r, 200), bc.attached))[:bc.attached<<10]})
			case bc.attached < 0:
				data := make([]byte, -bc.attached<<10)
				for i := range data {
					data[i] = byte(r.Uint32())
				}
				copy(data, "\xff\xd8\xff\xe0")
				files = append(files, message.Attachment{Filename: "x.jpg", ContentType: "image/jpeg", Content: data})
			}
			l := letter(text, files...)
			b.ResetTimer()
			for b.Loop() {
				guard.Check(l, k)
			}
		})
	}
}

// Time is linear: four times as much takes no more than some six times as long.
func TestTimeIsLinear(t *testing.T) {
	took := func(k guard.Known, text string) time.Duration {
		best := time.Hour
		for range 2 {
			start := time.Now()
			check(k, text)
			best = min(best, time.Since(start))
		}
		return best
	}
	r := rand.New(rand.NewPCG(5, 6))
	small, large := busy(t, 10, 2000), busy(t, 40, 2000)
	plain := prose(r, 5000)
	for name, pair := range map[string][2]time.Duration{
		"more that is known":  {took(small, plain), took(large, plain)},
		"a longer answer":     {took(small, plain), took(small, strings.Repeat(plain, 4))},
		"the same word again": {took(small, strings.Repeat("spam ", 20000)), took(small, strings.Repeat("spam ", 80000))},
		"signs of a token":    {took(small, strings.Repeat("c4", 20000)), took(small, strings.Repeat("c4", 80000))},
		"one Chinese sign":    {took(small, strings.Repeat("灯", 10000)), took(small, strings.Repeat("灯", 40000))},
		"quote marks":         {took(small, strings.Repeat("> ", 40000)), took(small, strings.Repeat("> ", 160000))},
	} {
		if pair[1] > 8*pair[0]+100*time.Millisecond {
			t.Errorf("%s: %s, and four times as much %s", name, pair[0], pair[1])
		}
	}
}
