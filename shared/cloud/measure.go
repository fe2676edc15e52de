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
func (m Measures) Write(values map[string]float64) {
	if m.Stack == "" || len(values) == 0 {
		return
	}
	type metric struct {
		Name string `json:"Name"`
		Unit string `json:"Unit"`
	}
	var metrics []metric
	line := map[string]any{"Stack": m.Stack}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		metrics = append(metrics, metric{name, unit(name)})
		line[name] = values[name]
	}
	line["_aws"] = map[string]any{"Timestamp": m.Now().UnixMilli(),
		"CloudWatchMetrics": []any{map[string]any{"Namespace": Namespace, "Dimensions": [][]string{{"Stack"}}, "Metrics": metrics}}}
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
