package language

// Heading is what phrases stand below in the file of a language.
type Heading int

// The headings. What each is for is in the table below, and in every file.
const (
	// The language.
	Name Heading = iota
	FunctionWords
	StopWords
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
	GreetingWord
	GreetingNobody
	SignOffWord
	SignOffStart
	NameTitle
	TitleNobody
	OwnName
	FinePrint
	Courtesy

	// What customers write.
	Thanks
	ThanksBeside
	ThanksPhrase
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
	AnswerGreeting
	AnswerGreetingNobody
	AnswerLeave
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
	FollowUpAsk
	FollowUpClose
	FilesUntil
	EncryptedAsk
	RatingAsk
	RatingYes
	RatingNo
	RatingSolved
	RatingMissing

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
	CommandSnooze
	CommandRemind
	CommandPending
	CommandTemplate
	CommandKB
	CommandArticle
	CommandFind
	CommandPractice
	CommandForward
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
	TimeWords
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
	PoliteCapital
	OrderThing
	OrderPlease
	OrderState
	Number1
	Number2
	Number3
	AnswerYes
	AnswerNo
	Except
	Joining
	HeldRelease
	HeldDrop
	HeldAll
	HeldRest
	HeldFiller
	MineYes
	MineNo
	MineFiller

	// What machines answer, in lower case.
	AutomaticPrefix
	AbsencePrefix
	AbsenceHeading
	AbsenceSubject
	AbsencePhrase
	AbsenceSentence
	AutomaticPhrase
	AutomaticSentence
	AutomaticStart
	AutomaticMade
	ReceivedHeading
	ReceivedPhrase
	PersonWrites
	FirstPerson
	FirstPersonPart

	// What mail systems and programs report, in lower case.
	BounceSubject
	BouncePrefix
	BouncePhrase
	BounceExchange
	BounceUnknown
	BounceFull
	BounceDelay
	BounceFinal
	ReturnedMessage
	ReceiptPrefix
	ReceiptPhrase
	InvitationResponse
	ChallengeSubject
	ChallengePhrase

	// What services write to prove an address, in lower case.
	VerificationSubject
	VerificationSure
	VerificationPhrase
	CodeWord
	CodeStem
	AddressWord
	InviteStem

	// What gateways, scanners and mailing groups put around a mail, in lower case.
	ExternalTag
	BannerTitle
	BannerStart
	BannerProof
	BannerFollow
	FooterStart
	FooterProof
	FooterFollow
	Virus
	Via
	OnBehalf

	// Addresses, in lower case and plain letters.
	NoReply
	DeskAddress

	// What web forms send, in lower case.
	FormSubject
	FormName
	FormLastName
	FormAddress
	FormMessage
	FormPossessive

	// What is a person's, and is taken out before anything is learnt.
	SecretWord
	CardCheck
	CardExpiry
	LoginWord
	LoginNobody
	AccountWord
	PaperWord
	PurchaseWord
	CaseWord
	NumberWord
	IsWord
	StreetEnding
	StreetBefore
	StreetBehind
	StreetNumber
	StreetAt
	PostBox
	UnitWord
	NameParticle
	NameJoining
	NameEnding
	RoleAddress

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
	StopWords:             {"stop-words", words, "", "Function words and courtesies that say nothing of what a mail is about. None may stand here that says something in English."},
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
	GreetingWord:          {"greeting-word", words, "", `The words of which a greeting's first is one: "good" of "good morning". In lower case; so are the next three.`},
	GreetingNobody:        {"greeting-nobody", words, "", `What follows there and is no name: "all" of "hi all".`},
	SignOffWord:           {"sign-off-word", words, "", `Words of which the first two that end a letter have one: "regards".`},
	SignOffStart:          {"sign-off-start", lines, "", "How the words begin that end a letter."},
	NameTitle:             {"name-title", words, "", `What stands before a name: "Mr". Capitals matter here.`},
	TitleNobody:           {"title-nobody", words, "", "Words that have such a title and name nobody, where the title stands behind the name."},
	OwnName:               {"own-name", lines, "", `What somebody says before his own name: "my name is".`},
	FinePrint:             {"fine-print", lines, "", `Words, or their beginnings, of the fine print below a signature: "confidential", "registered office".`},
	Courtesy:              {"courtesy", lines, "", "Sentences of politeness that say nothing of the matter. They may stand in mails to two customers; in lower case."},
	Thanks:                {"thanks", words, "What customers write", "Words of which a mail that only thanks has one."},
	ThanksBeside:          {"thanks-beside", words, "", "Words that may stand beside them. A mail that has only words of both lists wants nothing more: none may stand here that can turn a sentence round (but, not, still, only, when, again)."},
	ThanksPhrase:          {"thanks-phrase", lines, "", `Parts of sentences that may stand there, too, whatever their words may say elsewhere: "saved my …". … is any one word. None may stand here that asks for anything or tells of trouble, whatever stands in place of … and around it.`},
	Person:                {"person", lines, "", `Whom somebody wants to speak to who wants a person: "somebody". Here and in the next five, * ends the beginning of a word, and other words may stand in place of …`},
	PersonContact:         {"person-contact", lines, "", `What he wants to do with that person: "talk". Both in one sentence ask for a person.`},
	PersonWanted:          {"person-wanted", lines, "", `Words that ask for a person alone: "real person".`},
	Robot:                 {"robot", lines, "", `What he does not want: "chatbot". It counts beside a word of not.`},
	Not:                   {"not", lines, "", "Words of not."},
	Asking:                {"asking", lines, "", `How an answer of ours asks for something: "please send".`},
	SubjectGeneric:        {"subject-generic", words, "", "Words that stand over any mail. A subject of them alone says nothing."},
	QuoteLine:             {"quote-line", one, "What we write to customers. Nothing is promised but that a person reads it", "The line above the quote in an answer, as mail programs in this language write it. $D is the day, $T the time, $N the name."},
	QuoteDate:             {"quote-date", one, "", "How the day in it is written, shown with the second of January 2006: 02.01.2006."},
	AnswerGreeting:        {"answer-greeting", one, "", "How an answer begins that is an article, where the agent wrote no greeting. $N is the customer's name; it may be left out where a name would have to be declined."},
	AnswerGreetingNobody:  {"answer-greeting-nobody", one, "", "The same where the name is not known."},
	AnswerLeave:           {"answer-leave", one, "", "How it ends: the words above the agent's name. They stand below [sign-off] as well."},
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
	FollowUpAsk:           {"follow-up-ask", one, "", "To a customer who has not answered: whether it is settled. An answer reaches us."},
	FollowUpClose:         {"follow-up-close", one, "", "The same mail: from which day on it is taken for settled, and that they can write again at any time."},
	FilesUntil:            {"files-until", one, "", "Above links to files that are too large for a mail: until which day they can be fetched."},
	EncryptedAsk:          {"encrypted-ask", one, "", "To a customer whose mail is encrypted: that we cannot read it, and to send it once more without."},
	RatingAsk:             {"rating-ask", one, "", "Below an answer that closes a conversation: whether it solved it. The two words of the links follow."},
	RatingYes:             {"rating-yes", one, "", "The link that says so."},
	RatingNo:              {"rating-no", one, "", "The link that says: not yet."},
	RatingSolved:          {"rating-solved", one, "", "The mail that the first link opens: its one sentence."},
	RatingMissing:         {"rating-missing", one, "", "The mail that the second link opens: not yet; what is missing is written behind it."},
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
	CommandSnooze:         {"command-snooze", lines, "", "The same: put the conversation off to a time."},
	CommandRemind:         {"command-remind", lines, "", "The same: remind me of it at a time."},
	CommandPending:        {"command-pending", lines, "", "The same: we wait for the customer."},
	CommandTemplate:       {"command-template", lines, "", "The same: send a text that the team has ready, by its name."},
	CommandKB:             {"command-kb", lines, "", "The same: look for articles by words."},
	CommandArticle:        {"command-article", lines, "", "The same: mail one article."},
	CommandFind:           {"command-find", lines, "", "The same: look for conversations by words."},
	CommandPractice:       {"command-practice", lines, "", "The same: practise with a made-up customer."},
	CommandForward:        {"command-forward", lines, "", "The same: ask a department, whose reply comes as a note."},
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
	TimeWords:             {"time-words", lines, "", `How agents say a time: what is meant (the English file has all of them), a colon, and the words for it, with _ for a blank: "tomorrow: morgen".`},
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
	PoliteCapital:         {"polite-capital", lines, "", `Words that are among those that speak to the reader, and do so only with a capital: "Sie", beside "sie" for "she".`},
	OrderThing:            {"order-thing", lines, "", `What an order is about: "ticket".`},
	OrderPlease:           {"order-please", lines, "", `Words of an order that change nothing: "please".`},
	OrderState:            {"order-state", lines, "", `Words that an answer may consist of as well: "Closed."`},
	Number1:               {"number-1", lines, "", "Words for the first suggestion."},
	Number2:               {"number-2", lines, "", "The second."},
	Number3:               {"number-3", lines, "", "The third."},
	AnswerYes:             {"answer-yes", lines, "", "Yes to a question of ours."},
	AnswerNo:              {"answer-no", lines, "", "No."},
	Except:                {"except", words, "", `Words after which letters are left out in an answer to a mail that tells of many: "1 not F H".`},
	Joining:               {"joining", words, "", "Words that may stand between those letters."},
	HeldRelease:           {"held-release", words, "", "An answer to a list of held mails: let them through."},
	HeldDrop:              {"held-drop", words, "", "The same: drop them."},
	HeldAll:               {"held-all", words, "", "The same: all of them."},
	HeldRest:              {"held-rest", words, "", "The same: the others."},
	HeldFiller:            {"held-filler", words, "", "Words that say nothing there. Any other word makes the line one that is not understood."},
	MineYes:               {"mine-yes", words, "", `An answer to "did you write this?": yes.`},
	MineNo:                {"mine-no", words, "", "The same: no."},
	MineFiller:            {"mine-filler", words, "", `Words that say nothing there: "that was me".`},
	AutomaticPrefix:       {"automatic-prefix", lines, "What machines answer, in lower case", `What mail systems put before the subject of an answer that nobody wrote: "Automatic reply". It counts alone: people do not write it.`},
	AbsencePrefix:         {"absence-prefix", lines, "", `The same of absence notes, where people might begin a subject so as well: "on vacation".`},
	AbsenceHeading:        {"absence-heading", lines, "", `The same of words that begin much else: "holiday". They count with a sentence of an absence note only.`},
	AbsenceSubject:        {"absence-subject", lines, "", "Parts of the subjects of absence notes."},
	AbsencePhrase:         {"absence-phrase", lines, "", `Parts of the sentences of absence notes: "i am out of the office".`},
	AbsenceSentence:       {"absence-sentence", lines, "", "How the other sentences in an absence note begin: thanks, when the writer is back, whom to ask."},
	AutomaticPhrase:       {"automatic-phrase", lines, "", "Parts of sentences that say that an answer is automatic."},
	AutomaticSentence:     {"automatic-sentence", lines, "", `How a sentence begins that says so by itself: "this message was sent auto".`},
	AutomaticStart:        {"automatic-start", lines, "", `How a sentence begins that says so with one of the words below: "this is an auto".`},
	AutomaticMade:         {"automatic-made", lines, "", `What such a sentence says next: what it is, or how it came about: "reply", "generated".`},
	ReceivedHeading:       {"received-heading", lines, "", `How the subject of a desk's confirmation begins: "we have received your".`},
	ReceivedPhrase:        {"received-phrase", lines, "", `What a desk's robot says to everybody: "ticket number".`},
	PersonWrites:          {"person-writes", lines, "", `What a person writes, and no machine, with the blanks around it: " hello".`},
	FirstPerson:           {"first-person", words, "", "Words by which somebody speaks of himself, and that are no common word of another language."},
	FirstPersonPart:       {"first-person-part", lines, "", "The same where words are not written apart."},
	BounceSubject:         {"bounce-subject", lines, "What mail systems and programs report, in lower case", "How the subject of a report begins that a mail could not be delivered."},
	BouncePrefix:          {"bounce-prefix", lines, "", `What they put before the subject of that mail, with the colon: "undeliverable:".`},
	BouncePhrase:          {"bounce-phrase", lines, "", "Parts of the sentences of such a report."},
	BounceExchange:        {"bounce-exchange", lines, "", "The same in the reports of Microsoft Exchange."},
	BounceUnknown:         {"bounce-unknown", lines, "", `The reason that nobody has the address: "unknown user".`},
	BounceFull:            {"bounce-full", lines, "", "The reason that the mailbox is full."},
	BounceDelay:           {"bounce-delay", lines, "", "That delivery is tried again."},
	BounceFinal:           {"bounce-final", lines, "", `That it is not: "permanently".`},
	ReturnedMessage:       {"returned-message", lines, "", `How a line begins above the mail that is returned with the report: "original message follows".`},
	ReceiptPrefix:         {"receipt-prefix", lines, "", `What programs put before the subject of a receipt, with the colon: "read:".`},
	ReceiptPhrase:         {"receipt-phrase", lines, "", `Parts of the sentences of a receipt: "was read on".`},
	InvitationResponse:    {"invitation-response", lines, "", `How the answer to an invitation begins: "accepted:".`},
	ChallengeSubject:      {"challenge-subject", lines, "", "Parts of the subjects of mails that ask a sender to prove that he is a person."},
	ChallengePhrase:       {"challenge-phrase", lines, "", "Parts of the sentences of such mails."},
	VerificationSubject:   {"verification-subject", lines, "What services write to prove an address, in lower case", `Parts of the subjects of mails with a code or a link that proves an address: "verification code".`},
	VerificationSure:      {"verification-sure", lines, "", "Those of them that nothing else has."},
	VerificationPhrase:    {"verification-phrase", lines, "", "Parts of the sentences of such mails."},
	CodeWord:              {"code-word", lines, "", "The word that stands beside a code, or its beginning."},
	CodeStem:              {"code-stem", lines, "", `What such mails are about, as beginnings of words: "verif", "password".`},
	AddressWord:           {"address-word", lines, "", `What is confirmed: "mail", "adres".`},
	InviteStem:            {"invite-stem", lines, "", "Beginnings of the words of invitations."},
	ExternalTag:           {"external-tag", lines, "What gateways, scanners and mailing groups put around a mail, in lower case", "What gateways put in brackets before the subject of a mail from outside, without the brackets."},
	BannerTitle:           {"banner-title", lines, "", `Whole lines of warning that gateways put above such a mail: "external email".`},
	BannerStart:           {"banner-start", lines, "", "How the first sentence of such a warning begins. It needs one of the words below as well."},
	BannerProof:           {"banner-proof", lines, "", `Words that make it one: "outside of the organi".`},
	BannerFollow:          {"banner-follow", lines, "", `How its other sentences begin: "do not click".`},
	FooterStart:           {"footer-start", lines, "", "How the footer of a virus scanner or a mailing group begins."},
	FooterProof:           {"footer-proof", lines, "", "Words in it that make it one."},
	FooterFollow:          {"footer-follow", lines, "", "How its other lines begin."},
	Virus:                 {"virus", lines, "", "The word for a computer virus, or its beginning, as scanners write it."},
	Via:                   {"via", lines, "", `What stands between a person's name and the service's that passes the mail on: "via".`},
	OnBehalf:              {"on-behalf", lines, "", `The same where a system writes for somebody: "on behalf of".`},
	NoReply:               {"no-reply", words, "Addresses, in lower case and plain letters", `What stands before the @ where nobody reads, without hyphens and dots: "noreply".`},
	DeskAddress:           {"desk-address", words, "", `Parts of what stands before the @ of addresses for customers: "support".`},
	FormSubject:           {"form-subject", lines, "What web forms send, in lower case", "Parts of the subjects of contact forms."},
	FormName:              {"form-name", lines, "", "The label of the field for the name."},
	FormLastName:          {"form-last-name", lines, "", "The label of the field for the last name alone."},
	FormAddress:           {"form-address", lines, "", "The label of the field for the mail address."},
	FormMessage:           {"form-message", lines, "", "The label of the field for the message."},
	FormPossessive:        {"form-possessive", lines, "", `Words before such a label: "your".`},
	SecretWord:            {"secret-word", lines, "What is a person's, and is taken out before anything is learnt", `What stands before what opens something: "password".`},
	CardCheck:             {"card-check", lines, "", `What the digits on the back of a card are called: "security code".`},
	CardExpiry:            {"card-expiry", lines, "", `What stands before the month in which a card ends: "valid thru".`},
	LoginWord:             {"login-word", lines, "", `What stands before the name that somebody logs in with: "user name".`},
	LoginNobody:           {"login-nobody", words, "", `What may follow there and is no such name: "your".`},
	AccountWord:           {"account-word", lines, "", `What stands before the number of a bank account: "sort code".`},
	PaperWord:             {"paper-word", lines, "", `The papers that a person has a number of: "passport".`},
	PurchaseWord:          {"purchase-word", lines, "", `What an order is called whose number follows: "order".`},
	CaseWord:              {"case-word", lines, "", `What else a customer has a number of: "invoice".`},
	NumberWord:            {"number-word", lines, "", `What may stand between those words and the number: "number", "no.".`},
	IsWord:                {"is-word", words, "", `The same: "is".`},
	StreetEnding:          {"street-ending", words, "", `How the names of streets end that are one word: "straße".`},
	StreetBefore:          {"street-before", words, "", `The word for a street before its name: "rue".`},
	StreetBehind:          {"street-behind", words, "", `The same behind its name, where the number of the house stands first: "Street". Capitals matter here.`},
	StreetNumber:          {"street-number", words, "", `The same where the number stands last: "utca".`},
	StreetAt:              {"street-at", lines, "", `How the names of streets begin that have no such word: "Am". Capitals matter here.`},
	PostBox:               {"post-box", lines, "", "What stands before the number of a box at the post office."},
	UnitWord:              {"unit-word", words, "", `What stands behind a number that counts or measures: "hours", "pages". Such a number is nobody's.`},
	NameParticle:          {"name-particle", words, "", `Small words in names of people: "von".`},
	NameJoining:           {"name-joining", words, "", `Small words beside those of which a name is not told: "and".`},
	NameEnding:            {"name-ending", words, "", "Endings that names have in the cases of the language."},
	RoleAddress:           {"role-address", words, "", `What stands before the @ and is no person's name: "billing".`},
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
