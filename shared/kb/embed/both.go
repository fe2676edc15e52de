package embed

import "math"

// Joint joins two models: its vector is theirs one after the other, so that its
// cosine is the mean of theirs. A sentence that only one of them can read is
// told by that one alone.
type Joint struct {
	Encoder interface {
		Dims() int
		Embed(sentence string) []float32
	}
	Table *Table
}

// Dims is the length of a vector.
func (j *Joint) Dims() int { return j.Encoder.Dims() + j.Table.Dims() }

// Embed gives a sentence's vector, of length one, or nil if neither model can read it.
func (j *Joint) Embed(sentence string) []float32 {
	a, b := j.Encoder.Embed(sentence), j.Table.Embed(sentence)
	k := float32(math.Sqrt(0.5))
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil || b == nil:
		k = 1
	}
	out := make([]float32, j.Dims())
	for i, v := range a {
		out[i] = k * v
	}
	for i, v := range b {
		out[len(out)-len(b)+i] = k * v
	}
	return out
}
