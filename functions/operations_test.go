package functions

import (
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Whoever is woken by an alarm finds what it means, a command that shows and one
// that mends; docs/operations.md has a section for each, and for nothing else.
func TestEveryAlarmIsExplained(t *testing.T) {
	page, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	var alarms, sections []string
	resources := template(t, "infra/observability.yaml").node("Resources")
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		if r := resources.node(name); r.text("Type") == "AWS::CloudWatch::Alarm" {
			alarms = append(alarms, name)
			if !strings.Contains(r.text("Properties", "AlarmDescription"), "docs/operations.md") {
				t.Errorf("%s does not say where it is explained", name)
			}
		}
	}
	parts := regexp.MustCompile(`(?m)^### `).Split(string(page), -1)
	for _, part := range parts[1:] {
		title, body, _ := strings.Cut(part, "\n")
		names := regexp.MustCompile("`(\\w+Alarm)`").FindAllStringSubmatch(title, -1)
		for _, n := range names {
			sections = append(sections, n[1])
		}
		if len(names) == 0 {
			continue
		}
		for _, word := range []string{"**Means.**", "**Shows.**", "**Mends.**"} {
			if !strings.Contains(body, word) {
				t.Errorf("the section %q lacks %s", title, word)
			}
		}
	}
	slices.Sort(sections)
	if !slices.Equal(alarms, sections) {
		t.Errorf("the templates have the alarms\n%v\nand the page explains\n%v", alarms, sections)
	}
}

// Each command that the pages for operators name is one that the program has.
func TestTheCommandsThatThePagesNameExist(t *testing.T) {
	program := programs(t) + "/replywell"
	seen := map[string]bool{}
	for _, page := range []string{"operations.md", "deploy.md", "one-machine.md"} {
		text, err := os.ReadFile("../docs/" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?:^|[`\\s(])(?:bin/)?replywell ((?:[a-z]+ ?){1,2})((?:[^`\n"+
			"]*)?)").FindAllStringSubmatch(string(text), -1) {
			words := strings.Fields(m[1])
			out, err := exec.Command(program, words[0], "--help").CombinedOutput()
			if err != nil {
				continue // prose: "replywell is …"
			}
			help := string(out)
			if len(words) > 1 && strings.Contains(help, "Commands:") {
				sub, err := exec.Command(program, words[0], words[1], "--help").CombinedOutput()
				if err != nil {
					t.Errorf("%s names \"replywell %s\", which is none", page, strings.Join(words, " "))
					continue
				}
				help = string(sub)
			}
			seen[words[0]] = true
			for _, flag := range regexp.MustCompile(`--[a-z][a-z-]+`).FindAllString(strings.Split(m[2], "#")[0], -1) {
				if !strings.Contains(help, flag) {
					t.Errorf("%s writes %s for \"replywell %s\", which has no such flag", page, flag,
						strings.Join(words, " "))
				}
			}
		}
	}
	for _, c := range []string{"doctor", "dlq", "config", "local"} {
		if !seen[c] {
			t.Errorf("no page names replywell %s", c)
		}
	}
}
