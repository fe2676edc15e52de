// Package article holds what a team has ready to say: writing it, checking it and
// publishing it.
//
// An article is a Markdown file with front matter, kept by the team under version
// control. Load reads a folder of them and reports every problem at once, each with its
// line and what to do; Check also follows links, finds twins and measures how hard a
// text is to read. A Bundle is all published files in one object, see ADR 52. MailText
// and MailHTML are an article as a customer reads it, and Passage the part of it that
// answers a mail. Between a line ":::internal" and a line ":::" stands what only agents
// may read; nothing here gives it out with the rest.
//
// Draft makes an article of an agent's answer. Which article answers a mail is not
// asked here, but in package kb.
package article
