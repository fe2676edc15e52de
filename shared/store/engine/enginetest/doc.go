// Package enginetest is the contract of package engine as tests. Each engine's
// own tests call Run with a function that opens an empty engine:
//
//	func TestContract(t *testing.T) { enginetest.Run(t, open) }
//
// A sentence in package engine that no test here would notice being broken is
// missing a test here. What only one engine can show (races and kill -9 for
// bolt, lost answers and throttling for dynamo) stands in that engine's tests.
package enginetest
