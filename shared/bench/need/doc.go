// Package need says what a test does where something that it needs beside Go is
// not there: a browser, Python, a program of AWS's.
//
// Whoever works on one room is not made to install a browser, so the test is skipped,
// with the command that installs what is missing. A check of a change that left tests
// out would be none, so under CI, and where REPLYWELL_BROWSER=1 asks for it, the same
// is a failure. No test skips by itself: each asks here, and one rule holds for all.
package need
