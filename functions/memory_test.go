package functions

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/index"
)

// snapshot is a large knowledge base to measure with; docs/performance.md says
// how it is made.
var snapshot = flag.String("snapshot", "",
	"a snapshot that TestInboundFitsItsMemory reads instead of the sample's, and once more when the pointer moves")

const mostMemory = 256 << 10 // kB of the inbound function, resident

// The built inbound function takes in mail and ranks articles by words and
// meaning within its memory.
func TestInboundFitsItsMemory(t *testing.T) {
	h := newLambdaHome(t, programs(t))
	mails := 0
	deliver := func() {
		mails++
		h.deliver(t, fmt.Sprintf("c%d@customers.example", mails), "support@lantern.example",
			fmt.Appendf(nil, "From: c%d@customers.example\r\nTo: support@lantern.example\r\nSubject: My lamp "+
				"flickers\r\nMessage-ID: <m%[1]d@customers.example>\r\n\r\n"+
				"Hello, the lamp that I ordered three weeks ago flickers since yesterday, and the switch of the other "+
				"one is loose. Can I send both back, and who pays the postage? I have tried another bulb already.\r\n",
				mails))
	}
	bucket := cloud.Blobs{S3: h.s3, Bucket: h.outputs["ConfigBucket"]}
	point := func(key string) {
		data, err := os.ReadFile(*snapshot)
		if err != nil {
			t.Fatal(err)
		}
		for key, value := range map[string][]byte{key: data, index.Current: []byte(key)} {
			if err := bucket.Put(t.Context(), key, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if *snapshot != "" {
		point("kb-index/large")
	}
	for range 4 {
		deliver()
	}
	report := func(when string) {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.inbound.cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		kB := map[string]int{}
		for _, m := range regexp.MustCompile(`(?m)^(\w+):\s+(\d+) kB$`).FindAllSubmatch(status, -1) {
			kB[string(m[1])], _ = strconv.Atoi(string(m[2]))
		}
		t.Logf("%s: at most %d MB; now %d MB, %d of them of the program's file", when, kB["VmHWM"]>>10, kB["VmRSS"]>>10,
			kB["RssFile"]>>10)
		if kB["VmHWM"] == 0 || kB["VmHWM"] > mostMemory {
			t.Errorf("%s the function took %d MB; want at most %d", when, kB["VmHWM"]>>10, mostMemory>>10)
		}
	}
	report("after four mails")
	if share := weightsRead(t, h.inbound.cmd.Process.Pid, h.inbound.cmd.Path); share < 0.9 {
		t.Errorf("%.0f%% of the embedding model's weights were read, so no mail went through it", 100*share)
	}
	for range 2 {
		mails++
		h.deliver(t, fmt.Sprintf("c%d@customers.example", mails), "support@lantern.example",
			fmt.Appendf(nil, "From: c%d@customers.example\r\nTo: support@lantern.example\r\nSubject: Meine Lampe "+
				"flackert\r\nMessage-ID: <m%[1]d@customers.example>\r\n\r\n"+
				"Guten Tag, die Lampe, die ich vor drei Wochen bestellt habe, flackert seit gestern. Kann ich sie "+
				"zurueckschicken, und wer zahlt das Porto? Eine andere Birne habe ich schon versucht.\r\n", mails))
	}
	report("after two German ones, which the second encoder reads")
	if *snapshot == "" {
		return
	}
	point("kb-index/larger")
	for start := time.Now(); time.Since(start) < index.DefaultFresh+time.Second; {
		deliver()
	}
	report("after a second snapshot")
}

// weightsRead is the share of the embedding model's weights, which every sentence
// takes all of, that a process has in memory as pages of its program's file.
func weightsRead(t *testing.T, pid int, program string) float64 {
	t.Helper()
	file, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	model, err := os.ReadFile("../shared/kb/embed/minilm/minilm.bin")
	if err != nil {
		t.Fatal(err)
	}
	const weights = 10 << 20 // bytes at the model's end; the words' table stands before them
	end := bytes.Index(file, model[:1024]) + len(model)
	if end < len(model) {
		t.Fatal("the program has no model")
	}
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	for l := range bytes.Lines(maps) {
		var from, to, offset int
		var may string
		if n, _ := fmt.Sscanf(string(l), "%x-%x %s %x", &from, &to, &may, &offset); n < 4 ||
			!bytes.Contains(l, []byte(program)) || end <= offset || end > offset+to-from {
			continue
		}
		pages, err := os.Open(fmt.Sprintf("/proc/%d/pagemap", pid))
		if err != nil {
			t.Fatal(err)
		}
		defer pages.Close()
		entries := make([]uint64, weights/page)
		first := (from + end - offset - weights) / page
		if _, err := pages.Seek(int64(8*first), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if err := binary.Read(pages, binary.NativeEndian, entries); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, e := range entries {
			n += int(e >> 63) // the page is there
		}
		return float64(n) / float64(len(entries))
	}
	t.Fatal("the process does not map its model")
	return 0
}
