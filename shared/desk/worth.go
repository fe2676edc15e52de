package desk

import (
	"time"
)

// Worth is what a team says of a customer: how much may be ordered again, and whose
// customer it is. It comes from the team's own list (package worth), and is kept with
// a conversation as of the customer's last mail, so that whoever decides on the order
// of work has it at hand. The zero value is a customer of whom nothing is said.
type Worth struct {
	// Potential is how likely, and how much, this customer orders again, from 0 to 1,
	// by the formula that the team set.
	Potential float64   `json:"potential,omitzero"`
	Tier      string    `json:"tier,omitzero"`    // Tier.ID or Tier.Name, or a word of the team's own
	Owner     string    `json:"owner,omitzero"`   // who looks after them: Agent.ID, Department.ID, or a name
	Since     time.Time `json:"since,omitzero"`   // when they became a customer
	Revenue   float64   `json:"revenue,omitzero"` // of a year, in ValuePolicy.Currency; 0: not known
	// Copied is whose worth it is where somebody in copy counts for more than the
	// customer: their address. "" is the customer's own.
	Copied string `json:"copied,omitzero"`
}

// ValuePolicy says how a customer's potential is reckoned, and from when on it is high.
type ValuePolicy struct {
	// Formula gives the potential from the columns of the team's list; "" is the column
	// "potential" as it stands there. See package worth/formula.
	Formula  string
	High     float64 // a potential of so much and more is high; 0 is DefaultHigh
	Currency string  // what revenue is counted in: "euro"
}

// DefaultHigh is from when on a potential is high where the settings do not say.
const DefaultHigh = 0.7
