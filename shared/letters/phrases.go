package letters

import "github.com/replywell/replywell/shared/desk"

// Phrases of our own frame that stand in letters to agents.
const (
	teamOnly = ", for the team only"
	sendsIt  = " sends it"
	whyHere  = "You get this because "

	notSolved   = " says by a tap that your answer did not solve it."
	openAgain   = "This was solved, and is open again."
	notSeen     = "It is for the team only; the customer does not see it."
	asksNothing = "They ask nothing that we can see."
	confirmed   = "sender confirmed"
)

// What a reply is, as the first line says it. The customer's name goes in front
// of the full stop of toCustomer.
const (
	toCustomer  = "A reply goes to "
	toTeam      = "A reply is a note for the team."
	toNobody    = "Nobody reads replies to this mail."
	answerFirst = "#" + desk.CommandAnswer
	onlyNote    = "There is no address to answer to: a reply is a note for the team."
)

// otherWords stands in the first line of a mail of which only the words that it names act.
const otherWords = "Other words go nowhere."

// keepsWords says what #note does.
const keepsWords = "keeps words in the team"
