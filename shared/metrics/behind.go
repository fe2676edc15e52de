package metrics

import (
	"slices"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// behind puts together what is behind a mailbox's figures, in the order in which a
// report has them.
func behind(m letters.WeekOfMailbox, ids map[string][]desk.ConversationID) (out []desk.Behind) {
	totals := map[string]int{
		desk.FigureWaiting: m.Waiting.Customers, desk.FigurePromises: m.Waiting.Late + m.Waiting.PromisedDay, desk.FigureFirst: m.Seen,
		desk.FigureNotAtFirst: m.Now.Solved - m.Now.SolvedAtFirst, desk.FigureCameBack: m.Now.Returned, desk.FigureReopened: m.Now.Reopened, desk.FigureAtRisk: m.Customers.AtRisk, desk.FigureWon: m.Customers.Won, desk.FigureSaid: m.Now.Said - m.Now.SaidSolved,
		desk.FigureExchanges: m.Now.Exchanges.Count(), desk.FigureContacts: m.Now.Contacts.Count(), desk.FigureHands: m.Now.HandedOver,
		desk.FigureSolved: m.Now.Solved, desk.FigureOpened: m.Now.Opened, desk.FigureAsked: m.Now.CameBack, desk.FigureTaken: m.Now.AsIs,
		desk.FigureChanged: m.Now.Changed, desk.FigureOnDefect: m.Now.OnDefect, desk.FigureIgnored: m.Now.Ignored, desk.FigureArticleSent: m.Now.Sent,
		desk.FigureThanks: m.Now.Thanked, desk.FigureBounced: m.Now.Bounced,
	}
	add := func(f letters.Figure, total int, ids []desk.ConversationID) {
		out = append(out, desk.Behind{Figure: f.Name, Label: f.Label, What: f.What, Mailbox: m.ID, Name: m.Name, Total: total,
			Conversations: ids, ByLot: !f.Most && len(ids) == desk.MaxBehind && total > len(ids)})
	}
	for _, f := range letters.ReportFigures {
		add(f, totals[f.Name], ids[f.Name])
	}
	for _, r := range m.Rises {
		few := slices.Clone(r.Conversations)
		add(letters.Figure{Name: desk.FigureTopic + r.Topic, Label: r.Topic, What: "newly about “" + r.Topic + "”", Most: true}, r.Mails, few[:min(len(few), desk.MaxBehind)])
	}
	return out
}

// longestFirst are those who waited longest for a first answer in the span; who waits
// still counts up to its end.
func (a askers) longestFirst(from, to time.Time) []desk.ConversationID {
	begin, stop := ms(from), ms(to)
	var l desk.Longest
	for id, c := range a {
		if end, _, ok := c.ended(begin, stop); ok {
			l.Add(id, end-c.opened)
		}
	}
	return desk.IDsOf(l.Numbers())
}
