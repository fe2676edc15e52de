package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// send sends the mails, and gives when each was answered with 250, and how long that took.
func send(d *running) (taken map[string]time.Time, waits []time.Duration, err error) {
	taken = map[string]time.Time{}
	next := make(chan int)
	go func() {
		defer close(next)
		began := time.Now()
		for i := range *mails {
			if *perSec > 0 {
				time.Sleep(time.Until(began.Add(time.Duration(float64(i) / *perSec * float64(time.Second)))))
			}
			next <- i
		}
	}()
	var mu sync.Mutex
	var work sync.WaitGroup
	for range *senders {
		work.Go(func() {
			var c *smtp.Client
			var problem error
			for i := range next {
				if problem != nil {
					continue // what is left is not sent
				}
				word, raw := mail(i)
				at := time.Now()
				if c, problem = hand(d, c, i, raw); problem == nil {
					mu.Lock()
					taken[word], waits = time.Now(), append(waits, time.Since(at))
					mu.Unlock()
				}
			}
			if c != nil {
				c.Close()
			}
			if problem != nil {
				mu.Lock()
				err = problem
				mu.Unlock()
			}
		})
	}
	work.Wait()
	return taken, waits, err
}

// hand hands a mail in. A mail server tries again until it is told 250, with the same
// mail: whether a connection broke before or after that was written, it cannot know.
func hand(d *running, c *smtp.Client, i int, raw []byte) (*smtp.Client, error) {
	var err error
	for until := time.Now().Add(2 * time.Minute); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if c == nil {
			if c, err = smtp.Dial(d.address()); err != nil {
				c = nil
				continue
			}
		}
		from := fmt.Sprintf("c%d@customers.example", i)
		if err = c.SendMail(from, []string{"support@shop.example"}, bytes.NewReader(raw)); err == nil {
			return c, nil
		}
		c.Close()
		c = nil
		if *kills == 0 {
			break
		}
	}
	return nil, err
}

var vocabulary = strings.Fields("the lamp that we bought in spring flickers since yesterday and makes a humming sound when it is warm I have tried another bulb and another socket but nothing helps my order number is below " +
	"could you please tell me what else to try or whether it may be sent back parcel invoice address colour switch cable shade glass screw warranty month week neighbour kitchen evening light bright dark repair")

// thisRun parts the mails of this run from those that a desk has of one before.
var thisRun = time.Now().Unix()

// mail makes one of about the size that is asked for, text and HTML, each with other words.
func mail(i int) (word string, raw []byte) {
	r := rand.New(rand.NewPCG(uint64(i), 17))
	word = fmt.Sprintf("load-%d-%d-", thisRun, i)
	var text, html strings.Builder
	fmt.Fprintf(&text, "Hello,\r\n\r\n")
	fmt.Fprintf(&html, "<html><body><p>Hello,</p>\r\n")
	for text.Len() < 1500 {
		var line []string
		for range 11 {
			line = append(line, vocabulary[r.IntN(len(vocabulary))])
		}
		fmt.Fprintf(&text, "%s.\r\n", strings.Join(line, " "))
		fmt.Fprintf(&html, "<p style=\"margin:0 0 8px 0;font-family:Arial,Helvetica,sans-serif\">%s.</p>\r\n", strings.Join(line, " "))
	}
	fmt.Fprintf(&text, "\r\nBest regards,\r\nCustomer %d\r\n", i)
	fmt.Fprintf(&html, "<p>Best regards,<br>Customer %d</p>\r\n<!-- ", i)
	for html.Len()+text.Len() < *size-600 {
		fmt.Fprintf(&html, "%016x%016x%016x%016x\r\n", r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64())
	}
	html.WriteString("-->\r\n</body></html>\r\n")
	return word, fmt.Appendf(nil, "From: Customer %d <c%d@customers.example>\r\nTo: support@shop.example\r\nSubject: Trouble %s with a lamp\r\nMessage-ID: <%s@customers.example>\r\nDate: %s\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%s--b--\r\n",
		i, i, word, word, time.Now().UTC().Format(time.RFC1123Z), text.String(), html.String())
}
