package functions

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// In both homes, by the built program: what was imported is silent until a customer
// answers a mail of it, and then agents see what was said.
func TestBothHomesFindOldConversations(t *testing.T) {
	dir := programs(t)
	source := filepath.Join(t.TempDir(), "old.mbox")
	var box strings.Builder
	for i, who := range []string{"erika@customers.example", "otto@customers.example"} {
		fmt.Fprintf(&box, "From x Sat Mar  1 09:00:00 2025\nFrom: %s\nTo: support@lantern.example\nMessage-ID: "+
			"<q%d@old>\nSubject: Humming lamp\nDate: Sat, 1 Mar 2025 09:00:00 +0000\n\nMy lamp number %d hums.\n\n",
			who, i, i)
		fmt.Fprintf(&box, "From x Sat Mar  1 10:00:00 2025\nFrom: Greta Gone <support@lantern.example>\nTo: %s\n"+
			"Message-ID: <a%d@old>\nIn-Reply-To: <q%d@old>\nSubject: Re: Humming lamp\nDate: Sat, 1 Mar 2025 "+
			"10:00:00 +0000\n\nTurn the little brass wheel below it, until number %d is quiet.\n\n", who, i, i, i)
	}
	if err := os.WriteFile(source, []byte(box.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lambda", "local"} {
		t.Run(name, func(t *testing.T) {
			var h home
			cmd := exec.Command(dir+"/replywell", "import", source)
			if name == "lambda" {
				l := newLambdaHome(t, dir)
				h, cmd.Args, cmd.Env = l, append(cmd.Args, "--stack", "desk"), append(os.Environ(), l.aws...)
			} else {
				l := newLocalHome(t, dir)
				h, cmd.Args = l, append(cmd.Args, "--data", l.data) // while it runs
			}
			if out, err := cmd.CombinedOutput(); err != nil ||
				!strings.Contains(string(out), "2 new conversations can be found again") {
				t.Fatalf("%v\n%s", err, out)
			}
			h.settle(t)
			if got := h.mailbox(t, "anna@team.example"); len(got) != 0 {
				t.Errorf("an agent is told of the import: %s", got[0].Mail.Subject)
			}
			h.deliver(t, "erika@customers.example", "support@lantern.example",
				[]byte("From: Erika <erika@customers.example>\r\nTo: support@lantern.example\r\nMessage-ID: "+
					"<again@customers.example>\r\n"+
					"In-Reply-To: <a0@old>\r\nSubject: Re: Humming lamp\r\nDate: Mon, 2 Mar 2026 09:00:00 +0000\r\n"+
					"\r\n"+
					"Now it hums again.\r\n"))
			anna := readScenario(t).People["anna"]
			see(t, h, anna, step{Who: "anna", Sees: []string{"Now it hums again.", "brass wheel", "Greta Gone",
				"My lamp number 0 hums."}, Unseen: []string{"number 1"}}, name)
		})
	}
}
