// Command watch is the Lambda function that looks at what can change outside of
// the stack without a word, measures it for the alarms, and sends the probe.
package main

import (
	"github.com/replywell/replywell/shared/cloud"
	"github.com/replywell/replywell/shared/config"
	"github.com/replywell/replywell/shared/probe"
)

func main() { cloud.Start("watch", wire) }

func wire(d *cloud.Desk, c config.Watch) any {
	w := cloud.NewWatch(d, c)
	w.Probe = (&probe.Service{Home: d.Home}).Send
	return cloud.Task{Name: "the watch", Refresh: d.Refresh, Run: w.Run}.Handle
}
