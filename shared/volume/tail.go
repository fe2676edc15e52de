package volume

import "math"

// deviate is the normal deviate that is as rare as so many mails or more (half
// of the mails' own probability counted) where they are distributed as a negative
// binomial of this mean and variance. Above 37 it is 37.
func deviate(mails int, mean, variance float64) float64 {
	k := float64(mails)
	if k <= mean {
		return 0
	}
	variance = max(variance, mean*1.001)
	size := mean * mean / (variance - mean)
	p := mean / (size + mean)
	own, ok := term(k, size, p)
	// Beyond the mean each further count is rarer than the one before by less than
	// the last ratio, so the sum is done when what may come is too small to count.
	sum, n := own/2, k
	for t := own; ok && t > 1e-17*sum; n++ {
		t *= (size + n) / (n + 1) * p
		sum += t
	}
	if !ok || sum < 1e-300 {
		return 37
	}
	return math.Sqrt2 * math.Erfcinv(min(2*sum, 1))
}

// term is the negative binomial's probability of k.
func term(k, size, p float64) (prob float64, ok bool) {
	a, _ := math.Lgamma(size + k)
	b, _ := math.Lgamma(size)
	c, _ := math.Lgamma(k + 1)
	l := a - b - c + size*math.Log1p(-p) + k*math.Log(p)
	return math.Exp(l), l > -690
}
