package main

import (
	"bytes"
	"strings"
	"testing"
)

const (
	agentsAnswer = "From: \"Winter, Anna\" <anna@team.example>\r\nTo: Erika Muster <erika@customers.example>\r\nCc: " +
		"Jonas Petersen <jonas@customers.example>\r\nReply-To: Shop Desk <desk@shop.example>\r\nSubject: Re: Lamp " +
		"flickers at Muster's\r\nMessage-ID: <1@team.example>\r\n\r\n" +
		"Hello Erika,\r\n\r\nturn the bulb until it is tight. If Petersen or Balthasar has the tool, so much the " +
		"better; ask Lindqvist. Kowalczyk sends a new bulb.\r\n\r\nBest regards,\r\nAnna\r\n-- \r\nMarguerite " +
		"Lindqvist\r\nShop Ltd.\r\n\r\nOn Mon, 2 Mar 2026, Erika wrote:\r\n> it flickers\r\n"
	customersMail = "From: Erika Kowalczyk <erika@customers.example>\r\nTo: support@shop.example\r\nSubject: \r\n" +
		"Message-ID: <2@customers.example>\r\n\r\nMy lamp flickers in the evening.\r\n\r\nErika\r\n"
)

func TestKBDraftTakesNamesOut(t *testing.T) {
	dir := t.TempDir()
	answer, question := file(t, dir, "answer.eml", agentsAnswer), file(t, dir, "question.eml", customersMail)
	draft := func(c kbDraftCmd) string {
		t.Helper()
		var out bytes.Buffer
		if err := c.run(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	got := draft(kbDraftCmd{Answer: answer, To: question, Name: []string{"Balthasar"}})
	if !strings.Contains(got, "title: \"Lamp flickers") || !strings.Contains(got, "turn the bulb") ||
		strings.Contains(got, "> it") {
		t.Errorf("%s", got)
	}
	for _, name := range []string{"Erika", "Muster", "Petersen", "Balthasar", "Lindqvist", "Kowalczyk", "Anna",
		"Winter"} {
		if strings.Contains(got, name) {
			t.Errorf("%q stands in\n%s", name, got)
		}
	}
	// Without a subject the customer's mail gives the title.
	untitled := file(t, dir, "untitled.eml", strings.Replace(agentsAnswer, "Subject: Re: Lamp flickers at Muster's\r\n",
		"", 1))
	if got := draft(kbDraftCmd{Answer: untitled, To: question}); !strings.Contains(got,
		"title: \"My lamp flickers in the evening") {
		t.Errorf("%s", got)
	}
	// As exported from a folder of mails.
	mbox := file(t, dir, "answer.mbox", "From anna@team.example Mon Mar  2 09:00:00 2026\r\n"+agentsAnswer)
	if got := draft(kbDraftCmd{Answer: mbox}); !strings.Contains(got, "turn the bulb") ||
		strings.Contains(got, "Muster") {
		t.Errorf("%s", got)
	}
}

func TestKBDraftOfWhatIsNoMail(t *testing.T) {
	dir := t.TempDir()
	good := file(t, dir, "answer.eml", agentsAnswer)
	for name, content := range map[string]string{
		"empty": "", "blank": "\n\n", "text": "Hello Erika,\n\nturn the bulb until it is tight.\n",
		"json":   `{"message":{"subject":"s","body":"From: me"}}`,
		"binary": "\x00\x01\x02\xff\xfe\x89PNG\r\n\x1a\n\x00", "image": "GIF89a\x01\x00\x01\x00",
		"quote": "From: a@b.example\r\nSubject: Re: x\r\n\r\nOn Mon, 2 Mar 2026, Erika wrote:\r\n> only what was " +
			"quoted\r\n",
		"line":    "From: a@b.example\r\nSubject: x\r\n\r\n---\r\n",
		"headers": "From: a@b.example\r\nSubject: x\r\n\r\n",
	} {
		bad := file(t, dir, name, content)
		var out bytes.Buffer
		if err := (kbDraftCmd{Answer: bad}).run(&out); err == nil || err.Error() != bad+
			" holds no answer: save the agent's mail as .eml" || out.Len() > 0 {
			t.Errorf("%s: %v\n%s", name, err, out.String())
		}
		if err := (kbDraftCmd{Answer: good, To: bad}).run(&out); name != "line" &&
			(err == nil || !strings.Contains(err.Error(),
				"holds no mail of a customer: save the customer's mail as .eml")) {
			t.Errorf("--to %s: %v", name, err)
		}
	}
	if err := (kbDraftCmd{Answer: dir + "/none"}).run(&bytes.Buffer{}); err == nil ||
		!strings.Contains(err.Error(), "there is no file "+dir+"/none; save the agent's mail as .eml") {
		t.Errorf("%v", err)
	}
}
