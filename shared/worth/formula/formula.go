package formula

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"github.com/replywell/replywell/shared/worth"
)

// MaxLength bounds a formula, in bytes.
const MaxLength = 1000

// variables are what a formula can name. What the list does not say is 0, or "".
func variables(s worth.Standing, now time.Time) map[string]any {
	years := func(t time.Time) float64 {
		if t.IsZero() || t.After(now) {
			return 0
		}
		return now.Sub(t).Hours() / 24 / 365.25
	}
	ordered := years(s.LastOrder)
	if s.LastOrder.IsZero() {
		ordered = math.MaxInt32 // never
	}
	return map[string]any{
		"potential": s.Potential, "orders": s.Orders, "revenue": s.Revenue, "tier": strings.ToLower(s.Tier), "owner": strings.ToLower(s.Owner),
		"years": years(s.Since), "years_since_order": ordered,
	}
}

var compiled struct {
	sync.Mutex
	formula string
	program *vm.Program
}

// Check says what is wrong with a formula, in words for whoever wrote it; nil is good.
func Check(formula string) error {
	_, err := Score(formula, worth.Standing{}, time.Unix(0, 0))
	return err
}

// Score reckons a formula: it is a worth.Score.
func Score(formula string, s worth.Standing, now time.Time) (float64, error) {
	program, err := program(formula)
	if err != nil {
		return 0, err
	}
	out, err := expr.Run(program, variables(s, now))
	if err != nil {
		return 0, fmt.Errorf("the formula of customer_value cannot be reckoned: %s", firstLine(err))
	}
	f, ok := out.(float64)
	if !ok || math.IsNaN(f) {
		return 0, errors.New("the formula of customer_value gives no number; where it divides, see that it is not by 0, like revenue / max(orders, 1)")
	}
	return f, nil
}

// program compiles a formula, and keeps the last one: a process has one.
func program(formula string) (*vm.Program, error) {
	compiled.Lock()
	defer compiled.Unlock()
	if compiled.program != nil && compiled.formula == formula {
		return compiled.program, nil
	}
	if len(formula) > MaxLength {
		return nil, fmt.Errorf("the formula of customer_value has %d characters, and at most %d are read", len(formula), MaxLength)
	}
	p, err := expr.Compile(formula, expr.Env(variables(worth.Standing{}, time.Unix(0, 0))), expr.AsFloat64(), expr.MaxNodes(300))
	if err != nil {
		return nil, fmt.Errorf("the formula of customer_value cannot be read: %s; it may name potential, orders, revenue, years, years_since_order, tier and owner", firstLine(err))
	}
	compiled.formula, compiled.program = formula, p
	return p, nil
}

// firstLine is what an error of the language says, without its drawing of the place.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
