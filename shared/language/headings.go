package language

// Heading is what phrases stand below in the file of a language.
type Heading int

// The headings. What each is for is in the table below, and in every file.
const (
	// The language.
	Name Heading = iota
	FunctionWords
	Letters

	// What mail programs write around a quote.
	LabelFrom
	LabelSent
	LabelDate
	LabelTo
	LabelCc
	LabelSubject
	LabelReplyTo
	AttributionStart
	AttributionVerb
	AttributionPronoun
	OriginalMessage
	ForwardedMessage
	ReplyPrefix
	ForwardPrefix
	PhoneSignature
	ReplyAbove
	Months
	Days

	// How letters begin and end.
	Greeting
	SignOff
	FinePrint
	Courtesy

	// What customers write.
	Thanks
	ThanksBeside
	Person
	PersonContact
	PersonWanted
	Robot
	Not
	Asking
	SubjectGeneric

	// What we write to customers. Nothing is promised but that a person reads it.
	QuoteLine
	QuoteDate
	ConfirmationSubject
	ConfirmationGot
	ConfirmationPerson
	ConfirmationWithin
	ConfirmationHour
	ConfirmationHours
	ConfirmationDay
	ConfirmationDays
	ConfirmationAdvice
	ConfirmationGeneral
	ConfirmationStill
	ConfirmationMore
	ConfirmationAutomatic

	// What agents write: orders, and words for the team only.
	NumberSign
	CommandAnswer
	CommandNote
	CommandClose
	CommandSend
	CommandLearn
	CommandHelp
	CommandShow
	CommandSplit
	CommandMerge
	CommandUndo
	CommandAdd
	CommandRemove
	LikeAnswer
	LikeNote
	LikeClose
	LikeSend
	LikeLearn
	LikeHelp
	LikeShow
	LikeSplit
	LikeMerge
	LikeUndo
	LikeAdd
	LikeRemove
	TeamInternal
	NoteLabel
	RemarkLabel
	TeamCustomer
	TeamAddress
	TeamAddressAll
	TeamCrew
	TeamCall
	TeamFor
	TeamTake
	TeamQuestion
	TrackerField
	TelegramNoun
	TelegramArticle
	SpeaksToReader
	SpeaksOfOthers
	OrderThing
	OrderPlease
	OrderState
	Number1
	Number2
	Number3
	AnswerYes
	AnswerNo

	headingCount = iota // how many there are
)

// kind is how what stands below a heading is written.
type kind int

const (
	lines kind = iota // a phrase on each line
	words             // words with blanks between them, on as many lines as please
	one               // a single line
)

