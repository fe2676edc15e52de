package commands

import "github.com/replywell/replywell/shared/desk"

// What is done with the text of the mail.

// answer sends the text to the customer, in reply to a mail of ours to which a
// plain reply is a note.
var answer = Command{
	Name:   desk.CommandAnswer,
	Help:   []Line{{"#answer", "sends the text below it to the customer, where a plain reply would be a note"}},
	Decide: func(_ Facts, _ desk.Command, p Plan) (Plan, error) { p.ToCustomer = true; return p, nil },
}

// note keeps text for the team.
var note = Command{
	Name: desk.CommandNote,
	Help: []Line{{"#note", "keeps the text below it for the team; alone it stops your answer that waits, and keeps that"},
		{"#note all", "the same, and stops answers that colleagues wrote before they saw it"}},
	Needs: func(f Facts, c desk.Command) Needs {
		if c.Word == desk.NoteAnswer {
			return Needs{Leaving: f.ownAnswer().Outbox}
		}
		return Needs{}
	},
	Decide: func(f Facts, c desk.Command, p Plan) (Plan, error) {
		if c.Word == desk.NoteAnswer {
			return f.keepAnswer(p)
		}
		p.ToTeam, p.ForAll = true, p.ForAll || c.Word == desk.NoteForAll
		return p, nil
	},
}

// learn makes a draft of an article of the answer, which is sent as usual.
var learn = Command{
	Name:   desk.CommandLearn,
	Help:   []Line{{"#learn", "sends your answer, and mails you a draft article made of it"}},
	Decide: func(_ Facts, _ desk.Command, p Plan) (Plan, error) { p.Learn = true; return p, nil },
}

// closing closes the conversation; text beside it is sent first.
var closing = Command{
	Name:   desk.CommandClose,
	Help:   []Line{{"#close", "marks this as solved; text below it is sent first"}},
	Decide: func(_ Facts, _ desk.Command, p Plan) (Plan, error) { p.Close = true; return p, nil },
}

// sendAnyway sends an answer that was held back because of what stands in it, as
// it was. Which one it is, the mail says that is answered; that mail is read in
// place of this one, so there is nothing left to decide.
var sendAnyway = Command{
	Name: desk.CommandSendAnyway, Also: []string{"send_anyway", "sendanyway"},
	Help: []Line{{"#send-anyway", "sends an answer that we stopped, as it was; reply to the mail that told you why"}},
}
