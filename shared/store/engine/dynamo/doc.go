// Package dynamo is the engine that keeps all items in one DynamoDB table.
//
// Reads by key are consistent: GetItem for one, BatchGetItem for more. A
// transaction is one TransactWriteItems; a single write is a plain PutItem or
// DeleteItem with the same condition, at half the price. DynamoDB does a
// transaction all or nothing and checks its conditions against the same
// moment, so nothing is locked and nothing has to be cleaned up.
//
// # The table
//
//	pk, sk                  S  the primary key
//	gsi1pk, gsi1sk          S  the key of index 1; absent where the item is not in it
//	gsi2pk, gsi2sk          S  the key of index 2; likewise
//	ver                     N  the version, what conditions compare
//	kind, schema            S, N  what the item is, and the version of its form
//	expires                 N  seconds since 1970: the table's TTL attribute
//	body                    S  JSON; as text, so that the console shows it
//
// [Table] is the one definition in code; infra/storage.yaml declares the same, and
// a test compares the two.
//
// Both indexes project all attributes. That makes a write dearer by one write
// unit per kilobyte for each index the item is in, and it makes every read by
// index one request that is complete. Keys alone would save little (a customer's
// mail has 35 write units, 5 of them for indexes) and cost a second request for
// each reading, on the path where a mail is waiting.
//
// # Errors
//
// A condition that does not hold, and another transaction in the way, are an
// engine.ConflictError. What DynamoDB refuses as malformed or too large is
// permanent. Everything else (throttling, time-outs, a missing permission or
// table) is temporary: it belongs to the deployment and not to the mail, which
// waits in its queue until it is mended.
//
// The SDK repeats a request whose answer was lost. A transaction bears a
// ClientRequestToken that is the same for each repetition, so DynamoDB carries it
// out once. A single write has no such token: where the first attempt took place
// and its answer was lost, the repetition finds its own item and is told
// that the condition does not hold. The store's rule covers it: on a conflict
// read again and decide again.
package dynamo
