package volume

import (
	"math"
	"math/rand/v2"
	"time"
)

// A made-up desk of two years: the first is only past, alarms are counted in the
// second.
const (
	topicsOfAYear = 40
	daysOfAYear   = 365
)

// spike is that many more mails each day for a week.
type spike struct {
	topic, day int
	sigmas     float64
}

type year struct {
	first      time.Weekday
	topics     []Topic
	mean       [][]float64 // the truth, by topic and day
	dispersion []float64
	spikes     []spike
}

// makeYear draws a desk's mails: negative binomial, with a week's shape that is
// mostly shared, a shared season and one of a topic's own, a trend, and a launch
// after which every topic has more mails.
func makeYear(seed uint64, spiked bool) *year {
	r := rand.New(rand.NewPCG(seed, 7))
	y := &year{first: time.Weekday(r.IntN(7))}
	days := 2 * daysOfAYear
	weekday := [7]float64{0.35, 1.25, 1.2, 1.1, 1.1, 1, 0.5}
	sharedSeason, sharedPhase, sharedTrend := 0.2*r.Float64(), r.Float64(), 0.3*r.Float64()
	launch, lift := daysOfAYear+r.IntN(daysOfAYear), 0.1+0.25*r.Float64()
	for k := range topicsOfAYear {
		base := math.Exp(math.Log(0.2) + r.Float64()*math.Log(30/0.2))
		phi := 1 + 2*r.Float64()*r.Float64()
		season, phase, trend := 0.25*r.Float64(), r.Float64(), 0.25*r.NormFloat64()
		var own [7]float64
		for w := range own {
			own[w] = weekday[w] * math.Exp(0.1*r.NormFloat64())
		}
		mean := make([]float64, days)
		counts := make([]int, days)
		for d := range days {
			t := float64(d) / daysOfAYear
			m := math.Log(base) + (sharedTrend+trend)*t
			m += sharedSeason*math.Sin(2*math.Pi*(t+sharedPhase)) + season*math.Sin(2*math.Pi*(t+phase))
			if d >= launch {
				m += lift
			}
			mean[d] = math.Exp(m) * own[(int(y.first)+d)%7]
			counts[d] = draw(r, mean[d], phi)
		}
		y.topics = append(y.topics, Topic{Name: string(rune('A' + k)), Counts: counts})
		y.mean, y.dispersion = append(y.mean, mean), append(y.dispersion, phi)
	}
	if spiked {
		for k := range y.topics {
			for at := daysOfAYear + r.IntN(180); at+7 < days; at += 150 + r.IntN(150) {
				y.spike(k, at, 1.5+6.5*r.Float64())
			}
		}
	}
	return y
}

// spike adds so many standard deviations of a usual day to each day of a week.
func (y *year) spike(topic, day int, sigmas float64) {
	usual := 0.0
	for d := day; d < day+7; d++ {
		usual += y.mean[topic][d] / 7
	}
	more := int(math.Round(sigmas * math.Sqrt(usual*y.dispersion[topic])))
	if more == 0 {
		return
	}
	for d := day; d < day+7; d++ {
		y.topics[topic].Counts[d] += more
	}
	y.spikes = append(y.spikes, spike{topic, day, sigmas})
}

// draw draws from a negative binomial of a mean and of a variance over mean: a
// Poisson whose mean is gamma distributed.
func draw(r *rand.Rand, mean, phi float64) int {
	if phi > 1.001 {
		shape := mean / (phi - 1)
		mean = gamma(r, shape) * (phi - 1)
	}
	return poisson(r, mean)
}

func poisson(r *rand.Rand, mean float64) (n int) {
	for mean > 30 { // sums of Poissons are Poisson
		n, mean = n+poisson(r, 30), mean-30
	}
	for p := r.Float64(); p > math.Exp(-mean); p *= r.Float64() {
		n++
	}
	return n
}

// gamma is Marsaglia and Tsang's method (2000).
func gamma(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(r, shape+1) * math.Pow(r.Float64(), 1/shape)
	}
	d := shape - 1./3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := math.Pow(1+c*x, 3)
		if v > 0 && math.Log(r.Float64()) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}

// scores are how strange each topic's last days are, by topic and day of the
// second year.
type scores [][]float64

func newScores() scores {
	s := make(scores, topicsOfAYear)
	for k := range s {
		s[k] = make([]float64, daysOfAYear)
	}
	return s
}

// ours are the scores of the method that is judged.
func ours(y *year) scores {
	s := newScores()
	until := make([]Topic, len(y.topics))
	for d := range daysOfAYear {
		for k, t := range y.topics {
			until[k] = Topic{Name: t.Name, Counts: t.Counts[:daysOfAYear+d+1]}
		}
		for _, r := range strongest(until, time.Weekday((int(y.first)+daysOfAYear+d)%7)) {
			s[r.Topic][d] = r.above + ourBound
		}
	}
	return s
}

// oracle is the yardstick: it knows the true mean and dispersion.
func oracle(y *year) scores {
	s := newScores()
	for k, t := range y.topics {
		for d := range daysOfAYear {
			upTo := t.Counts[:daysOfAYear+d+1]
			if sum(upTo, 28) < leastMails {
				continue
			}
			for _, stretch := range stretches {
				w, mean := stretch.days, 0.0
				for i := range w {
					mean += y.mean[k][daysOfAYear+d-i]
				}
				n := sum(upTo, w)
				if float64(n)-mean >= leastExtra {
					s[k][d] = max(s[k][d], deviate(n, mean, mean*y.dispersion[k]))
				}
			}
		}
	}
	return s
}

