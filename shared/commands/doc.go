// Package commands is what an agent can say to the desk: one file a command.
//
// A Command holds its name, the words that mean it, what #help says of it, and
// its decision. A decision is pure: from the facts, and from the plan that the
// orders beside it have made, to the plan with this one in it, or to a Refusal
// in words for the agent. It reads nothing and writes nothing, so each has a
// table of one line a case.
//
// # The line
//
// Three rooms use this one. orders reads a mail by the words that stand here.
// reply gathers what each command says that it Needs, lets it decide, and records
// the plan as one change. letters lists what can be said.
//
// # A new command
//
// is a file here and its name in list.go. What only it needs to know, it names
// in Needs; what it changes of the conversation, it changes in
// Plan.Conversation; what it wants to be told, it puts into Plan.Tell, Plan.Page
// or Plan.Ask. Words of other languages stand with those languages.
package commands
