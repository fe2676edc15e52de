package desk

// Suggestion is an article offered to an agent.
type Suggestion struct {
	Article  string // id
	Title    string
	Passage  string  // the part that answers
	Reply    string  // the article as text that reads like mail
	Score    float64 // only comparable within one ranking
	Because  string  // the customer's words that matched
	Internal bool    // for agents only: never sent to customers
}
