// Package engine is the small seam between the store and what keeps its items.
//
// An engine keeps items under a two-part key, like DynamoDB: a partition and,
// within it, a sort key. It can do three things:
//
//   - get items by key, consistently, up to 100 in one request;
//   - query a range of one partition in the order of its sort keys, or of one of
//     two further indexes;
//   - write up to 100 items together, all or nothing, each under a condition.
//
// Nothing else. There is no scan, no counter, no update of a part of an item
// and no lock: whoever wants to change an item reads it, and writes it back on
// the condition that its version is still the one that was read. Every rule,
// key and order is the store's and written once.
//
// There are two engines: dynamo (a DynamoDB table) and bolt (one file on one
// machine). The contract suite in enginetest runs against both, so the
// sentences in this package are tests, not hopes.
//
// Engines know no clock. An item past its Expires is as good as gone, but it is
// the caller who knows what time it is: reads may still give the item, and a
// write says with Write.AsOf at which time "absent" is meant.
package engine
