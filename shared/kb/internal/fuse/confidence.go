package fuse

import (
	"math"
	"slices"
)

// How likely the first article is right is asked in two parts: does any article
// answer this mail, and is the first the one? Both are logistic regressions on a
// few signs that mean the same for every team. A share of the ranking is one such
// sign; how much of the mail an article is about is another; and where a team has
// a history, how the mail compares with the team's own answered mails.
//
// The first part depends on something that no single mail shows: how many of a
// team's mails have an answer at all. It is between a quarter and all of them, and
// the same mail deserves another confidence in one team than in the other. What a
// team's mails look like together tells much of it, without anybody's judgement:
// see Pool. Where a history has mails answered by hand, those tell it instead: see Calibration.Shift.

// Signs are what the confidence in the first article is judged by.
type Signs struct {
	Lead  float64 // log odds of its share
	Level float64 // how much of the mail it, or a mail that it answered, is about, see Weights.Level
	Near  float64 // how like the mail is to the nearest that it answered
	// By the team's own hidden mails, see Calibration: log share of them that are below.
	// 0 where there are none.
	CalibratedLevel, CalibratedNear float64
	Warm, Calibrated                bool // whether there is a history, and enough to be judged by
	// What sets the first apart: by how much its level, and how many of the mail's words it
	// has, are above any other's. Below 0 another has more.
	Margin, WordMargin float64
	// Entropy is that of the shares: how many are left to choose from, as a logarithm. Standing
	// is how far the first's level is above the mean of all, in standard deviations. Both say
	// how these articles answer this mail, whatever levels a team's texts come to.
	Entropy, Standing float64
	// Words is how many of the mail's words the first has, Known how many, by weight, any has.
	Words, Known float64
}

const (
	leastLead = -5
	mostLead  = 7
)

func (w *Weights) level(e Scores) (sum float64) {
	for _, s := range w.Level {
		sum += e[s]
	}
	return sum
}

func (w *Weights) signs(c []Candidate, history float64, calibration *Calibration) Signs {
	first := c[0]
	s := Signs{Warm: history > 0, Level: w.level(first.Scores), Near: first.Scores[w.Near]}
	s.Lead = max(leastLead, min(mostLead, math.Log(first.Share+1e-9)-math.Log(1-first.Share+1e-9)))
	s.Margin, s.WordMargin = w.apart(c)
	s.Entropy, s.Standing = entropy(c), w.standing(c)
	s.Words, s.Known = first.Scores[ByText], first.Scores[ByKnown]
	if calibration != nil && len(calibration.Level) > 0 {
		s.Calibrated, s.CalibratedLevel, s.CalibratedNear = true, below(calibration.Level, s.Level), below(calibration.Near, s.Near)
	}
	return s
}

// apart is how far the first is above every other: in its level, and in its words. With
// no other it is as far as it can be.
func (w *Weights) apart(c []Candidate) (level, words float64) {
	for _, other := range c[1:] {
		level, words = max(level, w.level(other.Scores)), max(words, other.Scores[ByText])
	}
	return w.level(c[0].Scores) - level, c[0].Scores[ByText] - words
}

// entropy is that of the shares (Shannon, 1948), in nats: 0 where all is the first's.
func entropy(c []Candidate) (sum float64) {
	for _, x := range c {
		if x.Share > 0 {
			sum -= x.Share * math.Log(x.Share)
		}
	}
	return sum
}

// standing is how many standard deviations the first's level is above the mean; 0 where
// all are alike.
func (w *Weights) standing(c []Candidate) float64 {
	sum, squares, n := 0.0, 0.0, float64(len(c))
	for _, x := range c {
		l := w.level(x.Scores)
		sum, squares = sum+l, squares+l*l
	}
	mean := sum / n
	spread := squares/n - mean*mean
	if spread < 1e-9 {
		return 0
	}
	return (w.level(c[0].Scores) - mean) / math.Sqrt(spread)
}

// below is the log of the share of ascending values that are below v, of equal ones half;
// never quite none or all.
func below(values []float32, v float64) float64 {
	low, _ := slices.BinarySearch(values, float32(v))
	high, _ := slices.BinarySearch(values, math.Nextafter32(float32(v), math.MaxFloat32))
	return math.Log((float64(low+high)/2 + 0.5) / float64(len(values)+1))
}

