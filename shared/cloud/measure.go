package cloud

import (
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"
)

// Namespace is where CloudWatch keeps what the functions measure, by the
// dimension Stack.
const Namespace = "Replywell"

// Measures writes values as CloudWatch's embedded metric format: a line of the log
// that CloudWatch makes metrics of, which costs no request and needs no right.
type Measures struct {
	Out   io.Writer // nil: the process's log
	Stack string    // "": nothing is written
	Now   func() time.Time
}

// Probed measures a probe that came back.
func (m Measures) Probed(sent, received time.Time) {
	m.Write(map[string]float64{"ProbesBack": 1, "ProbeSeconds": max(0, received.Sub(sent).Seconds())})
}

// Write writes values by the metrics' names. Those that end in "Seconds" are
// seconds, in "Percent" parts of a hundred; others are counts.
func (m Measures) Write(values map[string]float64) { m.write(values, nil) }

// Figures writes a report's figures, by the dimensions Stack, Mailbox and Period; they
// are of whole mailboxes, as the report's are.
func (m Measures) Figures(mailbox, period string, values map[string]float64) {
	named := map[string]float64{}
	for name, v := range values {
		named["Report-"+name] = v
	}
	m.write(named, map[string]string{"Mailbox": mailbox, "Period": period})
}

func (m Measures) write(values map[string]float64, more map[string]string) {
	if m.Stack == "" || len(values) == 0 {
		return
	}
	type metric struct {
		Name string `json:"Name"`
		Unit string `json:"Unit"`
	}
	var metrics []metric
	line, dimensions := map[string]any{"Stack": m.Stack}, []string{"Stack"}
	for _, name := range slices.Sorted(maps.Keys(more)) {
		line[name], dimensions = more[name], append(dimensions, name)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		metrics = append(metrics, metric{name, unit(name)})
		line[name] = values[name]
	}
	line["_aws"] = map[string]any{"Timestamp": m.Now().UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{"Namespace": Namespace, "Dimensions": [][]string{dimensions}, "Metrics": metrics}}}
	data, err := json.Marshal(line)
	if err != nil {
		slog.Error("a measure cannot be written", "error", err)
		return
	}
	out := m.Out
	if out == nil {
		out = os.Stderr
	}
	_, _ = out.Write(append(data, '\n')) // as the log itself, there is nobody to tell
}

func unit(name string) string {
	for suffix, unit := range map[string]string{"Seconds": "Seconds", "Percent": "Percent"} {
		if len(name) > len(suffix) && name[len(name)-len(suffix):] == suffix {
			return unit
		}
	}
	return "Count"
}
