package inbound_test

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// TestLeakWhatAStrangerHasSeen: somebody who was in copy answers everybody, with all
// of it quoted. The agent's mail claims nothing that is not known, says it above the
// text, and how she is admitted; and that admits her.
func TestLeakWhatAStrangerHasSeen(t *testing.T) {
	const clara = "clara@customers.example"
	s := &scene{Path: bench.NewPath(t)}
	first := s.arrive(letter{from: "Erika Muster <" + customer + ">", subject: "Broken lamp",
		id: "first@customers.example", headers: "Cc: Clara Hoff <" + clara + ">\n",
		body: "Hello, the lamp I ordered arrived broken, " + secret + ". What do I do?"})
	s.Sent()
	in := s.arrive(letter{from: "Clara Hoff <" + clara + ">", subject: "Re: Broken lamp",
		answers: "first@customers.example",
		body: "Mine is broken as well.\n\nOn Mon, 2 Mar 2026 at 09:00, Erika Muster <" + customer +
			"> wrote:\n\n> Hello, the lamp I ordered arrived broken, " + secret + ". What do I do?\n"})
	if in.Outcome != desk.OutcomeThreaded || in.Conversation == first.Conversation {
		t.Fatalf("%s in %s", in.Outcome, in.Conversation)
	}
	told := s.sentTo(anna, s.nothingLeaves())
	text := strings.Join(strings.Fields(own(told)), " ")
	for _, want := range []string{"They were in copy (Cc) of a mail there", "What they quote stands below",
		"We cannot know how much of it they have read", "with #add and their address"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, own(told))
		}
	}
	if strings.Contains(text, "has seen nothing") ||
		strings.Index(text, "Somebody else wrote") > strings.Index(text, "Mine is broken") {
		t.Errorf("Anna reads:\n%s", own(told))
	}
	// The tap writes a mail; Anna presses Send.
	link := regexp.MustCompile(`href="mailto:([^"?]*)\?([^"]*)"[^>]*>Admit Clara Hoff`).FindStringSubmatch(
		told.Read.HTML)
	if link == nil {
		t.Fatal("no button admits her")
	}
	fields, err := url.ParseQuery(html.UnescapeString(link[2]))
	if err != nil {
		t.Fatal(err)
	}
	in = s.arrive(letter{from: "Agent <" + anna + ">", to: link[1], subject: fields.Get("subject"),
		body: fields.Get("body")})
	s.nothingLeaves()
	if c := s.Conversation(first); in.Outcome != desk.OutcomeAgent || len(c.Participants) != 1 ||
		c.Participants[0].Address != clara {
		t.Errorf("%s (%s): %+v", in.Outcome, in.Reason, c.Participants)
	}
}
