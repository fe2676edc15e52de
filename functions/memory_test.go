package functions

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/index"
)

// snapshot is a large knowledge base to measure with; docs/performance.md says
// how it is made.
var snapshot = flag.String("snapshot", "", "a snapshot that TestInboundFitsItsMemory reads instead of the sample's")

const mostMemory = 256 << 10 // kB of the inbound function, resident

// The built inbound function takes in mail and ranks articles within its memory.
func TestInboundFitsItsMemory(t *testing.T) {
	h := newLambdaHome(t, programs(t))
	if *snapshot != "" {
		data, err := os.ReadFile(*snapshot)
		if err != nil {
			t.Fatal(err)
		}
		b := cloud.Blobs{S3: h.s3, Bucket: "config-bucket"}
		for key, value := range map[string][]byte{"kb-index/large": data, index.Current: []byte("kb-index/large")} {
			if err := b.Put(t.Context(), key, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.inbound.env = append(h.inbound.env, "GOMEMLIMIT=230MiB") // as template.yaml sets it
	for i := range 4 {
		h.deliver(t, fmt.Sprintf("c%d@customers.example", i), "support@lantern.example", fmt.Appendf(nil, "From: c%d@customers.example\r\nTo: support@lantern.example\r\nSubject: My lamp flickers\r\nMessage-ID: <m%d@customers.example>\r\n\r\n"+
			"Hello, the lamp that I ordered three weeks ago flickers since yesterday, and the switch of the other one is loose. Can I send both back, and who pays the postage? I have tried another bulb already.\r\n", i, i))
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.inbound.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(status)) {
		var kB int
		if n, _ := fmt.Sscanf(l, "VmHWM: %d kB", &kB); n == 1 {
			t.Logf("the inbound function took at most %d MB", kB>>10)
			if kB > mostMemory {
				t.Errorf("more than %d MB", mostMemory>>10)
			}
		}
	}
}
