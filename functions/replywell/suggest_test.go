package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func file(t *testing.T, dir, name, content string) string {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSuggestCommand(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "return.md",
		"# Sending a lamp back\n\nYou can return anything within 30 days. Use the return label.\n")
	file(t, dir, "late.md",
		"# Where is my parcel?\n\nThe tracking number is in the mail that told you it was shipped.\n")
	history := file(t, t.TempDir(), "history.jsonl",
		`{"message":{"subject":"","body":"DHL says delivered, nothing here"},"sent":["late"]}`+"\n")
	in := `{"id":"1","subject":"","body":"Hello,\n\nhow do I send the lamp back? I want to return it.\n\nBest\nKim"}
{"id":"2","subject":"","body":"DHL says it was delivered, but nothing came"}
{"id":"3","subject":"","body":"where is my parcel","candidates":["return"]}
{"id":"4","subject":"","body":""}
`
	var out bytes.Buffer
	if err := (suggestCmd{KB: dir, History: history, Top: 2}).run(strings.NewReader(in), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d answers for 4 mails:\n%s", len(lines), out.String())
	}
	for i, want := range []string{"return", "late", "return", ""} {
		var a answered
		if err := json.Unmarshal([]byte(lines[i]), &a); err != nil {
			t.Fatal(err)
		}
		switch {
		case want == "" && (!a.Abstain || len(a.Suggestions) != 0):
			t.Errorf("an empty mail got %s", lines[i])
		case want != "" && (len(a.Suggestions) == 0 || a.Suggestions[0].Article != want):
			t.Errorf("%s; want %s first", lines[i], want)
		}
		for _, s := range a.Suggestions {
			if s.Confidence < 0 || s.Confidence > 1 {
				t.Errorf("%s: a confidence is a probability", lines[i])
			}
		}
	}
}

func TestSuggestCommandSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "a.md", "# A\n\ntext\n")
	bad := file(t, t.TempDir(), "bad.jsonl", "{\n")
	both := t.TempDir()
	file(t, both, "articles.jsonl", `{"id":"x","title":"X"}`)
	file(t, both, "b.md", "# B\n\ntext\n")
	file(t, both, "a.md", "# A\n\ntext\n")
	const some = `{"id":"1"}` + "\n"
	for _, tc := range []struct {
		cmd  suggestCmd
		in   string
		want []string
	}{
		{suggestCmd{KB: filepath.Join(dir, "none"), History: bad, Top: 3}, "",
			[]string{"cannot read the articles", "line 1"}},
		{suggestCmd{KB: bad, Top: 3}, "", []string{"is a file"}},
		{suggestCmd{KB: dir, Top: 0}, "", []string{"--top"}},
		{suggestCmd{KB: dir, Top: 1}, "nonsense\n", []string{"standard input, line 1",
			"0 mails before it were answered"}},
		{suggestCmd{KB: dir, Top: 1}, some + "\n" + some + some + "nonsense\n" + some,
			[]string{"standard input, line 5", "3 mails before it were answered"}},
		{suggestCmd{KB: dir, Top: 1}, "{\"body\":\"f\xfcr\"}", []string{"standard input, line 1 is not UTF-8"}},
		{suggestCmd{KB: dir, Top: 1}, some + strings.Repeat(" ", 5<<20),
			[]string{"standard input, line 2 has more than", "1 mail before it was answered"}},
		{suggestCmd{KB: dir, Top: 1}, some + "null\n",
			[]string{"standard input, line 2 is not a JSON object with id, subject and body: it is null",
				"1 mail before it was answered"}},
		{suggestCmd{KB: dir, Top: 1}, some + `{"body":"x"}`,
			[]string{"standard input, line 2 is not a JSON object with id, subject and body: it has no id"}},
		{suggestCmd{KB: dir, Top: 1}, `{"id":5}`, []string{
			`standard input, line 1 is not a JSON object with id, subject and body: "id" holds a number, and a text ` +
				`in quotes is needed`}},
		{suggestCmd{KB: dir, Top: 1}, `{"id":"5","candidates":"a"}`,
			[]string{`"candidates" holds a text, and a list in brackets is needed`}},
		{suggestCmd{KB: dir, History: dir + "/none", Top: 1}, "", []string{"there is no file", "--history"}},
		{suggestCmd{KB: both, Top: 1}, "", []string{both, "articles.jsonl", "2 files of Markdown (a.md)"}},
	} {
		err := tc.cmd.run(strings.NewReader(tc.in), &bytes.Buffer{}, io.Discard)
		for _, w := range tc.want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%+v: %v; want %q in it", tc.cmd, err, w)
			}
		}
	}
}

// Lines that teach nothing, and candidates that cannot be ranked, are told.
func TestSuggestTellsWhatItLeavesOut(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "README.md", "these are the articles")
	file(t, dir, "articles.jsonl", "\ufeff"+`{"id":"return","title":"Sending a lamp back"}`+"\n"+
		`{"id":"late","title":"Where is my parcel?"}`)
	history := file(t, t.TempDir(), "history.jsonl", `{"message":{"body":"I send it back"},"sent":["return"]}
{"message":{"body":"by hand"},"sent":[]}
{"message":{"body":"x"},"sent":["unknown"]}
{"message":{"body":"x"},"sent":["unknown","late"]}
{"message":{"body":"x"},"sent":["unknown"]}
`)
	var out, told bytes.Buffer
	in := "\ufeff" + `{"id":"1","body":"where is my parcel","candidates":["late","return"]}` + "\n\n" +
		`{"id":"2","body":"where is my parcel","candidates":["nothing","late"]}`
	if err := (suggestCmd{KB: dir, History: history, Top: 2}).run(strings.NewReader(in), &out, &told); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"history.jsonl: 2 of 5 lines name no article of this folder, and teach nothing; " +
		"first: line 3\n",
		"standard input: 1 of 2 mails has candidates that are no article of this folder, and are left out; first: " +
			"line 3\n"} {
		if !strings.Contains(told.String(), want) {
			t.Errorf("it told\n%s\nwant\n%s", told.String(), want)
		}
	}
	if strings.Count(out.String(), "\n") != 2 {
		t.Errorf("%s", out.String())
	}
}
