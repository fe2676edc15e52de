package wording_test

import (
	"testing"

	"github.com/replywell/replywell/shared/email/wording"
)

func TestFoldBringsSpellingsTogether(t *testing.T) {
	for in, want := range map[string]string{
		"Réponse\u00a0automatique :  X": "réponse automatique : x",
		"I’m Out":                       "i'm out",
		"自動返信：ご注文":                      "自動返信:ご注文",
		" a\t b \r\n c ":                "a b\n c",
		"soft\u00adhyphen\u200b":        "softhyphen",
	} {
		if got := wording.Fold(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestNoReplyAddresses(t *testing.T) {
	for local, want := range map[string]bool{
		"noreply": true, "no-reply": true, "no_reply": true, "no.reply+x": true, "donotreply": true,
		"no-reply-billing": true, "billing-noreply": true, "billing.no-reply": true, "ne-pas-repondre": true,
		"nicht-antworten": true,
		"arno.reply":      false, "nora.reply": false, "reply": false, "info": false, "casanoreply": false, "": false,
	} {
		if got := wording.IsNoReply(local); got != want {
			t.Errorf("%q: %v", local, got)
		}
	}
}

func TestSplitAddress(t *testing.T) {
	if l, d := wording.SplitAddress(" Erika@Mail.Example "); l != "erika" || d != "mail.example" {
		t.Errorf("%q %q", l, d)
	}
	if l, d := wording.SplitAddress("root"); l != "root" || d != "" {
		t.Errorf("%q %q", l, d)
	}
}
