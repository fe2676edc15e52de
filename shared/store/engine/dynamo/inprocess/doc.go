// Package inprocess is a DynamoDB table in the test's own process: it answers the
// requests that the SDK writes, so that the engine, its expressions and its reading
// of errors are the real ones, and there is no network to wait for. A bubble of
// testing/synctest comes to rest with it, and a request takes microseconds.
//
// It knows what the engine asks and refuses the rest as DynamoDB does: PutItem,
// DeleteItem, GetItem, BatchGetItem, Query and TransactWriteItems, with conditions on
// attributes, pages of at most a megabyte, and indexes that may lag (Lag). That it
// answers as another DynamoDB does is tested by ten thousand random operations given
// to both, in package dynamo.
//
// Who sends its requests decides what goes wrong: [Table.Client] takes a function
// that stands before the table and may answer in its place, hold a request up, or
// lose its answer. [Refusal] and [HeldBack] are answers that DynamoDB gives.
package inprocess
