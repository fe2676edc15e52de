package letters

import (
	"strings"

	"github.com/replywell/replywell/shared/email/page"
)

// frame are phrases that stand in letters to agents and nowhere else, at least
// one in each letter and one in each of its parts that tells something: above
// the text, who it is, ready answers, how to answer, the small print. Nobody
// writes them by chance. In lower case, with single spaces.
var frame = []string{
	strings.ToLower(page.ReplyMarker),
	"reply above this line",
	strings.Trim(teamOnly, ", "),
	"#send 1" + sendsIt,
	sendWith,
	"send answer 1 to",
	"keeps words in the team",
	"a letter fetches one mail",
	"a look of its own, and stands first",
	"a look of their own, and stand first",
	"this mail tells you of it without the text",
	strings.ToLower(strings.Trim(otherWords, ".")),
	"each gets it alone, in their own thread, from you",
	"in this one mail only",
	"why this mail is here:",
	strings.TrimSpace(departmentHint),
	strings.ToLower(departmentOnly),
	departmentLate,
	strings.ToLower(departmentTold),
	strings.TrimSpace(departmentSaid),
	onlyOrders,
	strings.ToLower(departmentNews),
	strings.ToLower(strings.TrimSuffix(departmentSure, ".")),
	"departments reply to the leads, and to the agent",
	"’s mailbox answered by itself",
	"they passed your question on",
	// above the text
	strings.ToLower(strings.TrimSuffix(toTeam, ".")),
	"you see it so that two of you do not answer twice",
	"what the mail system said stands below",
	"whose turn it is has not changed",
	"or their mail provider marked it so",
	"the mail names nobody that an answer could be sent to",
	"this was solved, and is open again",
	strings.ToLower(strings.Trim(notSolved, " .")),
	strings.ToLower(strings.TrimSpace(forMore)),
	strings.ToLower(nobodyYet) + ". they asked about",
	strings.ToLower(eachAlone),
	strings.ToLower(neverLeft),
	strings.ToLower(strings.Trim(notSeen, ".")),
	"please do not write again unless they do",
	strings.ToLower(strings.Trim(asksNothing, ".")),
	"an answer goes to the same address again",
	"’s turn, or yours",
	"the team’s turn",
	"it contains what must not reach a customer",
	"this is not a command; there are",
	keptWhy,
	remindedWhy,
	strings.ToLower(handedOnWhy),
	strings.ToLower(untakenWhy),
	strings.ToLower(takeIt),
	"do not put the customer into to or cc: the mail would reach them from your own address",
	"from your own mailbox. it is yours alone",
	"can be mailed: many mail systems refuse more",
	"it is yours from now on, by turn",
	"went to colleagues, and stays with them unless you #take",
	"no mail about customers comes to you",
	"for you, the longest since",
	"nobody waits for you.",
	returnedWhy,
	strings.ToLower(remindWhy),
	strings.ToLower(pendingWhy),
	"whether it is settled. if they say nothing",
	"put this off until",
	"the one reminder; the promised time is over",
	"turn, late since ",
	stoppedWhy,
	strings.ToLower(takenBack),
	"a mail of ours about your own text. we cannot tell whether",
	"other words go nowhere",
	"send it as your own answer",
	"takes no mail of that size",
	againWhy,
	letterTo,
	"if you wrote it, from an address that is not in the settings",
	// what agents arranged
	"from here on it is a conversation of its own: what",
	"what was said in both stands below. later mail to either",
	"later mail to either comes there",
	"takes it back within 30 days",
	"arranged the conversations",
	"beside an order it does not say whether its words are",
	"beside an order stand words that seem to be for the team",
	"it is yours from now on, and the others see that",
	"this conversation was yours until now",
	"the oldest first. nothing was sent or changed",
	"what is known of them by their mail",
	strings.ToLower(showsAll),
	strings.ToLower(showsArticle),
	strings.ToLower(hitsHow),
	leavesAnyway,
	strings.ToLower(madeUp),
	"your turn: answer mia in your own words",
	"your turn: send a ready answer",
	"now leave a word for the team",
	"last: close it",
	"that was all. you know what you need",
	"looked at: who wrote, the subject",
	"from the knowledge base, by your words",
	"nothing in the knowledge base has these words",
	"as it would be sent. nothing was sent or changed",
	"it cannot be sent as it stands here",
	strings.ToLower(noLogin),
	asksYou,
	"best on a line of its own. it works below your answer too",
	"held mails were settled",
	"by its number in the list that you answered",
	"the two seem to belong together; nothing was joined",
	// who it is
	"confirmed by the mail system of",
	confirmed,
	"anybody could have written this under that address",
	"they do not get your answer",
	"your answer still goes to the address that they wrote from",
	"please do not quote from it before you are sure who this is",
	// ready answers, how to answer
	strings.ToLower(readyAnswers),
	strings.ToLower(pastAnswers),
	strings.ToLower(draftHeading),
	"copy what is right into your own answer",
	strings.ToLower(draftRule),
	"what you write above the line goes to",
	"reply to this mail and begin with a command",
	"keeps the text below it for the team; nothing is sent",
	"marks this as solved; text below it is sent first",
	// digests, notices of held mail, reports
	"so much mail came that it is told to you in one mail",
	"how many mails you get before they are merged is set under",
	"a mail in your name was held",
	"the sender of the held mail was told nothing",
	"your mail was not carried out. nobody has got it",
	"mails in your name, or to addresses made for you, were held after the ones that you were told of",
	// questions that wait for a word, and what became of the answers
	strings.ToLower(onlyByWord),
	strings.ToLower(quarantineWhy),
	"nothing that you write here goes to a customer",
	strings.ToLower(strings.TrimSuffix(looksLikeWord, ": ")),
	strings.ToLower(strings.TrimSuffix(looksLikeOrder, ": ")),
	strings.ToLower(strings.TrimSpace(looksMisplaced)),
	strings.ToLower(strings.TrimSpace(choiceBecause)),
	// the report
	"mails in eight weeks were about “",
	"make it right for everybody, put it among the articles",
	"all figures are sums over the whole team; none is about a single person",
	"so nobody is there to read a reply",
	strings.ToLower(whyHint),
	"what is behind “",
	"wait for an answer, the oldest since",
	strings.ToLower(whyMerged),
	"what the report counted, it counted when it was made",
	"the report has no figure “",
	// trouble with mail
	keptBackWhy,
	"so this mail tells you of it without the text and the files",
	"server’s words: “",
	strings.ToLower(strings.TrimSpace(alertBecause)),
}

// Frames are the phrases by which a letter to an agent is known, in lower case.
func Frames() []string { return frame }

// Frame finds a piece of a letter to an agent in a text, such as the mark of a
// note, and gives it, or "". What contains one must not leave for a customer.
func Frame(text string) string {
	lower := strings.ToLower(strings.Join(strings.Fields(text), " "))
	for _, phrase := range frame {
		if strings.Contains(lower, phrase) {
			return phrase
		}
	}
	return ""
}
