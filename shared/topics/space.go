package topics

import (
	"cmp"
	"math"
	"slices"
)

// The method's constants. They were chosen on dstc11, a set of an insurance, and judged
// on banking77.
const (
	// alike is the cosine from which two mails say nearly the same.
	alike = 0.55
	// oneTopic is the mean cosine of the mails of two groups from which they are about
	// one thing.
	oneTopic = 0.3
	// Least is how many mails make a topic.
	Least = 4
	// leastMails is how many mails there must be before any are put together: what a
	// desk's mails have in common is not known before.
	leastMails = 20
	// mostCrumbs bounds memory, 2 kB each and four bytes a mail, and the time of putting
	// all together anew: its square.
	mostCrumbs = 2000
)

// Space is the mails that one encoder has read.
type Space struct {
	Sum    []float32 // of all meanings
	Mails  int       // that were ever placed
	Whole  int       // Mails when all crumbs were last put together anew
	Crumbs []*Crumb
}

// Crumb is mails that say nearly the same.
type Crumb struct {
	ID     int
	Sum    []float32 // of its mails' meanings
	Mails  int
	Topic  string // ""; none yet
	Came   []Came // in the order of time, of as long as a past is looked at
	Joined []int  // the ids of crumbs that were joined into it
}

// Came is when a mail came, and to which mailbox.
type Came struct {
	Quarter uint32 // of an hour, since 1970
	Mailbox uint16 // its place in Book.Mailboxes
}

// middle is the mean of all mails.
func (s *Space) middle() []float32 {
	m := make([]float32, len(s.Sum))
	for i, v := range s.Sum {
		m[i] = v / float32(max(1, s.Mails))
	}
	return m
}

// from is the direction in which a vector, taken so many times, lies from a middle.
func from(middle, v []float32, times float32) []float32 {
	out := make([]float32, len(v))
	for i := range v {
		out[i] = float32(v[i]*times) - middle[i]
	}
	return unit(out)
}

// unit brings a vector to length one, in place; one of length zero stays.
func unit(v []float32) []float32 {
	if n := dot(v, v); n > 0 {
		k := float32(1 / math.Sqrt(float64(n)))
		for i := range v {
			v[i] *= k
		}
	}
	return v
}

// dot is the sum of products, rounded in the same way on every processor.
func dot(a, b []float32) float32 {
	var s [4]float32
	i := 0
	for ; i+3 < len(a); i += 4 {
		s[0] += float32(a[i] * b[i])
		s[1] += float32(a[i+1] * b[i+1])
		s[2] += float32(a[i+2] * b[i+2])
		s[3] += float32(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s[0] += float32(a[i] * b[i])
	}
	return s[0] + s[1] + s[2] + s[3]
}

func add(sum, v []float32, times float32) {
	for i, x := range v {
		sum[i] += float32(times * x)
	}
}

// mean is what a crumb's mails mean, as a vector of length one seen from the middle.
func (c *Crumb) mean(middle []float32) []float32 { return from(middle, c.Sum, 1/float32(c.Mails)) }

// take joins another crumb into this one.
func (c *Crumb) take(o *Crumb) {
	add(c.Sum, o.Sum, 1)
	c.Mails += o.Mails
	c.Came = append(c.Came, o.Came...)
	slices.SortStableFunc(c.Came, func(a, b Came) int { return cmp.Compare(a.Quarter, b.Quarter) })
	c.Joined = append(append(c.Joined, o.ID), o.Joined...)
}

// place puts mails, in the order in which they came, into crumbs, and gives the crumb of each.
func (s *Space) place(meanings [][]float32, came []Came, newID func() int) (of []*Crumb) {
	for _, v := range meanings {
		if s.Sum == nil {
			s.Sum = make([]float32, len(v))
		}
		add(s.Sum, v, 1)
		s.Mails++
	}
	middle := s.middle()
	var means [][]float32
	for _, c := range s.Crumbs {
		means = append(means, c.mean(middle))
	}
	for k, v := range meanings {
		u := from(middle, v, 1)
		best, at := float32(alike), -1
		for i, m := range means {
			if x := dot(u, m); x > best {
				best, at = x, i
			}
		}
		if at < 0 {
			at, means = len(s.Crumbs), append(means, nil)
			s.Crumbs = append(s.Crumbs, &Crumb{ID: newID(), Sum: make([]float32, len(v))})
		}
		c := s.Crumbs[at]
		add(c.Sum, v, 1)
		c.Mails++
		c.Came = append(c.Came, came[k])
		means[at] = c.mean(middle)
		of = append(of, c)
	}
	return of
}

// bound lets the smallest crumbs without a topic go, the oldest of them first, and then
// joins the smallest of a topic with another of it, until there are few enough.
func (s *Space) bound() {
	if len(s.Crumbs) <= mostCrumbs {
		return
	}
	drop := len(s.Crumbs) - mostCrumbs*9/10
	for size := 1; size < Least && drop > 0; size++ {
		var left []*Crumb
		for _, c := range s.Crumbs { // in the order in which they began
			if c.Topic == "" && c.Mails <= size && drop > 0 {
				drop--
				continue
			}
			left = append(left, c)
		}
		s.Crumbs = left
	}
	for size := 1; drop > 0; size *= 2 {
		var left []*Crumb
		into := map[string]*Crumb{}
		for _, c := range s.Crumbs {
			if o := into[c.Topic]; c.Mails <= size && drop > 0 && o != nil {
				o.take(c)
				drop--
				continue
			} else if c.Mails <= size {
				into[c.Topic] = c
			}
			left = append(left, c)
		}
		s.Crumbs = left
	}
}
