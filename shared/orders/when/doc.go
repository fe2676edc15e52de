// Package when reads the times that agents write: "3d", "until Tuesday 9:00",
// "tomorrow morning", "8 Dec", "nächsten Montag um 9".
//
// A time that is read wrongly is found out when nobody comes back. So a reading is
// either sure, or a likely one that the agent is asked about, or none. It is sure
// where people agree on what is meant. They do not on "Tuesday" said on a Tuesday, on
// "next Thursday" said on a Monday, on "12/8", on "at 3", and a time that is over was
// not meant. A word that is a slip away from one of a time makes a reading likely, too.
//
// Days and weeks end when work begins on that day, since who puts something off by
// three days wants to find it in the morning; minutes and hours are to the minute.
// The words are in the languages' files; how dates are written stands here.
//
// Everything here is pure. The clock comes with the question, and says the time zone.
package when
