package local

import "golang.org/x/sys/unix"

// clockKept reports whether the kernel's clock is kept in step with others
// (adjtimex(2)).
func clockKept() (bool, error) {
	var t unix.Timex
	state, err := unix.Adjtimex(&t)
	return state != unix.TIME_ERROR && t.Status&unix.STA_UNSYNC == 0, err
}
