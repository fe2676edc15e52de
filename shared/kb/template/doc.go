// Package template fills in what stands between double braces in a text that a team
// has ready: "Hello {{customer.first_name}}".
//
// It is strict on purpose. A team's template goes to a customer, often unread, so a
// variable that nobody knows, one that is empty here and braces that are half written
// are never left standing: Read says so with the line, which "kb check" shows to who
// wrote the template, and Fill gives no text then, but the names.
//
// A text is read once. What a variable stands for is never read again, so a customer
// who is called "{{agent.name}}" is called that.
package template
