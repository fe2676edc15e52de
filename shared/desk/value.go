package desk

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
