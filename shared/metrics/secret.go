package metrics

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
)

// Posting is where reports go beside mail. All of it is secret.
type Posting struct {
	Slack        string `json:"webhook"`       // URL of an incoming webhook
	Token        string `json:"bot_token"`     // of a Slack app that may write files; with Channel
	Channel      string `json:"channel"`       // Slack's id of the channel that gets the picture
	Webhook      string `json:"post_to"`       // https URL that gets the report as JSON
	Signing      string `json:"signing_key"`   // the key of its signature, 32 characters or more
	AllowPrivate bool   `json:"allow_private"` // it may be at a private address

	api string // of Slack, for tests
}

// shortestKey is how long a signing key is at least, in bytes.
const shortestKey = 32

// ReadPosting reads the secret: {"webhook": "https://hooks.slack.com/…"} and the rest.
// No error holds what is secret.
func ReadPosting(data []byte) (p Posting, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Posting{}, errors.New(`it has to be a JSON object such as {"webhook": "https://hooks.slack.com/…"}; docs/posting.md lists its fields`)
	}
	for name, text := range map[string]string{"webhook": p.Slack, "post_to": p.Webhook} {
		if u, bad := url.Parse(text); text != "" && (bad != nil || u.Scheme != "https" || u.Host == "" || u.User != nil) {
			err = errors.Join(err, fmt.Errorf("%s has to be an https:// URL without a user's name", name))
		}
	}
	if (p.Token == "") != (p.Channel == "") {
		err = errors.Join(err, errors.New("bot_token and channel belong together: give both, or neither"))
	}
	if p.Webhook != "" && len(p.Signing) < shortestKey {
		err = errors.Join(err, fmt.Errorf("post_to needs a signing_key of %d characters or more, by which its reader knows that a report is from here", shortestKey))
	}
	if p == (Posting{}) {
		err = errors.New("it names no place: give webhook, bot_token and channel, or post_to and signing_key")
	}
	return p, err
}

// lost is an error after which nobody knows whether what was posted arrived.
type lost struct{ error }
