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
				files = append(files, message.Attachment{Filename: "x.txt",
					Content: []byte(strings.Repeat(prose(r, 200), bc.attached))[:bc.attached<<10]})
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
// What disturbs a measurement makes it longer, so the best of a few counts.
func TestTimeIsLinear(t *testing.T) {
	took := func(k guard.Known, text string) time.Duration {
		start := time.Now()
		check(k, text)
		return time.Since(start)
	}
	r := rand.New(rand.NewPCG(5, 6))
	small, large := busy(t, 10, 2000), busy(t, 40, 2000)
	plain := prose(r, 5000)
	for name, c := range map[string]struct {
		known [2]guard.Known
		text  string
		times int
	}{
		"more that is known":  {[2]guard.Known{small, large}, plain, 1},
		"a longer answer":     {[2]guard.Known{small, small}, plain, 4},
		"the same word again": {[2]guard.Known{small, small}, strings.Repeat("spam ", 20000), 4},
		"signs of a token":    {[2]guard.Known{small, small}, strings.Repeat("c4", 20000), 4},
		"one Chinese sign":    {[2]guard.Known{small, small}, strings.Repeat("灯", 10000), 4},
		"quote marks":         {[2]guard.Known{small, small}, strings.Repeat("> ", 40000), 4},
	} {
		one, four := time.Hour, time.Hour
		for try := 0; try < 8 && (try == 0 || four > 8*one+100*time.Millisecond); try++ {
			one = min(one, took(c.known[0], c.text))
			four = min(four, took(c.known[1], strings.Repeat(c.text, c.times)))
		}
		if four > 8*one+100*time.Millisecond {
			t.Errorf("%s: %s, and four times as much %s", name, one, four)
		}
	}
}
