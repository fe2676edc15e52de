// Package encoders is the sentence encoders that are part of the program, as the
// ranking uses them: minilm for English, e5 for a hundred other languages. Who ranks
// imports it and hands its Model to kb; who does not, does not carry 80 MB of weights.
//
// The weights are embedded in the program, and each is a package of its own below
// kb/embed. A Lambda function's build ships nothing but its binary, and a file beside
// it would be one more thing that can be missing, old or somebody else's.
package encoders
