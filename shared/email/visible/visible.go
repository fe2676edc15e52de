// Package visible tells what was newly written in a mail from what was quoted.
package visible

// Parts is a mail's text, taken apart. Visible is what was newly written;
// joined in order, nothing of the mail is missing from the four together.
type Parts struct {
	Visible   string
	Quoted    string
	Signature string
	Forwarded *Forwarded // nil where nothing was forwarded
	Rules     []string   // which rule cut where, for --explain
}

// Forwarded is a mail that someone passed on inside this one.
type Forwarded struct {
	FromName    string
	FromAddress string
	Date        string // as written
	Subject     string
	Text        string
}

// Split takes a mail apart. text is the plain text body, html the HTML body;
// either may be empty. subject helps to tell a forward.
func Split(subject, text, html string) Parts {
	return Parts{Visible: text}
}
