package letters

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/replywell/replywell/shared/email/page"
)

// Bounds of a message in Slack (docs.slack.dev, "Block Kit"), with room to spare.
const (
	maxBlocks    = 48
	maxBlockText = 2900
	maxHeadText  = 140
	barWidth     = 24 // signs of the longest bar
)

// Chat gives the report as Slack's blocks: who waits, the chart as text, the figures
// that are said, and what is more than usual. text stands where no block is shown, as
// in a notification.
func (w Writer) Chat(k Week) (text string, blocks []any) {
	add := func(b map[string]any) {
		if len(blocks) < maxBlocks {
			blocks = append(blocks, b)
		}
	}
	section := func(s string) {
		add(map[string]any{"type": "section", "text": map[string]string{"type": "mrkdwn", "text": cutRunes(s, maxBlockText)}})
	}
	text = "Support, " + k.title() + ": " + w.whoWaits(k.waiting())
	add(map[string]any{"type": "header", "text": map[string]string{"type": "plain_text", "text": cutRunes(strings.TrimSuffix(w.whoWaits(k.waiting()), "."), maxHeadText)}})
	section(chatText(w.band(k).Text))
	for _, m := range k.Mailboxes {
		if len(k.Mailboxes) > 1 {
			section("*" + chatText(m.Name) + "*: " + chatText(w.whoWaits(m.Waiting)))
		}
		if chart, ok := m.chart(); ok {
			section(chatText(chart.Caption) + "\n```" + textBars(chart) + "```")
		}
		for _, r := range m.readings(k) {
			section("*" + chatText(r.Label) + "*: " + chatText(r.Value) + "\n" + chatText(r.Note))
		}
		if m.Withheld != "" {
			section("What came of it is not told here. " + chatText(m.Withheld))
		}
		if c := m.Customers; c.AtRisk+c.Won > 0 {
			section(fmt.Sprintf("*Customers at risk*: %s.%s *Won back*: %s.%s", page.Thousands(c.AtRisk), chatText(" "+c.RevenueAtRisk.said(c.Currency, "at risk")),
				page.Thousands(c.Won), chatText(" "+c.RevenueProtected.said(c.Currency, "protected"))))
		}
		for _, h := range m.Hiding {
			section(fmt.Sprintf("*May hide a defect*: “%s”, sent %s.", chatText(h.Article), page.Count(h.Sent, "time", "times")))
		}
		for _, r := range m.Rises {
			owner := ""
			if r.Owner != "" {
				owner = " It belongs to " + chatText(r.Owner) + "."
			}
			section(fmt.Sprintf("*More than usual*: “%s”, %s; some %s were to be expected.%s", chatText(r.Topic), page.Count(r.Mails, "new concern", "new concerns"), decimal(math.Max(0.1, r.Expected)), owner))
		}
	}
	for _, g := range k.Gaps[:min(shownGaps, len(k.Gaps))] {
		section(fmt.Sprintf("*No article answers*: %s (%s, all answered by hand).", chatText(cmp.Or(g.Name, strings.Join(g.Words, ", "))), page.Count(g.Mails, "mail", "mails")))
	}
	add(map[string]any{"type": "context", "elements": []any{map[string]string{"type": "mrkdwn", "text": "All figures are sums over the whole team; none is about a single person."}}})
	return cutRunes(chatText(text), maxBlockText), blocks
}

// chatText writes text so that Slack reads no markup, no link and nobody's name in it.
func chatText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "∗", "`", "ˋ", "~", "∼", "_", "_\u2060").Replace(strings.TrimSpace(s))
}

// textBars draws the chart in signs of one width.
func textBars(c page.Bars) string {
	most, width := 0.0, 0
	for _, b := range c.Bars {
		most, width = math.Max(most, b.Value), max(width, utf8.RuneCountInString(b.Label))
	}
	var lines []string
	for _, b := range c.Bars {
		n := 0
		if most > 0 {
			n = int(math.Round(b.Value / most * barWidth))
		}
		lines = append(lines, fmt.Sprintf("%-*s %6s %s", width, b.Label, page.Thousands(int(b.Value)), strings.Repeat("█", n)))
	}
	return chatText(strings.Join(lines, "\n"))
}

func cutRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
