package letters

import "github.com/replywell/replywell/shared/desk"

// Figure is a figure of the report behind which conversations stand.
type Figure struct {
	Name  string // see desk.Behind
	Label string // as the report calls it
	What  string // what its conversations are, a clause behind "those that are"
	Most  bool   // they are those that say most, and not drawn by lot
}

// ReportFigures are all of them, in the order in which one too small to be shown alone
// is joined with the next.
var ReportFigures = []Figure{
	{desk.FigureWaiting, "Who waits", "waiting, the longest first", true},
	{desk.FigurePromises, "Promises that are over, or end today", "promised an answer by then, the most urgent first", true},
	{desk.FigureFirst, "First answer", "those that waited longest for it", true},
	{desk.FigureNotAtFirst, "Solved at the first answer", "solved, and not at the first answer", false},
	{desk.FigureCameBack, "Came back within 7 days", "solved, and the customer wrote again within 7 days", false},
	{desk.FigureSaid, "Said it is solved", "those whose customer said “not yet”", false},
	{desk.FigureReopened, "Reopened", "solved before, and reopened", false},
	{desk.FigureAtRisk, "Customers at risk", "those of the customers with the most potential", true},
	{desk.FigureWon, "Customers won back", "those in which it went wrong, and the customer was glad in the end", true},
	{desk.FigureExchanges, "Exchanges until solved", "those that took the most", true},
	{desk.FigureContacts, "Mails the customer wrote until solved", "those that took the most", true},
	{desk.FigureHands, "Changed hands", "solved, and taken over on the way", false},
	{desk.FigureSolved, "Solved", "solved", false},
	{desk.FigureOpened, "Opened", "opened", false},
	{desk.FigureAsked, "Asked again after an article", "those in which the customer asked on", false},
	{desk.FigureTaken, "Answers that took a suggestion", "answered with a ready answer as it was", false},
	{desk.FigureChanged, "Suggestions changed", "answered with a ready answer, changed", false},
	{desk.FigureIgnored, "Suggestions not taken", "answered without the ready answers that were offered", false},
	{desk.FigureOnDefect, "Suggestions that answered a defect", "answered with a ready answer, and tied to a cause", false},
	{desk.FigureArticleSent, "Articles sent", "answered with an article", false},
	{desk.FigureThanks, "Thanks", "those in which the customer thanked", false},
	{desk.FigureBounced, "Did not arrive", "those of which an answer bounced", false},
}

// FigureOf finds one by its name.
func figureOf(name string) Figure {
	for _, f := range ReportFigures {
		if f.Name == name {
			return f
		}
	}
	return Figure{}
}
