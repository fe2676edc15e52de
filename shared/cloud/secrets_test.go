package cloud

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

const key64 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ab"

func TestParseKeyring(t *testing.T) {
	for _, good := range []string{
		`{"current":"1","1":"` + key64 + `"}`, // as CloudFormation makes it
		`{"current":"2","1":"` + key64 + `","2":"` + strings.ToUpper(key64) + `"}`,
	} {
		if _, err := ParseKeyring([]byte(good)); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for name, tc := range map[string]struct{ text, say string }{
		"nothing":           {"", "no JSON object"},
		"a number":          {`{"current":1}`, "no JSON object"},
		"no current":        {`{"1":"` + key64 + `"}`, `"current"`},
		"current not there": {`{"current":"2","1":"` + key64 + `"}`, "not among the keys"},
		"short key":         {`{"current":"1","1":"secretsecret"}`, "12 bytes"},
		"strange name":      {`{"current":"1","1":"` + key64 + `","note":"` + key64 + `"}`, `"note"`},
		"two things":        {`{"current":"1","1":"secretsecret","note":""}`, `"note"`},
	} {
		_, err := ParseKeyring([]byte(tc.text))
		if err == nil || !strings.Contains(err.Error(), tc.say) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), key64) || strings.Contains(err.Error(), "secretsecret") {
			t.Errorf("%s: the error shows a key", name)
		}
	}
}

func TestFreshKeepsTheLastGoodValue(t *testing.T) {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	reads, down := 0, errors.New("no answer")
	var err error
	f := &Fresh[int]{For: time.Minute, Now: func() time.Time { return now },
		Read: func(context.Context) (int, error) { reads++; return reads, err }}
	want := func(v, r int) {
		t.Helper()
		if got, err := f.Get(t.Context()); err != nil || got != v || reads != r {
			t.Errorf("%d, %v after %d reads; want %d after %d", got, err, reads, v, r)
		}
	}
	err = down
	if _, e := f.Get(t.Context()); !errors.Is(e, down) {
		t.Errorf("the first read failed with %v", e)
	}
	err = nil
	want(2, 2)
	want(2, 2)
	now = now.Add(time.Minute)
	want(3, 3)
	now, err = now.Add(time.Minute), down
	want(3, 4)
}
