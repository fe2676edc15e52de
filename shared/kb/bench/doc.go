// Command bench compares the ranking of shared/kb with bleve, a search library,
// on the same data in one run: how often the right article is first and among
// three, and how long a mail takes. It is a module of its own, so that bleve is
// no dependency of Replywell.
//
//	cd shared/kb/bench && go run . --data DIR [--sets banking77,covidfaq] [--history none,k10,full]
//
// DIR holds a folder for each set: kb.tsv (id, title, body), queries.tsv (qid,
// subject, body, gold) and history_*.tsv (subject, body, article). Both sides get
// articles and past mails as they are and the whole mail as the query; nothing is
// tuned to a set. bleve indexes in memory with its English analyser; a past mail
// is a document that stands for its article, the title counts twice, and an
// article's place is that of its best document.
package main
