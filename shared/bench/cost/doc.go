// Package cost says what mail costs on AWS: recorded requests times a file of prices.
//
// A test in package functions lets the services take a conversation from the first mail
// to the last, records what each path asks AWS for, and keeps that as
// functions/testdata/cost.json. [Page] multiplies it by the prices of prices.yaml, each
// with its source and the day on which it was looked up, and gives docs/cost.md. So a
// new price is one line of a file, and a path that got dearer is seen by a test.
package cost
