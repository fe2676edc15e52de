package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/bench"
	"github.com/replywell/replywell/shared/desk"
)

// careless are what five agents write who have read nothing, each in the own way.
// Of "{x}" nothing may reach a customer; what stands in "{{ }}" is for her.
var careless = map[string][]string{
	"Anna, who is quick": {"1", "#1", "send 1", "ok send it", "1 pls", "close", "#close", "#closed.", "close it",
		"{{Done, Erika.}} #close", "{{It is on its way.}}\n\n#close", "#note {x}", "#note\n{x}", "# note {x}",
		"note {x}", "note: {x}", "#ntoe {x}", "#nte {x}", "#noet {x}", "#Note: {x}",
		"#close #note {x}", "#send 1 #note {x}", "{{Sure!}}\n\n#note {x}", "{{On its way, Erika.}} #note {x}",
		"/note {x}", "/close", "@ben {x}", "ben: {x}", "ben can you {x}?", "can you take this? {x}", "#internal {x}",
		"#ben {x}", "#fyi {x}", "(note: he is {x})", "hashtag note {x}", "", "Anna", "Hi Erika,", "\u00a0", "#send"},
	"Bernd, who writes German letters": {"Hallo Erika,\n\n#notiz {x}",
		"Hallo Erika,\n\n#note\n{x}\n\nViele Grüße\nAnna", "Notiz: Kundin ist {x}", "interne Notiz: {x}",
		"Interne Notiz\n{x}", "nur intern: {x}", "Nur für uns: {x}", "#schließen", "#schliessen bitte", "#Notiz {x}",
		"#notitz {x}", "#noitz {x}", "bitte übernimm du", "Ben, bitte übernehmen {x}", "Hallo Ben,\n\n{x}", "@Ben: {x}",
		"zhd Ben: {x}", "Die Kundin ist {x}", "Der Kunde lügt {x}", "Achtung, die Kundin ist {x}",
		"schick 1", "1 bitte", "ok 1", "Sende 1", "Antwort 1", "bitte schließen", "Ticket schließen",
		"{{Hallo Erika,\n\ndie Lampe kommt am Freitag.}}\n\nInterne Notiz: {x}",
		"{{Hallo Erika,\n\ndie Lampe kommt am Freitag.}}\n\n#notiz {x}",
		"{{Hallo Erika,\n\ndie Lampe kommt am Freitag.}}\n\n@Ben {x}", "#intern {x}", "#vertraulich {x}",
		"[intern] {x}", "(intern: {x})", "Vermerk: Kunde {x}", "Mit freundlichen Grüßen\nAnna Winter",
		"Von meinem iPhone gesendet", "#hilfe", "hilfe", "#zu"},
	"Carla, who uses marks": {"*#note* {x}", "**#note**\n{x}", "_#note_ {x}", "`#note` {x}", "- #note {x}",
		"-#note {x}", "* #note\n* {x}", "1. #note {x}", "\"#note {x}\"", "„#note {x}“", "[#note] {x}", "<note> {x}",
		"[note] {x}", "{note} {x}", "== note ==\n{x}", "--- internal ---\n{x}", "!note {x}", "§note {x}", "\\note {x}",
		"::note {x}",
		"#️⃣note {x}", "＃note {x}", "﹟note {x}", "\u200f#note {x}", "\u2067#note\u2069 {x}", "\ufeff#note {x}",
		"#\u200bnote {x}", "🔒 #note {x}", "⚠️ note: he is {x}", "👉 @Ben {x}", "*#close*", "**close**", "(1)", "1️⃣",
		"\"1\"", "→ #send 1", "#send: 1", "#send-1", "***", "—"},
	"Dmitri, who comes from other desks": {"#internal {x}", "#private {x}", "#comment {x}", "#assign ben {x}",
		"#snooze 2d {x}", "#tag vip {x}", "#escalate {x}", "#spam", "#delete", "#solved", "#done", "#resolved",
		"/close", "/assign @ben {x}", "/internal {x}", "@ben {x}", "@team {x}", "@here {x}", "@all {x}", "@support {x}",
		"#urgent {x}", "#priority high {x}", "#forward sales {x}", "#merge", "#status pending {x}", "#pending {x}",
		"assign to ben {x}", "Internal note: {x}", "INTERNAL: {x}", "INTERNAL NOTE\n{x}",
		"Private comment: {x}", "Note to team: {x}", "team only: {x}", "not for the customer: {x}", "do not send: {x}",
		"FYI team: {x}", "cc @ben {x}", "#cc ben {x}", "#wait until monday {x}", "#reopen"},
	"Eva, who answers below": {"{{The lamp is on its way.}}\n#note {x}", "{{The lamp is on its way.}}\n\n# note\n{x}",
		"{{The lamp is on its way.}}\n\nNote to Ben: {x}", "{{The lamp is on its way.}}\n\n(internal: {x})",
		"{{The lamp is on its way.}} [internal: {x}]", "{{The lamp is on its way.}}\n\nBest regards\nAnna\n\n#note {x}",
		"{{The lamp is on its way.}}\n\nBest regards\nAnna\n\n#close", "{{The lamp is on its way.}}\n\n#clsoe",
		"{{The lamp is on its way.}}\n\nclose", "{{The lamp is on its way.}}\n\nsend 1",
		"{{This should help:}}\n#send 1", "{{This should help:}}\n1", "{{This should help:}}\n\n#1",
		"{{The lamp is on its way.}}\n\nnote: she is {x}", "{{The lamp is on its way.}}\n\nInternal: {x}",
		"{{The lamp is on its way.}}\n\n*internal note*\n{x}", "{{The lamp is on its way.}}\n\n----\n#note {x}",
		"{{The lamp is on its way.}}\n\n#ntoe {x}", "{{The lamp is on its way.}}\n\n#not {x}",
		"{{The lamp is on its way.}}\n\n#internal {x}",
		"{{The lamp is on its way.}}\n\n@Ben {x}", "{{The lamp is on its way.}}\n\nBen, {x}",
		"{{The lamp is on its way.}}\n\nHi Ben, {x}", "{{The lamp is on its way.}} @ben {x}",
		"{{The lamp is on its way.}}\n\n/note {x}", "{{The lamp is on its way.}}\n\n#note: {x}\n\nmore {x}",
		"{{The lamp is on its way.}}\n\n#private\n{x}", "{{The lamp is on its way.}}\n\nPS @Ben: {x}",
		"{{The lamp is on its way.}}\n\nPS for Ben: {x}", "{{The lamp is on its way.}}\n\n\u200f#note {x}",
		"{{The lamp is on its way.}}\n\n    #note {x}", "{{The lamp is on its way.}}\n\n\t#note {x}",
		"{{The lamp is on its way.}}\n\n\"#note {x}\"", "{{The lamp is on its way.}}\n\n> #note {x}",
		"{{The lamp is on its way.}}\n\n#note\n\nHi Erika,\n\n{x}", "{{The lamp is on its way.}}\n\n##note {x}",
		"{{The lamp is on its way.}}\n\n#notes {x}", "{{The lamp is on its way.}}\n\n#NOTE {x}",
		"{{The lamp is on its way.}}\n\n﹟note {x}", "{{The lamp is on its way.}}\n\nconfidential: {x}"},
}

