package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// answersWithin bounds how long the public address of files is waited for.
const answersWithin = 10 * time.Second

// FileLinks looks whether what hands out files answers at its public address; "" is none,
// which none says in plain words.
func FileLinks(ctx context.Context, r *Report, public, none string) {
	const about, why = "links to files", "customers cannot fetch what was too large to be mailed"
	if public == "" {
		r.Good(about, "", "%s", none)
		return
	}
	ctx, stop := context.WithTimeout(ctx, answersWithin)
	defer stop()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(public, "/")+"/doctor", nil)
	if err != nil {
		r.Add(Bad, about, public, "it is no address", why, "mend files_url in the settings")
		return
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.Do(q)
	if err != nil {
		r.Add(Bad, about, public, "nobody answers: "+OneLine(reason(err)), why, "see that the address leads to where files are handed out")
		return
	}
	defer a.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(a.Body, 1<<10)) // what cannot be read is not ours
	if a.StatusCode != http.StatusNotFound || !strings.Contains(string(said), "does not lead to a file") {
		r.Add(Bad, about, public, fmt.Sprintf("something else answers there (%s)", a.Status), why, "see that the address leads to where files are handed out, and that nothing before it asks for a password")
		return
	}
	r.Good(about, public, "it answers")
}

// reason is the last of an error's causes, without the address that is named already.
func reason(err error) string {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err.Error()
}
