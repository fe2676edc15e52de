package desk

import "time"

// Period is what a report is of.
type Period string

// The periods.
const (
	Daily   Period = "day"
	Weekly  Period = "week"
	Monthly Period = "month"
)

// Span is the last whole period before the moment, in the moment's zone: days begin
// at midnight on the wall, also where clocks change, and weeks on Monday.
func (p Period) Span(now time.Time) (from, to time.Time) {
	y, m, d := now.Date()
	midnight := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, now.Location()) }
	switch p {
	case Daily:
		return midnight(y, m, d-1), midnight(y, m, d)
	case Monthly:
		return midnight(y, m-1, 1), midnight(y, m, 1)
	}
	monday := d - (int(now.Weekday())+6)%7
	return midnight(y, m, monday-7), midnight(y, m, monday)
}

// Before is where the period before the one that begins at the moment began.
func (p Period) Before(from time.Time) time.Time {
	switch p {
	case Daily:
		return from.AddDate(0, 0, -1)
	case Monthly:
		return from.AddDate(0, -1, 0)
	}
	return from.AddDate(0, 0, -7)
}

// Late is for how long after a period's end its report is still posted: then the next
// one comes, or it is no news.
func (p Period) Late() time.Duration {
	switch p {
	case Daily:
		return 24 * time.Hour
	case Monthly:
		return 14 * 24 * time.Hour
	}
	return 6 * 24 * time.Hour
}

// Posting is the claim of a report for one place that it goes to: who has it posts it.
// So that nothing is posted twice, it is written before and after each attempt. An
// attempt of which nobody knows whether it arrived is not made again.
type Posting struct {
	ID      string // of the report and the place
	State   PostingState
	Tries   int
	At      time.Time // of the last change
	Next    time.Time // of StateFailed: when it is tried again
	Why     string    // what went wrong, in plain words
	Version int64
}

// PostingState is how a posting stands.
type PostingState string

// The states.
const (
	PostingBegun   PostingState = "begun"   // somebody is at it, or was when the process ended
	PostingDone    PostingState = "posted"  // it arrived
	PostingFailed  PostingState = "failed"  // it surely did not arrive; it is tried again at Next
	PostingRefused PostingState = "refused" // it surely did not arrive, and trying again does not help
	PostingUnknown PostingState = "unknown" // nobody knows whether it arrived; it is not tried again
)

// PostingTakes is how long an attempt may take; what began before that has ended.
const PostingTakes = 10 * time.Minute

// Begin claims the next attempt. ok is false where there is none to make now.
func (p *Posting) Begin(now time.Time) (ok bool) {
	switch {
	case p.State == PostingBegun && now.Sub(p.At) < PostingTakes, p.State == PostingDone, p.State == PostingRefused, p.State == PostingUnknown:
		return false
	case p.State == PostingFailed && now.Before(p.Next):
		return false
	}
	p.State, p.At, p.Why = PostingBegun, now, ""
	p.Tries++
	return true
}

// Lost reports whether the process ended in the middle of an attempt, so that nobody
// knows what came of it.
func (p Posting) Lost(now time.Time) bool {
	return p.State == PostingBegun && now.Sub(p.At) >= PostingTakes
}

// Fail says that the attempt surely did not arrive.
func (p *Posting) Fail(now time.Time, why string) {
	wait := min(15*time.Minute<<min(p.Tries-1, 6), 6*time.Hour)
	p.State, p.At, p.Next, p.Why = PostingFailed, now, now.Add(wait), why
}

// End says what came of the attempt.
func (p *Posting) End(now time.Time, state PostingState, why string) {
	p.State, p.At, p.Next, p.Why = state, now, time.Time{}, why
}
