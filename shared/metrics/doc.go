// Package metrics posts the week's figures, by mail and to a Slack channel.
//
// Every figure is folded from events (desk.Tally), which were recorded with
// what they tell of; a conversation is read only where one that came in was joined or
// split, or who it is of waits now. Days that are over are read from their
// roll-ups (package rollup), which are made by the hour and when somebody asks. A
// week starts on Monday at midnight in the team's time zone and is told when it is
// over. Each figure stands beside the week before, and the report says what a
// figure may call for; docs/metrics.md tells each. Nothing in it is about a single
// person, and what it is folded from does not say who acted.
//
// Posting the same week again is harmless: each reader's mail has an id made
// from the week, so it is recorded once. Slack takes no such id; it is posted
// to after the mails are recorded, and again only if it had failed.
package metrics
