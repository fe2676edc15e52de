package page_test

import (
	"fmt"

	"github.com/replywell/replywell/shared/email/page"
)

func ExampleDocument_Text() {
	doc := page.Document{Lang: "en", Blocks: []page.Block{
		page.Message{Who: "Erika Mustermann", When: "Mon 2 Nov 2026, 09:14 CET",
			Text: "The export button does nothing."},
		page.Heading{Level: 3, Text: "Who it is"},
		page.Facts{Facts: []page.Fact{{Label: "Customer since", Value: "March 2021"}}},
		page.Commands{Commands: []page.Command{{Name: "#close", Meaning: "closes the conversation"}}},
	}}
	fmt.Print(doc.Text())
	// Output:
	// Erika Mustermann, Mon 2 Nov 2026, 09:14 CET:
	//
	//     The export button does nothing.
	//
	// Who it is:
	//
	// Customer since: March 2021
	//
	// #close: closes the conversation
}