// headings is what a translator is told of each, in the order of the files. A
// group says what its headings have in common.
var headings = [...]struct {
	name    string
	kind    kind
	group   string // begins here
	comment string
}{
	Name:                  {"name", one, "The language", "The language's name in English."},
	FunctionWords:         {"function-words", words, "", `Small words that a mail in this language can hardly do without: "and", "is", "not", "my". They tell the language of a mail.`},
	Letters:               {"letters", words, "", "Letters that this language has and few others."},
	LabelFrom:             {"label-from", lines, "What mail programs write around a quote", `The labels of a header block, "From: Ann", without the colon: who wrote.`},
	LabelSent:             {"label-sent", lines, "", "The same: when it was sent."},
	LabelDate:             {"label-date", lines, "", "The same: its date."},
	LabelTo:               {"label-to", lines, "", "The same: to whom."},
	LabelCc:               {"label-cc", lines, "", "The same: who has a copy."},
	LabelSubject:          {"label-subject", lines, "", "The same: the subject."},
	LabelReplyTo:          {"label-reply-to", lines, "", "The same: where answers go."},
	AttributionStart:      {"attribution-start", lines, "", `How the line above a quote may begin: "On" of "On 3 May 2024, Ann wrote:".`},
	AttributionVerb:       {"attribution-verb", lines, "", `Its verb, in every form that mail programs use: "wrote".`},
	AttributionPronoun:    {"attribution-pronoun", lines, "", `Words that before the verb make it a person's own sentence: "he wrote:".`},
	OriginalMessage:       {"original-message", lines, "", `What stands between dashes above a quote: "-----Original Message-----".`},
	ForwardedMessage:      {"forwarded-message", lines, "", "The same above a mail that is passed on, dashes or not."},
	ReplyPrefix:           {"reply-prefix", lines, "", `What stands before the subject of an answer, without the colon: "Re".`},
	ForwardPrefix:         {"forward-prefix", lines, "", `The same of a mail that is passed on: "Fwd".`},
	PhoneSignature:        {"phone-signature", lines, "", `How a line begins that a telephone or an app adds: "Sent from my iPhone". With … in it: how it begins and how it ends.`},
	ReplyAbove:            {"reply-above", lines, "", `How a help desk says where to write: "reply above this line".`},
	Months:                {"months", words, "", "The months in full, in each case of grammar. Shorter forms are found by themselves."},
	Days:                  {"days", words, "", "The days of the week, in the same way."},
	Greeting:              {"greeting", lines, "How letters begin and end", `How a letter begins: "Hello", "Dear". A name may follow.`},
	SignOff:               {"sign-off", lines, "", `The words before a name that end a letter: "Best regards".`},
	FinePrint:             {"fine-print", lines, "", `Words, or their beginnings, of the fine print below a signature: "confidential", "registered office".`},
	Courtesy:              {"courtesy", lines, "", "Sentences of politeness that say nothing of the matter. They may stand in mails to two customers; in lower case."},
	Thanks:                {"thanks", words, "What customers write", "Words of which a mail that only thanks has one."},
	ThanksBeside:          {"thanks-beside", words, "", "Words that may stand beside them. A mail that has only words of both lists wants nothing more: none may stand here that can turn a sentence round (but, not, still, only, when, again)."},
	Person:                {"person", lines, "", `Whom somebody wants to speak to who wants a person: "somebody". Here and in the next five, * ends the beginning of a word.`},
	PersonContact:         {"person-contact", lines, "", `What he wants to do with that person: "talk". Both in one sentence ask for a person.`},
	PersonWanted:          {"person-wanted", lines, "", `Words that ask for a person alone: "real person".`},
	Robot:                 {"robot", lines, "", `What he does not want: "chatbot". It counts beside a word of not.`},
	Not:                   {"not", lines, "", "Words of not."},
	Asking:                {"asking", lines, "", `How an answer of ours asks for something: "please send".`},
	SubjectGeneric:        {"subject-generic", words, "", "Words that stand over any mail. A subject of them alone says nothing."},
	QuoteLine:             {"quote-line", one, "What we write to customers. Nothing is promised but that a person reads it", "The line above the quote in an answer, as mail programs in this language write it. $D is the day, $T the time, $N the name."},
	QuoteDate:             {"quote-date", one, "", "How the day in it is written, shown with the second of January 2006: 02.01.2006."},
	ConfirmationSubject:   {"confirmation-subject", one, "", "The confirmation that a mail has come: its subject."},
	ConfirmationGot:       {"confirmation-got", one, "", "The same: that the mail has come, and a person will read and answer it."},
	ConfirmationPerson:    {"confirmation-person", one, "", "The same to somebody who asks for a person: that a person has it."},
	ConfirmationWithin:    {"confirmation-within", one, "", "The same: how long that takes at most. $T is a span of time, from the four below."},
	ConfirmationHour:      {"confirmation-hour", one, "", "An hour, as it stands there."},
	ConfirmationHours:     {"confirmation-hours", one, "", "Several hours; $N is the number."},
	ConfirmationDay:       {"confirmation-day", one, "", "A day."},
	ConfirmationDays:      {"confirmation-days", one, "", "Several days."},
	ConfirmationAdvice:    {"confirmation-advice", one, "", "Above an article that may help: it is general, and nobody has looked at the case yet."},
	ConfirmationGeneral:   {"confirmation-general", one, "", `Before the article's title: "General advice:".`},
	ConfirmationStill:     {"confirmation-still", one, "", "Below the article: a person will answer whether it helps or not."},
	ConfirmationMore:      {"confirmation-more", one, "", "Whoever wants to add something answers this mail."},
	ConfirmationAutomatic: {"confirmation-automatic", one, "", "That the confirmation was sent automatically."},
	NumberSign:            {"number-sign", lines, "What agents write: orders, and words for the team only", `How the "#" is called by those who dictate.`},
	CommandAnswer:         {"command-answer", lines, "", `What stands behind a "#" and is this command: answer the customer with what follows.`},
	CommandNote:           {"command-note", lines, "", "The same: what follows stays in the team."},
	CommandClose:          {"command-close", lines, "", "The same: the conversation is done."},
	CommandSend:           {"command-send", lines, "", "The same: send the suggestion."},
	CommandLearn:          {"command-learn", lines, "", "The same: make an article of the answer."},
	CommandHelp:           {"command-help", lines, "", "The same: say what can be ordered."},
	CommandShow:           {"command-show", lines, "", "The same: show the conversation."},
	CommandSplit:          {"command-split", lines, "", "The same: make a conversation of its own of a mail."},
	CommandMerge:          {"command-merge", lines, "", "The same: put two conversations together."},
	CommandUndo:           {"command-undo", lines, "", "The same: take the last order back."},
	CommandAdd:            {"command-add", lines, "", "The same: take somebody into the conversation."},
	CommandRemove:         {"command-remove", lines, "", "The same: take somebody out of it."},
	LikeAnswer:            {"like-answer", lines, "", "Words that may mean the command of the same name. The agent is asked."},
	LikeNote:              {"like-note", lines, "", "The same."},
	LikeClose:             {"like-close", lines, "", "The same."},
	LikeSend:              {"like-send", lines, "", "The same."},
	LikeLearn:             {"like-learn", lines, "", "The same."},
	LikeHelp:              {"like-help", lines, "", "The same."},
	LikeShow:              {"like-show", lines, "", "The same."},
	LikeSplit:             {"like-split", lines, "", "The same."},
	LikeMerge:             {"like-merge", lines, "", "The same."},
	LikeUndo:              {"like-undo", lines, "", "The same."},
	LikeAdd:               {"like-add", lines, "", "The same."},
	LikeRemove:            {"like-remove", lines, "", "The same."},
	TeamInternal:          {"team-internal", lines, "", `Words by which a line says that it stays in the team: "internal".`},
	NoteLabel:             {"note-label", lines, "", `Words that stand beside those, or alone, before a note: "note:".`},
	RemarkLabel:           {"remark-label", lines, "", `Words before a remark that is for readers as well: "PS:".`},
	TeamCustomer:          {"team-customer", lines, "", `What the team calls the one it talks about: "the customer".`},
	TeamAddress:           {"team-address", lines, "", `Whom a line is written to that is for the team: "team".`},
	TeamAddressAll:        {"team-address-all", lines, "", `The same of words that may mean customers as well, where there are several: "all". They count behind an "@" only.`},
	TeamCrew:              {"team-crew", lines, "", `What the team calls itself: "guys, ...".`},
	TeamCall:              {"team-call", lines, "", `What before a colleague's name calls them, whatever follows: "ping".`},
	TeamFor:               {"team-for", lines, "", `Words before a name that say whom a line is for: "FAO Ben:".`},
	TeamTake:              {"team-take", lines, "", `What is said to hand a conversation over: "can you take this".`},
	TeamQuestion:          {"team-question", lines, "", `How a question begins that a team asks itself: "what do we say".`},
	TrackerField:          {"tracker-field", lines, "", `What a tracker keeps beside a conversation, before its value: "status: pending".`},
	TelegramNoun:          {"telegram-noun", lines, "", `Who wrote, in the words of a telegram: "called customer, no answer".`},
	TelegramArticle:       {"telegram-article", lines, "", `What before such a word makes it anybody: "every customer".`},
	SpeaksToReader:        {"speaks-to-reader", lines, "", `Words that speak to the reader: "you".`},
	SpeaksOfOthers:        {"speaks-of-others", lines, "", `Words that speak of a person who does not read it, and of nothing else: "he".`},
	OrderThing:            {"order-thing", lines, "", `What an order is about: "ticket".`},
	OrderPlease:           {"order-please", lines, "", `Words of an order that change nothing: "please".`},
	OrderState:            {"order-state", lines, "", `Words that an answer may consist of as well: "Closed."`},
	Number1:               {"number-1", lines, "", "Words for the first suggestion."},
	Number2:               {"number-2", lines, "", "The second."},
	Number3:               {"number-3", lines, "", "The third."},
	AnswerYes:             {"answer-yes", lines, "", "Yes to a question of ours."},
	AnswerNo:              {"answer-no", lines, "", "No."},
}

var byName = func() map[string]Heading {
	m := make(map[string]Heading, headingCount)
	for h, t := range headings {
		m[t.name] = Heading(h)
	}
	return m
}()

// String gives the heading as it stands in the files, without brackets.
func (h Heading) String() string { return headings[h].name }
