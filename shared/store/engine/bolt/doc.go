// Package bolt is the engine that keeps all items in one file on one machine.
//
// The file is a bbolt database: a B+tree of pages that are never changed in
// place. A transaction writes new pages, syncs them to disk, and then switches
// one of two meta pages over to the new root; a process that dies at any moment,
// kill -9 and power failure included, leaves the old tree or the new one, never
// something between. What Write has returned nil for is on the disk.
//
// # Group commit
//
// Syncing costs milliseconds, so a file takes a few hundred transactions a
// second, one after the other. Writers therefore share: one goroutine takes
// every transaction that is waiting, checks and applies them one by one within
// one bbolt transaction, syncs once, and answers them all. While it syncs, the
// next ones gather; nobody waits for a timer. Because the conditions of a
// transaction are checked, against everything that came before it in the group,
// ahead of its first change, one that fails leaves no trace and the others stand.
//
// # Layout
//
//	items    partition 00 sort 00                          -> header, newline, body
//	index1   partition 00 sort 00 primary key              -> (nothing)
//	index2   likewise
//	expires  seconds since 1970, 8 bytes big-endian, primary key  -> (nothing)
//
// Keys hold no zero byte, so the zero that ends each part sorts before every
// continuation, and the order of the bytes is the order of the keys.
//
// DynamoDB removes expired items by itself; here Expire does, when it is called.
package bolt
