package desk

// Suggestion is an article offered to an agent.
type Suggestion struct {
	Article  string // id
	Title    string
	Passage  string  // the part that answers
	Reply    string  // the article as text that reads like mail
	Score    float64 // probability that it is the right answer, 0 to 1
	Because  string  // the customer's words that matched
	Internal bool    // for agents only: never sent to customers
}
