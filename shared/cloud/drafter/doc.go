// Package drafter has a model on Amazon Bedrock write the draft of an answer from
// the articles that were offered.
//
// What the model is asked, and which of its answers is shown to an agent, is
// package kb/drafting's; this room only calls it: within a time, once more where
// Bedrock says that it is busy, and with what a call may cost bounded.
//
// It stands beside package cloud, and not in it, because Bedrock's part of the SDK
// costs every program that links it half a megabyte, and only the one that takes in
// mail asks for drafts.
package drafter