// TestLeakFiveAgentsOfAMorning: five agents who have read nothing write forty
// mails each, through the real services; and it is told where each went.
func TestLeakFiveAgentsOfAMorning(t *testing.T) {
	const hidden = "zq7zq and so on"
	tried := 0
	went := map[string]int{}
	for who, mails := range careless {
		for i, m := range mails {
			tried++
			text := strings.NewReplacer("{{", "", "}}", "", "{x}", hidden).Replace(m)
			s := &scene{Path: bench.NewPath(t)}
			b := s.begin()
			in := s.arrive(answer(anna, b.anna, text))
			sent := s.Later(2 * time.Minute)
			where := "asked about"
			left := s.Outside(sent)
			kinds := ""
			for _, x := range s.Messages(b.first)[1:] {
				kinds += " " + string(x.Kind)
			}
			switch {
			case in.Outcome == desk.OutcomeAgent:
				where = "carried out:" + kinds
				if s.Conversation(b.first).State == desk.StateSolved {
					where += " closed"
				}
			case len(sent) != 1 || sent[0].To[0] != anna:
				t.Errorf("%s, %q: %s, and %d mails", who, text, in.Outcome, len(sent))
			}
			went[where]++
			fmt.Fprintf(t.Output(), "%-36s %2d  %-28s %q\n", who, i+1, where, m)
			for _, l := range left {
				all := own(l) + l.Read.HTML
				if strings.Contains(all, "zq7zq") || strings.Contains(all, "#note") ||
					strings.Contains(all, "#close") || strings.Contains(all, "#send") {
					t.Errorf("%s, %q: she reads\n%s", who, text, own(l))
				}
				if !strings.Contains(m, "{{") && !strings.Contains(own(l), "photo of the lamp") {
					t.Errorf("%s, %q: a mail left that is no ready answer:\n%s", who, text, own(l))
				}
			}
		}
	}
	fmt.Fprintf(t.Output(), "%d agents' mails through the services: %v\n", tried, went)
	if tried < 200 {
		t.Errorf("only %d mails", tried)
	}
}
