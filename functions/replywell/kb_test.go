package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestKBSearchAndDraft(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "return.md", "# Sending a lamp back\n\nYou can return anything within 30 days. Use the return label.\n")
	file(t, dir, "late.md", "# Where is my parcel?\n\nThe tracking number is in the mail that told you it was shipped.\n")
	var out bytes.Buffer
	if err := (kbSearchCmd{kbFolder: kbFolder{dir}, Top: 2, Words: []string{"where", "is", "my", "parcel"}}).run(&out); err != nil {
		t.Fatal(err)
	}
	if first, _, _ := strings.Cut(out.String(), "\n"); !strings.Contains(first, "late") {
		t.Errorf("%s", out.String())
	}
	answer := file(t, t.TempDir(), "answer.eml", "From: Anna <anna@team.example>\r\nTo: erika@customers.example\r\nSubject: Re: Lamp flickers\r\n\r\nHello Erika,\r\n\r\nturn the bulb until it is tight.\r\n\r\nBest regards,\r\nAnna\r\n\r\nOn Mon, 2 Mar 2026, Erika wrote:\r\n> it flickers\r\n")
	out.Reset()
	if err := (kbDraftCmd{Answer: answer}).run(&out); err != nil {
		t.Fatal(err)
	}
	if d := out.String(); !strings.Contains(d, "title: \"Lamp flickers\"") || !strings.Contains(d, "turn the bulb") || strings.Contains(d, "Erika") || strings.Contains(d, "> it") {
		t.Errorf("%s", d)
	}
	if err := (kbDraftCmd{Answer: dir + "/none"}).run(&out); err == nil || !strings.Contains(err.Error(), "cannot read the mail") {
		t.Errorf("%v", err)
	}
	file(t, dir, "third.md", "# sending a LAMP back\n\nsee [here](late.md)\n")
	if err := (kbCheckCmd{kbFolder{dir}}).Run(); err == nil || !strings.Contains(err.Error(), "2 problems") {
		t.Errorf("%v", err)
	}
}
