// Package processor tells how long this process has had a processor.
//
// A test that bounds work, and a benchmark that is run beside others, cannot go by
// the clock on the wall: on a busy machine the same work takes ten times as long, and
// a bound that allows for that bounds nothing. The processor's time is what the work
// itself took, whatever else the machine does.
package processor
