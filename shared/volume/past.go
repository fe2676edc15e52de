package volume

import (
	"math"
	"slices"
	"time"
)

// The method's constants. They were chosen on generated desks (years_test.go) of
// other seeds than those that the test judges by.
const (
	// history is the most days of past that are read, besides the judged ones.
	history = 364
	// halfLife is after how many days a day counts half for the level of a topic of
	// few mails. Where there are more a day (manyMails), less past is enough, and so
	// the season moves less in it.
	halfLife, manyMails = 60.0, 3.0
	// around is over how many days on either side a day's usual level is taken, where
	// the past is compared with itself.
	around = 17
	// trendStrays (by four weeks) and weekdayStrays are how far a topic's trend and
	// weekdays stray from those of all topics together, as standard deviations of
	// logarithms; of all together nothing is known before but allTrend.
	trendStrays, weekdayStrays, allTrend, allWeekdays = 0.03, 0.09, 0.2, 1.0
	// spreadDays is for how many days of a topic's own its dispersion is taken to be
	// the usual one.
	spreadDays = 40.0
	// outlier is from which deviate on a day of the past counts less; trimmed makes up
	// for what that takes from the dispersion.
	outlier, trimmed = 3.2, 1.02
)

// past is the frame that all topics of a day share.
type past struct {
	days    int   // of which the last few are judged
	end     int   // of the past: the first judged day
	weekday []int // of every day, 0 is Sunday
}

func newPast(days int, last time.Weekday) *past {
	p := &past{days: days, end: days - longest}
	for d := range days {
		p.weekday = append(p.weekday, ((int(last)-(days-1-d))%7+7)%7)
	}
	return p
}

// usual is what a series' past says of its last days.
type usual struct {
	shape         [7]float64 // of each weekday against the mean of a week
	shapeVariance [7]float64 // of their logarithms
	lines         [len(stretches)]line
	squares, seen float64 // weighed sums: squared residuals over expectation, and days
	dispersion    float64 // variance over mean
}

// line is the level and its growth by four weeks, as logarithms, where a past ends.
type line struct {
	end          int
	level, trend float64
	cov          [3]float64 // of level and trend, by a dispersion of 1: level, both, trend
}

// at is the expectation of a day but for its weekday, and its time from the line's
// end in units of four weeks.
func (l line) at(d int) (mean, time float64) {
	time = float64(d-l.end) / 28
	return math.Exp(min(l.level+l.trend*time, 14)), time
}

// fit learns a series' usual days. First each day of the past is held against the
// five weeks around it: that gives the weekdays' shape, the dispersion, and which
// days stand out, and no slow change of level disturbs it, so the whole past can
// be used. Then, for each stretch that is judged, level and trend are fitted to the
// days before it, the nearest the most, by penalised Poisson regression. A topic's
// weekdays and trend are those of all topics (pooled; nil for all together) but
// for what its own mails say.
func (p *past) fit(counts []float64, pooled *usual) *usual {
	u := &usual{dispersion: 1}
	weekStrays, strays := allWeekdays, allTrend
	prior := [7]float64{1, 1, 1, 1, 1, 1, 1}
	var trends [len(stretches)]float64
	if pooled != nil {
		weekStrays, strays, prior = weekdayStrays, trendStrays, pooled.shape
		for i, l := range pooled.lines {
			trends[i] = l.trend
		}
	}
	kept := u.compare(p, counts[:p.end], prior, 1/(weekStrays*weekStrays))
	u.dispersion = max(u.squares/max(u.seen, 1), 1)
	for i := len(stretches) - 1; i >= 0; i-- {
		end := p.days - stretches[i].days
		// The days that only shorter stretches have as their past count as far as they
		// are no surprise to the longer one's line.
		for d := len(kept); d < end; d++ {
			mean, _ := u.lines[i+1].at(d)
			mean *= u.shape[p.weekday[d]]
			kept = append(kept, lessIfOutlier(anscombe(counts[d], mean)/math.Sqrt(u.dispersion)))
		}
		u.lines[i] = u.regress(p, counts[:end], kept, trends[i], 1/(strays*strays))
	}
	return u
}

