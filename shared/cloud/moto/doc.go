// Package moto gives tests a real AWS API over the wire: the moto server, in a
// process of its own, on a free port of the loopback interface.
//
//	func TestMain(m *testing.M) { os.Exit(moto.Main(m)) }
//
//	func TestSomething(t *testing.T) {
//		srv := moto.Shared(t)
//		client := dynamodb.NewFromConfig(srv.Config())
//
// Starting it takes seconds, so the tests of one package share one server;
// each makes tables, buckets and queues with names of its own. Start gives a
// test a server for itself.
//
// moto answers several requests at once, and then its conditional writes are
// not atomic: of six racing writers of a counter fifty may be told that they
// succeeded where it counted forty-six. So a proxy stands before it that lets
// one request through at a time. It also counts them, and a test can put
// faults of its own before it (Through): a lost answer, a throttle, a conflict.
// Races are proved elsewhere, on the engine that keeps its own order.
//
// What moto does not do: IAM, throttling, Lambda without Docker, SES events,
// SES's own Message-IDs. Tests play those parts themselves.
package moto
