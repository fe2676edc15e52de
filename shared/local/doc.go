// Package local is Replywell's home on one machine: what AWS does in the cloud,
// done by one process over one folder.
//
//	in the cloud             here
//	SES receipt rule, S3     an SMTP server; the mail is a file before the client is told 250
//	SQS                      the spool: a second name of each mail that is not processed yet
//	Lambda, schedules        goroutines
//	DynamoDB                 store.db, through the same store (engine/bolt)
//	SES sending              a relay (any SMTP server), or the sample mailboxes
//	SES events               delivery reports that come by SMTP; in sample mode events too
//
// The services are the same ones. This package gives them what they need
// ([Open]), and calls them ([System.Run]); the program wires both together.
//
// # What holds
//
// The SMTP server says 250 when the mail and its envelope are on the disk: the
// bytes are synced, then their name. From there the spool brings it to the
// inbound service until that is done with it, over restarts and kill -9; the
// service knows a mail that it has seen. A mail that cannot be processed at all
// is parked, raw as it came, and said in the log. Mail is streamed to disk, and
// at most [InWork] bytes of it are processed at a time, so memory stays within
// bounds whatever is sent.
//
// Only our own addresses are accepted: 550 5.1.1 is for the others. Everything
// else is judged inside, where it can be recorded; a From that is missing or
// forged is no reason to refuse. The bounds are [MaxMail], [MaxRecipients] and
// [MaxConnections]. A bare LF never ends a mail or a command's argument: only
// CRLF.CRLF ends DATA, so no second mail can be smuggled in one (CVE-2023-51764
// and its kin), and what is relayed goes out with CRLF alone.
//
// # Whom it trusts
//
// In sample mode a mail is proven by the mailbox it was written from: a program on
// this machine logs in by AUTH PLAIN as one of the sample people, with the password
// that the start prints, and is believed to be that person and nobody else, as the
// page's own mails are. Without a login nobody is believed; a customer's mail is
// taken all the same, and one that names an agent is held. In live mode
// trust_loopback believes every program on this machine, unseen, and the start warns of it. All
// other mail is verified by SPF, DKIM and DMARC (package verify) after 250 and
// before it is processed, so no client waits for a stranger's DNS. SPF is judged
// only where mail comes from the senders' own servers ([Options].MX). Without
// DNS, as in sample mode, nothing is authenticated. The package reads no
// Authentication-Results from mail: those can be written by anyone.
//
// # The folder
//
//	lock              held by the process that uses the folder, with its number
//	keys.json         keys of the reply addresses; mode 0600. Without it no mail sent so far can be answered
//	password          of the sample people; mode 0600
//	store.db          conversations, outbox, events
//	blobs/mail/…      every mail as it came, below two trace lines
//	blobs/out/…       every mail as composed
//	spool/            mail that is to be processed, its envelope behind it; parked/ holds what cannot be
//	mailboxes/A/…     sample mailboxes: inbox and sent, one file a mail; in seen the names of those that were opened
//	articles/         the team's knowledge base, Markdown; without it the sample's is used
//	reported          the last week whose figures were posted
//	tmp/              files being written; emptied at the start
//
// To back up, stop the process and copy the folder.
package local