// earsC3 is CDC's EARS C3 (Hutwagner et al. 2003): three days' excess over mean and
// deviation of the week that ended two days before each.
func earsC3(y *year) scores {
	s := newScores()
	for k, t := range y.topics {
		c2 := func(d int) float64 {
			var mean, square float64
			for i := d - 9; i < d-2; i++ {
				mean += float64(t.Counts[i]) / 7
			}
			for i := d - 9; i < d-2; i++ {
				square += (float64(t.Counts[i]) - mean) * (float64(t.Counts[i]) - mean) / 6
			}
			return (float64(t.Counts[d]) - mean) / max(math.Sqrt(square), 0.5)
		}
		for d := range daysOfAYear {
			if sum(t.Counts[:daysOfAYear+d+1], 28) < leastMails {
				continue
			}
			for i := range 3 {
				s[k][d] += max(0, c2(daysOfAYear+d-i)-1)
			}
		}
	}
	return s
}

// farrington is the flexible Farrington method (Noufaily et al. 2013) on sums of a
// week up to each day: a quasi-Poisson regression with a trend and ten seasons on
// the year before, days that stand out weighed down by their Anscombe residuals,
// the last four weeks left out, and a negative binomial bound.
func farrington(y *year) scores {
	s := newScores()
	for k, t := range y.topics {
		week := func(d int) int { return sum(t.Counts[:d+1], 7) }
		for d := range daysOfAYear {
			now := daysOfAYear + d
			if sum(t.Counts[:now+1], 28) < leastMails {
				continue
			}
			var past []weekOfPast
			for i := now - 28; i >= 7 && i > now-daysOfAYear; i -= 7 {
				past = append(past, weekOfPast{float64(i-now) / 365, seasonOf(now - i), float64(week(i))})
			}
			mean, phi := quasiPoisson(past)
			s[k][d] = max(0, deviate(week(now), mean, mean*max(phi, 1)))
		}
	}
	return s
}

type weekOfPast struct {
	time   float64
	season int
	count  float64
}

// seasonOf puts seven weeks around the present's date of the year into season 0
// and cuts the rest into nine.
func seasonOf(daysAgo int) int {
	weeks := (daysAgo / 7) % 52
	if weeks <= 3 || weeks >= 49 {
		return 0
	}
	return 1 + (weeks-4)*9/45
}

// quasiPoisson gives the expectation at time 0, season 0, and the dispersion.
func quasiPoisson(past []weekOfPast) (mean, phi float64) {
	weights := make([]float64, len(past))
	for i := range weights {
		weights[i] = 1
	}
	var season [10]float64
	trend := 0.0
	for round := range 8 {
		// A season's level is the ratio of sums where the trend is given; the trend is
		// found by one step of Newton's method at a time.
		var count, exposure [10]float64
		for i, w := range past {
			count[w.season] += weights[i] * w.count
			exposure[w.season] += weights[i] * math.Exp(trend*w.time)
		}
		for j := range season {
			season[j] = (count[j] + 0.1) / max(exposure[j], 0.1)
		}
		var g, h, pearson, weight float64
		for i, w := range past {
			mu := season[w.season] * math.Exp(trend*w.time)
			g += weights[i] * (w.count - mu) * w.time
			h += weights[i] * mu * w.time * w.time
			pearson += weights[i] * (w.count - mu) * (w.count - mu) / mu
			weight += weights[i]
		}
		phi = max(pearson/max(weight-11, 1), 1)
		if h > 0 {
			trend = max(-1, min(1, trend+g/(h+1)))
		}
		if round >= 3 {
			for i, w := range past {
				mu := season[w.season] * math.Exp(trend*w.time)
				a := 1.5 * (math.Pow(w.count, 2./3) - math.Pow(mu, 2./3)) / (math.Pow(mu, 1./6) * math.Sqrt(phi))
				weights[i] = 1
				if a > 2.58 {
					weights[i] = 1 / (a * a)
				}
			}
		}
	}
	// Season 0 has few weeks of its own; with one year it is drawn to all of them.
	var all, exposure float64
	for i, w := range past {
		all += weights[i] * w.count
		exposure += weights[i] * math.Exp(trend*w.time)
	}
	return (season[0]*3 + all/exposure*5) / 8, phi
}

// alarms are counted once for as long as a topic stays above the bound, and a
// week beyond that.
func (s scores) alarms(bound float64) (n int) {
	for _, days := range s {
		quiet := 7
		for _, z := range days {
			if z >= bound {
				if quiet >= 7 {
					n++
				}
				quiet = 0
			} else {
				quiet++
			}
		}
	}
	return n
}

// found reports whether a spike is seen on one of its first days.
func (s scores) found(p spike, within int, bound float64) bool {
	for i := range within {
		if d := p.day - daysOfAYear + i; d < daysOfAYear && s[p.topic][d] >= bound {
			return true
		}
	}
	return false
}

// ourBound is the alarm's own in the scores of ours.
const ourBound = 10

// steady is a desk of one topic that has the same mean each day.
func steady(seed uint64, mean, phi float64) *year {
	r := rand.New(rand.NewPCG(seed, 11))
	y := &year{topics: []Topic{{}}, mean: [][]float64{nil}, dispersion: []float64{phi}}
	for range daysOfAYear {
		y.topics[0].Counts = append(y.topics[0].Counts, draw(r, mean, phi))
		y.mean[0] = append(y.mean[0], mean)
	}
	return y
}
