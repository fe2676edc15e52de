package letters_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/letters"
)

// The weekly report, and what somebody gets who replies to it.
func TestTheReportAsItLooks(t *testing.T) {
	w := writer(t)
	mb, monday := w.Settings.Mailboxes[0], time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)
	var behind []desk.Behind
	for _, f := range letters.ReportFigures {
		behind = append(behind, desk.Behind{Figure: f.Name, Label: f.Label, What: f.What, Mailbox: "support",
			Name: "Brightwater Support", Total: 31, ByLot: !f.Most})
	}
	ready, _, err := w.Report(desk.DerivedID("report"), "ben@team.example", mb, letters.Week{
		From: monday.AddDate(0, 0, -7), To: monday, Benchmark: 1.6,
		Gaps: []desk.Gap{{Mails: 7, Name: "Delivery to an island",
			DraftArticle: "---\ntitle: Delivery to the islands\n---\nParcels to the islands go by ferry, twice a " +
				"week.\n"}, {Mails: 3, Words: []string{"voucher"}}},
		Mailboxes: []letters.WeekOfMailbox{
			{ID: "support", Name: "Brightwater Support",
				Now: desk.Figures{Opened: 1208, Solved: 1183, SolvedAtFirst: 812, Reopened: 31, Watched: 1090,
					Returned: 44, Exchanges: desk.Spread{1: 612, 2: 400, 3: 140, 4: 31},
					Contacts: desk.Spread{1: 500, 2: 480, 3: 150, 5: 53}, HandedOver: 41, Offered: 960, Sent: 402,
					Answered: 700, AsIs: 301, Changed: 70, Ignored: 329, CameBack: 12, Bounced: 4, Held: 6,
					Thanked: 120, Said: 96, SaidSolved: 81},
				Earlier: desk.Figures{Opened: 1100, Solved: 1090, SolvedAtFirst: 700, Reopened: 40, Watched: 990,
					Returned: 41, Exchanges: desk.Spread{1: 500, 2: 330, 3: 200, 5: 60}, Offered: 880, Sent: 300,
					Answered: 640, AsIs: 200, Changed: 80, Ignored: 360, Thanked: 90},
				Waiting: letters.Waiting{Customers: 29, Since: monday.Add(-50 * time.Hour), Late: 2,
					PromisedDay: 4},
				WorkingHours: true, First: took(2, 9*time.Hour, 20*time.Minute, 26*time.Minute, 40*time.Minute,
					3*time.Hour, 5*time.Hour), FirstEarlier: took(0, 0, 41*time.Minute, 9*time.Hour),
				Evenings: []letters.Evening{{At: monday.AddDate(0, 0, -35), Customers: 11},
					{At: monday.AddDate(0, 0, -28), Customers: 15}, {At: monday.AddDate(0, 0, -21), Customers: 13},
					{At: monday.AddDate(0, 0, -14), Customers: 16}, {At: monday.AddDate(0, 0, -7), Customers: 14},
					{At: monday, Customers: 33}},
				Hiding: []letters.Hiding{{Article: "Late parcel", Rising: true,
					ArticleFate: desk.ArticleFate{Sent: 31, Back: 9, Defect: 18}}},
				Customers: letters.Customers{AtRisk: 14, Won: 3, Currency: "euro",
					RevenueAtRisk:    letters.Estimate{Customers: 12, Sum: 41_800, Low: 22_310, High: 61_290},
					RevenueProtected: letters.Estimate{Customers: 3},
					Risky: []letters.Customer{{Person: desk.Person{Name: "Olga Peters"}, Conversation: "000000000002",
						Why: letters.TroubleCameBack, Waits: monday.Add(-3 * time.Hour)},
						{Person: desk.Person{Name: "Clara Hoff"}, Conversation: "000000000001",
							Why: letters.TroubleSaidNot, Since: monday.Add(-99 * time.Hour), Silent: true}},
					Saved: []letters.Customer{{Person: desk.Person{Name: "Erika Muster"}}}},
				Wrong: []letters.Voice{{Said: "The driver left the parcel in the rain, and the box fell apart.",
					Conversation: "X66-TNW"}, {Said: "I was sent the same lamp twice, in the wrong colour.",
					Conversation: "P4K-9QD"}},
				ThankedFor: []letters.Voice{{Said: "The first shop that wrote back when it said it would.",
					Conversation: "M8R-2VH"}},
				Rises: []letters.Rise{{Topic: "Parcel does not move", Mails: 34, Days: 5, Expected: 6.4,
					Owner: "Warehouse", Since: monday.AddDate(0, 0, -5),
					Examples: []string{"Tracking says Hamm for four days.",
						"It is a birthday present, for tomorrow."}}}, Behind: behind},
			{Name: "Brightwater Wholesale and Trade Counter"},
		}})
	golden(t, "report", ready, err)
	ready, err = w.ReportReply(desk.DerivedID("report-reply"), "ben@team.example", mb,
		"Thanks! Can somebody look at the islands?\n\nBen")
	golden(t, "report-reply", ready, err)
	var shown []desk.Conversation
	for i, c := range []desk.Conversation{
		{Customer: desk.Person{Name: "Erika Muster"}, Subject: "The pump hums and does not stop",
			State: desk.StateSolved, Solved: monday.Add(-30 * time.Hour), CustomerMessages: 3, Answers: 2, Reopened: 1},
		{Customer: desk.Person{Name: "Clara Hoff"}, Subject: "Ferry", State: desk.StateOpen, CustomerMessages: 2,
			Answers: 1, Reopened: 1, Asked: monday.Add(-3 * time.Hour)},
		{Customer: desk.Person{Address: "o.peters@hotel.example"}, State: desk.StateAnswered, CustomerMessages: 5,
			Subject: "40 lamps for the new wing, the second delivery", Answers: 5, Reopened: 2},
	} {
		c.ID, c.Mailbox = desk.ConversationID(fmt.Sprintf("00000000000%d", i)), "support"
		c.Opened = monday.Add(-99 * time.Hour)
		c.Activity = monday.Add(-20 * time.Hour)
		shown = append(shown, c)
	}
	ready, _, err = w.Why(desk.DerivedID("why"), w.Settings.Agents[1], mb,
		[]letters.Why{{Asked: behind[6], All: behind, Shown: shown}})
	golden(t, "why", ready, err)
	ready, _, err = w.Why(desk.DerivedID("why"), w.Settings.Agents[1], mb,
		[]letters.Why{{Asked: behind[6], All: behind, Shown: shown, Merged: behind[7:9]}})
	golden(t, "why-merged", ready, err)
	ready, _, err = w.WhyMeant(desk.DerivedID("why-meant"), w.Settings.Agents[1], mb, "reopning", behind[6], behind)
	golden(t, "why-meant", ready, err)
}
