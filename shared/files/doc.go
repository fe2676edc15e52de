// Package files hands out what an answer could not carry.
//
// Mail systems refuse large mail, each at a size of its own, and tell of it late. So
// of an answer's files those are mailed that together are small (see
// [desk.MaxMailedFiles]), and for the others the mail has links. Behind a link is one
// file, until a day that the link names; a signature covers both (replyaddr.File), so
// nothing has to be looked up to refuse what was not made here.
//
// # Whoever asks is a stranger
//
// A link is a key that people pass on, and a door that anybody on the Internet can
// knock at. Therefore
//
//   - a link that was bent, one whose time is over and one whose file was erased get
//     the same answer, letter by letter. To be told apart by the time it takes, a link
//     must have been made here: without the key nobody gets as far as the file;
//   - a file is handed over to be saved, and is never shown as a page: what a customer's
//     browser runs must not come from an address of the team's;
//   - no other way of asking than GET and HEAD does anything, nor does what stands
//     behind the address or in the header fields.
//
// # Where it stands
//
// On one machine a listener of its own serves [Door], where the settings name the
// public address that leads to it. On AWS a function of its own does, and answers with
// an address of S3's that is good for some minutes, signed with its role: what stands
// in the mail is ours and lives on when the role's credentials are renewed.
package files