// compare holds each day against the weeks around it, and gives for how much each counts.
func (u *usual) compare(p *past, counts []float64, prior [7]float64, strength float64) []float64 {
	n := len(counts)
	kept, mu, level := make([]float64, n), make([]float64, n), make([]float64, n)
	for d := range kept {
		kept[d] = 1
	}
	u.shape = prior
	for range 3 {
		var mails, exposure float64
		from, to := 0, 0
		for d := range n {
			for ; to < n && to <= d+around; to++ {
				mails += kept[to] * counts[to]
				exposure += kept[to] * u.shape[p.weekday[to]]
			}
			for ; from < d-around; from++ {
				mails -= kept[from] * counts[from]
				exposure -= kept[from] * u.shape[p.weekday[from]]
			}
			own := u.shape[p.weekday[d]]
			level[d] = (mails - kept[d]*counts[d] + 0.05) / max(exposure-kept[d]*own+0.05, 0.05)
			mu[d] = max(level[d]*own, 0.01)
		}
		weighDown(counts, mu, kept)
		u.squares, u.seen = 0, 0
		var came, expected [7]float64
		for d := range n {
			res := counts[d] - mu[d]
			w := kept[d] / (1 + 0.5/mu[d]) // a day of few mails says little about the dispersion
			u.squares += trimmed * w * res * res / mu[d] / (1 + 1./(2*around))
			u.seen += w
			came[p.weekday[d]] += kept[d] * counts[d]
			expected[p.weekday[d]] += kept[d] * level[d]
		}
		phi := max(u.squares/max(u.seen, 1), 1)
		for w := range u.shape {
			own := came[w] / phi
			u.shape[w] = max((own+strength)/(expected[w]/phi+strength/prior[w]), 0.01)
			u.shapeVariance[w] = 1 / (own + strength)
		}
	}
	return kept
}

// regress fits level and trend to the days of a past.
func (u *usual) regress(p *past, counts, kept []float64, trend, precision float64) line {
	n := len(counts)
	recent := 0.0
	for d := max(0, n-56); d < n; d++ {
		recent += counts[d] / float64(min(n, 56))
	}
	half := halfLife / math.Sqrt(1+recent/manyMails)
	from := max(0, n-int(8*half)) // what is older counts nothing
	l := line{end: n, trend: trend}
	fade, first := math.Exp2(1/half), math.Exp2(-float64(n-1-from)/half)
	var mails, exposure float64
	w := first
	for d := from; d < n; d++ {
		m, _ := l.at(d)
		mails += w * kept[d] * counts[d]
		exposure += w * kept[d] * u.shape[p.weekday[d]] * m
		w *= fade
	}
	l.level = math.Log((mails + 0.1) / max(exposure, 0.1))
	for range 4 {
		var a, b, c, ga, gc float64
		mu, _ := l.at(from)
		grow, w := math.Exp(l.trend/28), first
		for d := from; d < n; d++ {
			at, m, w2 := float64(d-n)/28, mu*u.shape[p.weekday[d]], w*kept[d]
			a, b, c = a+w2*m, b+w2*m*at, c+w2*m*at*at
			ga, gc = ga+w2*(counts[d]-m), gc+w2*(counts[d]-m)*at
			mu, w = mu*grow, w*fade
		}
		pen := precision * u.dispersion
		a, c, gc = a+1e-6, c+pen, gc-pen*(l.trend-trend)
		det := a*c - b*b
		l.level += max(-1, min(1, (c*ga-b*gc)/det))
		l.trend += max(-1, min(1, (a*gc-b*ga)/det))
		l.cov = [3]float64{c / det, -b / det, a / det}
	}
	return l
}

// ahead is the sum expected of a stretch's days, and the variance of that expectation.
func (u *usual) ahead(p *past, stretch int) (mean, variance float64) {
	l := u.lines[stretch]
	var byLevel, byTrend float64
	var byDay [7]float64
	for d := l.end; d < p.days; d++ {
		m, at := l.at(d)
		w := p.weekday[d]
		m *= u.shape[w]
		mean += m
		byLevel, byTrend, byDay[w] = byLevel+m, byTrend+m*at, byDay[w]+m
	}
	variance = u.dispersion * (byLevel*byLevel*l.cov[0] + 2*byLevel*byTrend*l.cov[1] + byTrend*byTrend*l.cov[2])
	for w, m := range byDay {
		variance += m * m * u.shapeVariance[w]
	}
	return mean, variance
}

// weighDown lets days that stand out, and days in weeks that do, count less: what
// was a rise before is not the usual. The residuals' scale is taken from the median,
// which no rise moves.
func weighDown(counts, mu, weights []float64) {
	res, size := make([]float64, len(mu)), make([]float64, len(mu))
	for i, y := range counts {
		res[i] = anscombe(y, mu[i])
		size[i] = math.Abs(res[i])
	}
	slices.Sort(size)
	scale := max(size[len(size)/2]/0.6745, 1)
	run := 0.0
	for i := range res {
		run += res[i]
		if i >= 7 {
			run -= res[i-7]
		}
		weights[i] = lessIfOutlier(res[i] / scale)
		if i < 6 {
			continue
		}
		if w := lessIfOutlier(run / math.Sqrt(7) / scale); w < 1 {
			for k := i - 6; k <= i; k++ {
				if res[k] > 0 {
					weights[k] = min(weights[k], w)
				}
			}
		}
	}
}

// anscombe is the residual that is near to normal for small counts, too.
func anscombe(count, mean float64) float64 {
	mean = max(mean, 0.01)
	third := math.Cbrt(mean)
	return 1.5 * (math.Cbrt(count*count) - third*third) / math.Sqrt(third)
}

func lessIfOutlier(z float64) float64 {
	if z <= outlier {
		return 1
	}
	return math.Pow(outlier/z, 4)
}
