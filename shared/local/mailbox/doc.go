// Package mailbox keeps the sample mailboxes: one for each address, with the mails
// that it received and those that were written from it, as files.
//
// They are what people see who try Replywell without mail accounts. A mail is a file
// of its own, raw as it went, so that any mail program can open it, and what is in a
// mailbox is what is in its folder: there is no index that could say otherwise. A
// mailbox has names that are safe as file names, whatever the address.
package mailbox
