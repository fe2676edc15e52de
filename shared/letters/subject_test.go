package letters

import "testing"

// The table is the one by which threads are compared.
func TestAnAnswersSubjectRepeatsNoPrefix(t *testing.T) {
	for subject, want := range map[string]string{
		"The pump leaks":         "Re: The pump leaks",
		"Re: The pump leaks":     "Re: The pump leaks",
		"AW: The pump leaks":     "AW: The pump leaks",
		"RE[2]: The pump leaks":  "RE[2]: The pump leaks",
		"回复：泵漏水":                 "回复：泵漏水",
		"Vá: A szivattyú":        "Vá: A szivattyú",
		"WG: The pump leaks":     "Re: WG: The pump leaks",
		"Order 4711: it leaks":   "Re: Order 4711: it leaks",
		"[List] Re: The pump":    "[List] Re: The pump",
		": nothing before it":    "Re: : nothing before it",
		"Question: Re: who pays": "Re: Question: Re: who pays",
	} {
		if got := answerSubject(subject); got != want {
			t.Errorf("the answer to %q has the subject %q, not %q", subject, got, want)
		}
	}
}
