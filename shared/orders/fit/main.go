// Command fit fits the readers that tell whom a short text speaks to, and prints how
// good they are on habits that they were not fitted on.
//
//	go run ./shared/orders/fit --data shared/orders/fit [--out shared/orders/addressee.json]
//
// DIR holds jottings.txt and answers.txt, habit by habit. Each mail is tried in the
// shapes that people write it in: as a sentence, without its end, all small. How often
// which is written is in shapes. A habit is left out whole.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"

	"github.com/replywell/replywell/shared/kb/encoders"
	"github.com/replywell/replywell/shared/orders"
)

var cli struct {
	Data   string  `required:"" help:"Folder of the two files." type:"existingdir"`
	Out    string  `help:"Where the weights go; nothing is written without it."`
	Folds  int     `default:"10" help:"Into how many parts the habits are cut, to leave out one at a time."`
	Mail   float64 `default:"0.04" help:"Share of the ordinary mails of a kind that may be asked about."`
	Within float64 `default:"0.01" help:"The same of the last paragraphs of answers."`
	After  float64 `default:"0.2" help:"The same of what stands below the words that end an answer."`
	Ridge  float64 `default:"0.1" help:"Weight of the ridge penalty."`
	Miss   bool    `help:"Print the mails that are read wrongly."`
}

// mail is a text in one shape.
type mail struct {
	text, habit string
	team        float64 // 1: for the team
	weight      float64
	fold        int
	form        []float64
	meaning     []float32
}

// shapes says how often an answer and a jotting are written as a sentence, without
// its end, and all small: what is written to a customer is written with more care.
var shapes = map[bool][3]float64{false: {.65, .20, .15}, true: {.25, .40, .35}}