func One(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Apart names which signs of what sets the first apart a confidence goes by. Which ones
// was chosen for each model by what carries over to sets that were left out.
type Apart string

const (
	// ByMargins goes by margins alone, also for whether any article answers the mail.
	ByMargins Apart = "margins"
	// ByStanding goes by margins, entropy and standing, and for whether any article answers
	// by none of them: with half of a bank's topics taken away the first of the rest stands
	// apart as clearly.
	ByStanding Apart = "standing"
)

// First are the signs that the first is the right one, if any is.
func (s Signs) First(by Apart) []float64 {
	calibrated, few := One(s.Calibrated), One(s.Warm && !s.Calibrated)
	out := []float64{1, s.Lead, s.Level, calibrated, calibrated * s.Lead, few, few * s.Lead, few * s.alike()}
	if by == ByMargins {
		return append(out, s.margins()...)
	}
	cold := s.cold()
	return append(out, cold*s.Margin, cold*s.WordMargin, cold*s.Level, cold*s.Entropy, cold*s.Standing,
		s.Margin, s.WordMargin, s.Entropy, s.Standing, s.Known)
}

// FirstAmong are the same for a mail of a pool: where all articles are much alike, no
// lead says as much.
func (s Signs) FirstAmong(by Apart, p *Pool) []float64 { return append(s.First(by), p.Lead) }

// margins are the signs of what sets the first apart. Without a history they are all that
// there is to go by, and with one the past mails say most of it.
func (s Signs) margins() []float64 {
	cold := s.cold()
	return []float64{cold * s.Margin, cold * s.WordMargin, cold * s.Level, s.Margin, s.WordMargin, s.Words, s.Known}
}

func (s Signs) cold() float64 { return One(!s.Warm && !s.Calibrated) }

// alike is how far the mail and the nearest one that was answered are the same mail over
// again. Up to there likeness counts in Level.
func (s Signs) alike() float64 { return max(0, s.Near-0.75) }

// Fits are the signs that one of the articles answers the mail.
func (s Signs) Fits(by Apart) []float64 {
	calibrated, few := One(s.Calibrated), One(s.Warm && !s.Calibrated)
	out := []float64{1, s.Level, s.Lead, calibrated, calibrated * s.Level, calibrated * s.Lead, s.CalibratedLevel,
		s.CalibratedNear, few, few * s.alike()}
	if by == ByMargins {
		return append(out, s.margins()...)
	}
	return append(out, s.cold()*s.Level, s.cold()*s.Lead, s.Known)
}

// FitsAmong are the same for a mail of a pool.
func (s Signs) FitsAmong(by Apart, p *Pool) []float64 {
	return append(s.Fits(by), p.signs(s.Calibrated)...)
}

// Pool is what many mails of a team look like together. Nobody need have judged them.
type Pool struct {
	Mails                           float64 // how many
	Level                           float64 // mean of Signs.Level
	Low                             float64 // share of mails below Weights.Low
	Lead                            float64 // mean of Signs.Lead
	CalibratedLevel, CalibratedNear float64 // mean of Signs.CalibratedLevel and CalibratedNear
}

// NewPool looks at the rankings of many mails. Those without candidates count as
// mails that no article is about.
func NewPool(rankings []Ranking, w *Weights) *Pool {
	p := &Pool{}
	for _, r := range rankings {
		p.add(r.Seen, w)
	}
	return p
}

func (p *Pool) add(s Signs, w *Weights) {
	p.Mails++
	k := 1 / p.Mails
	p.Level += k * (s.Level - p.Level)
	p.Lead += k * (s.Lead - p.Lead)
	p.Low += k * (One(s.Level < w.Low) - p.Low)
	p.CalibratedLevel += k * (s.CalibratedLevel - p.CalibratedLevel)
	p.CalibratedNear += k * (s.CalibratedNear - p.CalibratedNear)
}

// A pool of leastPool mails says nothing yet, one of enoughPool all that it can.
const (
	LeastPool  = 50
	enoughPool = 150
)

func (p *Pool) weight() float64 {
	if p == nil {
		return 0
	}
	return max(0, min(1, (p.Mails-LeastPool)/(enoughPool-LeastPool)))
}

// signs are what a pool adds to Signs.fits.
func (p *Pool) signs(calibrated bool) []float64 {
	if calibrated {
		return []float64{0, 0, p.CalibratedLevel, p.CalibratedNear}
	}
	// The log, because one mail in fifty or in ten is as much a step as one in ten or in two.
	return []float64{p.Level, math.Log(0.02 + p.Low), 0, 0}
}

// Judge says how sure the ranking is, given the pool that the mail is of, or what is
// known of mails answered by hand; nil: nothing is known.
func (r *Ranking) Judge(p *Pool, known *Calibration) {
	w := r.By
	if len(r.Candidates) == 0 || len(w.FirstAlone) == 0 {
		return
	}
	z := dot(w.FitsAlone, r.Signs.Fits(w.Apart))
	if p != nil {
		z += p.weight() * (dot(w.Fits, r.Signs.FitsAmong(w.Apart, p)) - z)
	}
	if known != nil {
		z += known.Shift
	}
	r.Fits = logistic(z)
	first := dot(w.FirstAlone, r.Signs.First(w.Apart))
	if p != nil {
		first += p.weight() * (dot(w.First, r.Signs.FirstAmong(w.Apart, p)) - first)
	}
	r.Confidence = r.Fits * logistic(first)
	// What the first is not, the others share.
	rest := (r.Fits - r.Confidence) / max(1e-9, 1-r.Candidates[0].Share)
	for i := range r.Candidates {
		r.Candidates[i].Likely = min(r.Confidence, rest*r.Candidates[i].Share)
	}
	r.Candidates[0].Likely = r.Confidence
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
