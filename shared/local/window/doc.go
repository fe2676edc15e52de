// Package window shows on one machine what a support desk by e-mail is: the
// customers' mailboxes on one side, the agents' on the other, and between them
// what was done with each mail.
//
// It is a mail program and a window, no application of its own. It reads the
// mailboxes' files and the stored record, and what is written on it goes out as
// MIME by SMTP, as from any other client; it has no other way in.
//
// # What holds
//
// It is a local server that a browser talks to, so other web sites are kept out:
// by the Host header (DNS rebinding) and by Origin. A strict policy lets it load
// what it serves itself and nothing else. A mail's HTML stands in a frame without
// scripts, forms, network and origin of its own, once by the frame's sandbox and
// once by the policy of the answer.
//
// It is rendered on the server. One short script replaces what has changed when
// the server says so, and never touches what somebody types.
package window