func main() {
	kong.Parse(&cli)
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

func run() error {
	var mails []mail
	for name, team := range map[string]float64{"jottings.txt": 1, "answers.txt": 0} {
		data, err := os.ReadFile(filepath.Join(cli.Data, name))
		if err != nil {
			return err
		}
		mails = append(mails, read(string(data), team)...)
	}
	for i := range mails {
		m := &mails[i]
		m.form, m.meaning = orders.Form(m.text), encoders.Form{}.Embed(m.text)
		if m.meaning == nil {
			return fmt.Errorf("the encoder cannot read %q", m.text)
		}
	}
	var out orders.Readers
	for _, kind := range []struct {
		name string
		use  func(mail) []float64
		to   *orders.Logistic
	}{
		{"grammar alone", func(m mail) []float64 { return slices.Clone(m.form) }, &out.Form},
		{"encoder alone", func(m mail) []float64 { return wide(m.meaning) }, nil},
		{"both", func(m mail) []float64 { return append(slices.Clone(m.form), wide(m.meaning)...) }, &out.Both},
	} {
		odds := make([]float64, len(mails))
		for fold := range cli.Folds {
			l := fit(mails, kind.use, func(m mail) bool { return m.fold != fold })
			for i, m := range mails {
				if m.fold == fold {
					odds[i] = l.odds(kind.use(m))
				}
			}
		}
		report(kind.name, mails, odds)
		if kind.to != nil {
			l := fit(mails, kind.use, func(mail) bool { return true })
			*kind.to = l.plain()
			kind.to.Mail, kind.to.Within, kind.to.After = round(limit(mails, odds, cli.Mail)), round(limit(mails, odds, cli.Within)), round(limit(mails, odds, cli.After))
		}
	}
	if cli.Out == "" {
		return nil
	}
	data, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return os.WriteFile(cli.Out, append(data, '\n'), 0o644)
}

func wide(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// read gives each mail of a file in its shapes.
func read(data string, team float64) (out []mail) {
	habit, habits := "", -1
	for _, l := range strings.Split(data, "\n") {
		switch {
		case l == "" || strings.HasPrefix(l, "//"):
		case strings.HasPrefix(l, "== "):
			habit, habits = l[3:], habits+1
		default:
			text := []rune(strings.ReplaceAll(l, `\n`, "\n"))
			whole := append([]rune{unicode.ToUpper(text[0])}, text[1:]...)
			if last := text[len(text)-1]; unicode.IsLetter(last) || unicode.IsDigit(last) {
				whole = append(whole, '.')
			}
			endless := strings.TrimRight(string(whole), ".")
			for k, shape := range []string{string(whole), endless, strings.ToLower(strings.TrimRight(endless, "!"))} {
				out = append(out, mail{text: shape, habit: habit, team: team, weight: shapes[team == 1][k], fold: habits % cli.Folds})
			}
		}
	}
	return out
}

// model is a logistic regression on standardised numbers.
type model struct {
	bias                float64
	weights, mean, size []float64
}

func (l model) odds(x []float64) float64 {
	sum := l.bias
	for j, v := range x {
		sum += l.weights[j] * (v - l.mean[j]) / l.size[j]
	}
	return sum
}

// plain gives the weights for numbers as they are.
func (l model) plain() (out orders.Logistic) {
	out.Bias = l.bias
	for j, w := range l.weights {
		out.Weights = append(out.Weights, round(w/l.size[j]))
		out.Bias -= w * l.mean[j] / l.size[j]
	}
	out.Bias = round(out.Bias)
	return out
}

func round(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// fit descends the gradient with momentum; the loss is convex.
func fit(mails []mail, use func(mail) []float64, in func(mail) bool) model {
	var xs [][]float64
	var of []mail
	total := 0.0
	for _, m := range mails {
		if in(m) {
			xs, of, total = append(xs, use(m)), append(of, m), total+m.weight
		}
	}
	width := len(xs[0])
	l := model{weights: make([]float64, width), mean: make([]float64, width), size: make([]float64, width)}
	for j := range width {
		for _, x := range xs {
			l.mean[j] += x[j] / float64(len(xs))
		}
		for _, x := range xs {
			l.size[j] += (x[j] - l.mean[j]) * (x[j] - l.mean[j]) / float64(len(xs))
		}
		l.size[j] = max(math.Sqrt(l.size[j]), 1e-2)
		for _, x := range xs {
			x[j] = (x[j] - l.mean[j]) / l.size[j]
		}
	}
	speed := make([]float64, width+1)
	for step := range 150 {
		slope := make([]float64, width+1)
		for i, x := range xs {
			sum := l.bias
			for j, v := range x {
				sum += l.weights[j] * v
			}
			wrong := (1/(1+math.Exp(-sum)) - of[i].team) * of[i].weight / total
			for j, v := range x {
				slope[j] += wrong * v
			}
			slope[width] += wrong
		}
		rate := 0.03 / (1 + float64(step)/300)
		for j := range width {
			speed[j] = 0.9*speed[j] - rate*(slope[j]+cli.Ridge*l.weights[j])
			l.weights[j] += speed[j]
		}
		speed[width] = 0.9*speed[width] - rate*slope[width]
		l.bias += speed[width]
	}
	return l
}

// limit gives the odds above which the share of the answers lies.
func limit(mails []mail, odds []float64, share float64) float64 {
	var order []int
	total := 0.0
	for i, m := range mails {
		if m.team == 0 {
			order, total = append(order, i), total+m.weight
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		if odds[a] > odds[b] {
			return -1
		}
		return 1
	})
	sum := 0.0
	for _, i := range order {
		if sum += mails[i].weight; sum > share*total {
			return odds[i]
		}
	}
	return 0
}

func report(name string, mails []mail, odds []float64) {
	fmt.Printf("%s, habits left out:\n", name)
	for _, share := range []float64{0.01, 0.02, 0.05, 0.1, 0.2} {
		from, missed, total := limit(mails, odds, share), 0.0, 0.0
		for i, m := range mails {
			if m.team == 1 {
				total += m.weight
				if odds[i] <= from {
					missed += m.weight
				}
			}
		}
		fmt.Printf("  of answers %2.0f in 100 are asked about (odds %.2f): of jottings %.1f in 100 go\n", 100*share, from, 100*missed/total)
	}
	if cli.Miss {
		from := limit(mails, odds, cli.Mail)
		for i, m := range mails {
			if (m.team == 1) != (odds[i] > from) {
				fmt.Printf("    %5.2f %s: %q\n", odds[i], m.habit, m.text)
			}
		}
	}
}
