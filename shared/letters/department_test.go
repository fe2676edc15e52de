package letters_test

import (
	"testing"
	"time"

	"github.com/replywell/replywell/shared/desk"
	"github.com/replywell/replywell/shared/email/message"
	"github.com/replywell/replywell/shared/letters"
)

var warehouse = desk.Department{ID: "warehouse", Name: "Warehouse", Address: "lager@team.example",
	Within: 4 * time.Hour}

// What a department is written, and what agents are told of it.
func TestLettersOfDepartments(t *testing.T) {
	w := writer(t)
	s := w.Settings
	s.Departments = []desk.Department{warehouse}
	anna, mb := s.Agents[0], s.Mailboxes[0]
	mb.Within = 8 * time.Hour
	s.Mailboxes[0] = mb
	conv := conversation(t, 7)
	msg := desk.Message{Conversation: conv.ID, Sequence: 1, Kind: desk.KindCustomer, From: conv.Customer,
		At: friday.Add(-4 * time.Minute), Subject: conv.Subject, Verified: true,
		Text: shortText + "\nerika@customer.example"}
	photo := []message.Attachment{{Filename: "lamp.png", ContentType: "image/png", Size: 8,
		Content: []byte("\x89PNG....")},
		{Filename: "film.mov", ContentType: "video/quicktime", Size: 20 << 20}}
	q := letters.Enquiry{Agent: anna, Department: warehouse, Message: msg, Files: photo,
		Text: "Are two of the lamps of order 20881 still with you? If not, when did they leave?"}
	ready, err := w.Enquiry(desk.DerivedID("enquiry"), mb, conv, q)
	golden(t, "enquiry", ready, err)
	q.Text, q.Files = "", nil
	q.Thread = []desk.Message{
		{Kind: desk.KindAnswer, Agent: "anna", At: friday.Add(-time.Hour), Text: "We look into it. Write to " +
			"erika@customer.example."},
		{Kind: desk.KindNote, Agent: "ben", At: friday.Add(-time.Minute), Text: "The second one this week."}}
	ready, err = w.Enquiry(desk.DerivedID("enquiry-whole"), mb, conv, q)
	golden(t, "enquiry-whole", ready, err)

	conv.Messages = 3
	asked := desk.Message{Conversation: conv.ID, Sequence: 2, Kind: desk.KindNote, Agent: "anna",
		At:   friday.Add(-time.Hour),
		Text: "Warehouse was asked:\n\nAre two of the lamps of order 20881 still with you?"}
	reply := desk.Message{Conversation: conv.ID, Sequence: 3, Kind: desk.KindNote, At: friday,
		From: desk.Person{Name: "Otto Lager, Warehouse", Address: "otto@team.example"}, Text: "They leave on " +
			"Thursday.\n\n#close"}
	said := letters.Replied{Department: warehouse, By: anna, Orders: []string{"#close"}, Copied: true}
	ready, err = w.Notification(desk.DerivedID("replied"), anna, mb, conv, reply,
		letters.Context{History: []desk.Message{msg, asked}, Happened: said.Callout(conv)})
	golden(t, "department-replied", ready, err)
	ready, err = w.DepartmentOrders(desk.DerivedID("department-orders"), mb, conv, warehouse, anna,
		[]string{"#close"})
	golden(t, "department-orders", ready, err)

	waiting := desk.Consulted{Department: "warehouse", By: "anna", At: friday.Add(-26 * time.Hour)}
	conv.Consult(waiting)
	ready, err = w.Silent(desk.DerivedID("department-silent"), anna, mb, conv, msg, waiting, warehouse,
		letters.Context{History: []desk.Message{asked}})
	golden(t, "department-silent", ready, err)
	ready, err = w.FromDepartment(desk.DerivedID("from-department"), anna, mb,
		desk.DepartmentReply{Department: warehouse,
			Who: desk.Person{Name: "Otto Lager", Address: "otto@team.example"}, Verified: true},
		"Re: What customers say", "The carrier was on strike. It is over.")
	golden(t, "from-department", ready, err)
}
